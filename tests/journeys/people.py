"""What customers and staff do at the doors of a whole house."""

from typing import Any

from argon2 import PasswordHasher
from fastapi.testclient import TestClient

from app.config import Settings
from app.wiring.ground import open_roster
from desk.store.staff import Staff

PASSWORD = "correct horse battery"
# As Passwords().hash makes it, but cheap: what is checked is whether it fits, a hundred times in a run.
HASHED = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
ROOT = Staff("root", "root", "Root", "admin", ("zh", "en"), (), 0)


async def hire(settings: Settings, *people: Staff) -> None:
    """Into a house that does not run yet; all have the same password."""
    async with open_roster(settings) as roster:
        for one in people:
            await roster.add(one, HASHED)


def sign_in(house: TestClient, login: str) -> dict[str, str]:
    """Sign in; gives the header that changing calls need."""
    answer = house.post("/api/session", json={"login": login, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return {"X-CSRF-Token": answer.json()["csrf"]}


def hear(socket: Any, type: str, kind: str = "") -> dict[str, Any]:
    """The next frame of this type (and, for events, of this kind)."""
    while True:
        frame: dict[str, Any] = socket.receive_json()
        if frame["type"] == type and (not kind or frame["event"]["kind"] == kind):
            return frame
