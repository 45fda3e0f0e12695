"""Everything that the house's HTTP interface accepts, fuzzed from its own description: no answer is a 5xx.

KEFU_FUZZ_EXAMPLES=60 asks more of each route than the suite has time for, and other things each time
(`-o faulthandler_timeout=0` lets it take longer than a test may);
KEFU_FUZZ_ROUTES=/api/tickets asks only the routes whose path begins so.
"""

import asyncio
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from urllib.parse import quote

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.config import Settings
from app.main import create_app
from tests.journeys.conftest import COMPANY
from tests.journeys.people import ROOT, hire, sign_in

# Signing out, or losing one's own session or role, would leave the rest of the run at a closed door; a training takes
# minutes.
LEAVES = {
    ("POST", "/api/training/versions"),
    ("DELETE", "/api/session"),
    ("DELETE", "/api/sessions/{id}"),
    ("PATCH", "/api/staff/{id}"),
    ("PUT", "/api/security"),
}

# What they ask elsewhere is not there in this house, and they say so.
DOORS = {"/api/conversations/{id}/assist/translate"}

KNOWN_SHARE = 0.7
POOL = 20
EXAMPLES = int(os.environ.get("KEFU_FUZZ_EXAMPLES", "0"))
ROUTES = os.environ.get("KEFU_FUZZ_ROUTES", "/")
PACE = settings(
    max_examples=EXAMPLES or 10,
    deadline=None,
    database=None,
    derandomize=not EXAMPLES,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def app(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """A house of its own."""
    folder: Path = tmp_path_factory.mktemp("fuzz")
    company = folder / "company.toml"
    company.write_text(COMPANY)
    shutil.copy(migrated, folder)
    made = Settings(var=folder, company=company)
    asyncio.run(hire(made, ROOT))
    return create_app(made, rooms=("desk", "search", "reports", "automation"))


@pytest.fixture(scope="module")
def house(app: FastAPI) -> Iterator[TestClient]:
    """It, running; a broken request answers 500 as it would in the open."""
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


class Known:
    """Ids that answers told, by the first word of the path: a made-up id alone would only meet 404."""

    def __init__(self) -> None:
        self._ids: dict[str, dict[str, None]] = {}

    def learn(self, path: str, answer: object) -> None:
        """Every value of a key `id` or `conversation`, however deep."""
        if isinstance(answer, list):
            for one in answer:
                self.learn(path, one)
        elif isinstance(answer, dict):
            for key, value in answer.items():
                if key in ("id", "conversation", "contact") and isinstance(value, str):
                    self._ids.setdefault(f"{key}s" if key != "id" else _word(path), {})[value] = None
                else:
                    self.learn(path, value)

    def pick(self, path: str, dice: Random) -> str | None:
        """One for this path."""
        known = [*self._ids.get(_word(path), ())][-POOL:]
        return dice.choice(known) if known else None


def _word(path: str) -> str:
    return path.removeprefix("/api").split("/")[1]


def test_no_answer_is_a_5xx(house: TestClient, app: FastAPI) -> None:
    csrf = sign_in(house, "root")
    session = house.post("/widget/session", json={"site": "demo", "language": "zh"}).json()
    token = {"Authorization": f"Bearer {session['token']}"}
    house.post(f"/api/conversations/{session['conversation']}/take", json={"id": "t"}, headers=csrf)
    broken: list[str] = []
    known = Known()
    for path in ("conversations", "staff", "groups", "roles", "contacts?q="):
        known.learn(f"/api/{path.split('?')[0]}", house.get(f"/api/{path}").json())
    known.learn("/api/conversations", session)

    def ask(case: schemathesis.Case, dice: Random) -> None:
        if case.path_parameters and dice.random() < KNOWN_SHARE and (id := known.pick(case.path, dice)):
            case.path_parameters[next(iter(case.path_parameters))] = quote(id, safe="")
        headers = token if case.path.startswith("/widget") else csrf
        told = case.as_transport_kwargs(base_url="http://testserver", headers=headers)
        wanted = {name: told[name] for name in ("method", "url", "params", "json", "data", "headers") if name in told}
        answer = house.request(**wanted)
        if answer.status_code >= 500 and not (answer.status_code == 503 and case.path in DOORS):
            broken.append(f"{case.method} {told['url']} {told.get('json')!r}: {answer.text}")
        elif answer.is_success and answer.content and "json" in answer.headers.get("content-type", ""):
            known.learn(case.path, answer.json())

    for result in schemathesis.openapi.from_dict(app.openapi()).get_all_operations():
        operation = result.ok()
        leaves = (operation.method.upper(), operation.path) in LEAVES
        if operation.path.startswith(ROUTES) and not leaves:
            PACE(given(case=operation.as_strategy(), dice=st.randoms(use_true_random=False))(ask))()
    assert broken == []
