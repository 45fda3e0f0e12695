"""Everything that the house's HTTP interface accepts, fuzzed from its own description: no answer is a 5xx."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings

from app.config import Settings
from app.main import create_app
from app.migrations import upgrade
from conversation.database import open_engine
from desk.store.staff import Roster, Staff
from tests.journeys.conftest import COMPANY
from tests.journeys.people import PASSWORD, sign_in
from web.sessions import Passwords

# Signing out, or losing one's own session or role, would leave the rest of the run at a closed door; a training takes
# minutes.
LEAVES = {
    ("POST", "/api/training/versions"),
    ("DELETE", "/api/session"),
    ("DELETE", "/api/sessions/{id}"),
    ("PATCH", "/api/staff/{id}"),
    ("PUT", "/api/security"),
}

PACE = settings(
    max_examples=10,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """A house of its own."""
    folder: Path = tmp_path_factory.mktemp("fuzz")
    company = folder / "company.toml"
    company.write_text(COMPANY)
    made = Settings(var=folder, company=company)

    async def prepare() -> None:
        await upgrade(made.database())
        engine = open_engine(made.database())
        root = Staff("root", "root", "Root", "admin", ("zh", "en"), (), 2)
        await Roster(engine).add(root, Passwords().hash(PASSWORD))
        await engine.dispose()

    asyncio.run(prepare())
    return create_app(made, rooms=("desk", "search", "reports", "automation"))


@pytest.fixture(scope="module")
def house(app: FastAPI) -> Iterator[TestClient]:
    """It, running; a broken request answers 500 as it would in the open."""
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def test_no_answer_is_a_5xx(house: TestClient, app: FastAPI) -> None:
    csrf = sign_in(house, "root")
    session = house.post("/widget/session", json={"site": "demo", "language": "zh"}).json()
    token = {"Authorization": f"Bearer {session['token']}"}
    house.post(f"/api/conversations/{session['conversation']}/take", json={"id": "t"}, headers=csrf)
    broken: list[str] = []

    def ask(case: schemathesis.Case) -> None:
        headers = token if case.path.startswith("/widget") else csrf
        told = case.as_transport_kwargs(base_url="http://testserver", headers=headers)
        wanted = {name: told[name] for name in ("method", "url", "params", "json", "data", "headers") if name in told}
        answer = house.request(**wanted)
        if answer.status_code >= 500:
            broken.append(f"{case.method} {told['url']} {told.get('json')!r}: {answer.text}")

    for result in schemathesis.openapi.from_dict(app.openapi()).get_all_operations():
        operation = result.ok()
        if (operation.method.upper(), operation.path) not in LEAVES:
            PACE(given(case=operation.as_strategy())(ask))()
    assert broken == []
