"""Who sees what of colleagues and customers, and how often an address may come."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app.config import Settings
from app.main import create_app
from tests.journeys.people import hear, sign_in

HELLO = {"site": "demo", "language": "en"}
VISIT = {**HELLO, "visitor": "visitor-1"}


def test_colleagues_see_of_each_other_what_a_transfer_needs(house: TestClient) -> None:
    sign_in(house, "mei")
    seen = house.get("/api/staff").json()["staff"]
    assert "Mei" in [one["name"] for one in seen]
    needed = {"id", "name", "presence", "load", "capacity", "languages", "groups", "skills"}
    assert all(one.keys() == needed for one in seen)
    sign_in(house, "sue")
    assert all(one.keys() == needed | {"role"} for one in house.get("/api/staff").json()["staff"])


def test_a_contact_whom_colleagues_have_is_neither_read_nor_written_by_others(house: TestClient) -> None:
    session = house.post("/widget/session", json=HELLO).json()
    path, note = f"/api/contacts/{session['contact']}", {"text": "prefers the phone"}
    bob = sign_in(house, "bob")
    kept = house.post(f"{path}/notes", json=note, headers=bob)
    assert kept.status_code == 201  # the bot has it
    mei = sign_in(house, "mei")
    house.post(f"/api/conversations/{session['conversation']}/take", json={"id": "t"}, headers=mei)
    assert house.post(f"{path}/notes", json=note, headers=mei).status_code == 201
    bob = sign_in(house, "bob")
    assert house.get(path).status_code == 403
    assert house.get(f"{path}/orders").status_code == 403
    assert house.post(f"{path}/notes", json=note, headers=bob).status_code == 403
    assert house.delete(f"{path}/notes/{kept.json()['id']}", headers=bob).status_code == 403
    assert house.patch(path, json={"name": "Li"}, headers=bob).status_code == 403
    assert house.post("/api/contacts/nobody/notes", json=note, headers=bob).status_code == 404
    sue = sign_in(house, "sue")
    assert house.post(f"{path}/notes", json=note, headers=sue).status_code == 201


@pytest.fixture
def narrow(settings: Settings) -> Iterator[TestClient]:
    """A house behind a proxy, that lets an address open two widgets a minute."""
    limits = {"address_header": "X-Real-IP", "widget_limit": 2}
    with TestClient(create_app(settings.model_copy(update=limits))) as client:
        yield client


@pytest.mark.parametrize(("path", "body"), [("/widget/session", HELLO), ("/widget/visit", VISIT)])
def test_an_address_that_comes_too_often_waits(narrow: TestClient, path: str, body: dict[str, str]) -> None:
    def comes(address: str) -> int:
        return narrow.post(path, json=body, headers={"X-Real-IP": address}).status_code

    # What the client wrote itself stands before what the proxy adds.
    assert [comes(one) for one in ("10.0.0.1", "9.9.9.9, 10.0.0.1", "10.0.0.2")] == [200, 200, 200]
    late = narrow.post(path, json=body, headers={"X-Real-IP": "10.0.0.1"})
    assert (late.status_code, late.json()["error"]["code"], late.headers["Retry-After"]) == (429, "too_many", "60")
    assert comes("10.0.0.2") == 200


def test_a_socket_that_comes_too_often_is_told_so(narrow: TestClient) -> None:
    for expected in ("welcome", "welcome", "error"):
        with narrow.websocket_connect("/widget/socket", headers={"X-Real-IP": "10.0.0.1"}) as widget:
            widget.send_json({"type": "hello", **HELLO})
            told = hear(widget, expected)
    assert told["code"] == "too_many"


def test_without_a_limit_anybody_may_come(settings: Settings) -> None:
    with TestClient(create_app(settings.model_copy(update={"widget_limit": 0}))) as client:
        assert {client.post("/widget/visit", json=VISIT).status_code for _ in range(3)} == {200}
