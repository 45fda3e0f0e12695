"""What customers and staff do at the doors of a whole house."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from typing import Any

from anyio import move_on_after
from argon2 import PasswordHasher
from fastapi.testclient import TestClient

from app.config import Settings
from app.wiring.ground import open_roster
from desk.store.staff import Staff

# Seconds that a test waits for anything that a working house does at once.
PATIENCE = 60.0
PASSWORD = "correct horse battery"
# As Passwords().hash makes it, but cheap: what is checked is whether it fits, a hundred times in a run.
HASHED = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
ROOT = Staff("root", "root", "Root", "admin", ("zh", "en"), (), 0)


async def hire(settings: Settings, *people: Staff) -> None:
    """Into a house that does not run yet; all have the same password."""
    async with open_roster(settings) as roster:
        for one in people:
            await roster.add(one, HASHED)


def days_from_now(days: int) -> str:
    """A moment as the API takes it."""
    return f"{datetime.now(UTC) + timedelta(days):%FT%TZ}"


def sign_in(house: TestClient, login: str) -> dict[str, str]:
    """Sign in; gives the header that changing calls need."""
    answer = house.post("/api/session", json={"login": login, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return {"X-CSRF-Token": answer.json()["csrf"]}


class Missed(AssertionError):
    """Something did not come in time; ``met`` is what came instead, of which the latest is told."""

    def __init__(self, what: str, met: Sequence[Any]) -> None:
        came = "".join(f"\n  {str(one)[:300]}" for one in met[-10:]) or " nothing"
        super().__init__(f"{what} did not come within {PATIENCE:g} s; what came:{came}")


def hear(socket: Any, type: str, kind: str = "", where: Callable[[dict[str, Any]], Any] = bool) -> dict[str, Any]:
    """The next frame of this type (and, for events, of this kind) that is as asked for."""
    met: list[dict[str, Any]] = []
    end = monotonic() + PATIENCE
    while message := socket.portal.call(_receive, socket, end - monotonic()):
        if message["type"] != "websocket.send":
            met.append(message)
            break
        met.append(json.loads(message["text"]))
        if met[-1]["type"] == type and (not kind or met[-1]["event"]["kind"] == kind) and where(met[-1]):
            return met[-1]
    raise Missed(f"a frame {type} {kind}".strip(), met)


async def _receive(socket: Any, seconds: float) -> Any:
    """What the house sends next, None when nothing comes in time (Starlette's own receive waits for ever)."""
    with move_on_after(seconds):
        return await socket._send_rx.receive()


def until(what: str, ask: Callable[[], Any], is_there: Callable[[Any], Any] = bool) -> Any:
    """Its answer, asked for again until the house has caught up with its own log."""
    end = monotonic() + PATIENCE
    while not is_there(answer := ask()):
        if monotonic() > end:
            raise Missed(what, [answer])
        sleep(0.02)
    return answer
