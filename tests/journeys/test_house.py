"""A customer and an agent in the whole house, over HTTP and the socket; no engine is running."""

from collections.abc import Callable, Mapping, Set
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.config import Settings
from app.main import create_app
from conversation.log import LogUnavailable
from conversation.model import Conversation
from conversation.tail import Tail
from tests.journeys.people import hear, sign_in


def hear_of(socket: Any, fits: Callable[[dict[str, Any]], bool]) -> None:
    """A change of a conversation that fits."""
    hear(socket, "changes", where=lambda told: any(map(fits, told["conversations"])))


def test_asks_for_a_person_who_answers_and_closes(house: TestClient) -> None:
    with house.websocket_connect("/widget/socket") as customer:
        customer.send_json({"type": "hello", "site": "demo", "language": "zh"})
        here = hear(customer, "welcome")["conversation"]
        customer.send_json({"type": "person", "id": "p1"})
        hear(customer, "event", "HandoffRequested")
        csrf = sign_in(house, "mei")
        assert house.put("/api/presence", json={"presence": "online"}, headers=csrf).status_code == 200
        assert hear(customer, "event", "AgentAssigned")["event"]["name"] == "Mei"
        mine = house.get("/api/conversations?view=mine").json()
        assert [c["id"] for c in mine["conversations"]] == [here]
        path = f"/api/conversations/{here}"
        note = {"id": "n1", "text": "looks upset"}
        assert house.post(f"{path}/notes", json=note, headers=csrf).status_code == 200
        reply = {"id": "r1", "text": "您好，请问有什么可以帮您？"}
        assert house.post(f"{path}/replies", json=reply, headers=csrf).status_code == 200
        assert hear(customer, "event", "AgentReplied")["event"]["text"] == reply["text"]
        assert house.post(f"{path}/close", json={"id": "x1", "reason": "solved"}, headers=csrf).status_code == 200
        hear(customer, "event", "RatingAsked")
        customer.send_json({"type": "rate", "id": "s1", "score": 5})
        hear(customer, "event", "Rated")
        kinds = [event["kind"] for event in house.get(path).json()["events"]]
        assert "NoteAdded" in kinds
        assert house.get(path).json()["conversation"]["rating"] == 5


def test_nobody_sees_or_does_what_is_not_theirs(house: TestClient) -> None:
    with house.websocket_connect("/widget/socket") as customer:
        customer.send_json({"type": "hello", "site": "demo", "language": "en"})
        here = hear(customer, "welcome")["conversation"]
        path = f"/api/conversations/{here}"
        assert house.get(path).status_code == 401
        mei = sign_in(house, "mei")
        assert house.post(f"{path}/take", json={"id": "t1"}).json()["error"]["code"] == "forbidden"
        assert house.post(f"{path}/take", json={"id": "t1"}, headers=mei).status_code == 200
        redact = house.post(f"{path}/redact", json={"seq": 1}, headers=mei)
        assert redact.json()["error"]["message"] == "this needs the permission redact"
        bob = sign_in(house, "bob")
        assert house.get(path).status_code == 403
        refused = house.post(f"{path}/replies", json={"id": "r", "text": "hi"}, headers=bob)
        assert refused.status_code == 409
        assert house.get("/api/conversations/unknown").status_code == 404
        sue = sign_in(house, "sue")
        assert house.get(path).status_code == 200
        assert house.post(f"{path}/take", json={"id": "t2"}, headers=sue).status_code == 200
        assert house.get(path).json()["conversation"]["holder"]["agent"] == "s1"


def test_wrong_passwords_are_refused_and_then_slowed(house: TestClient) -> None:
    wrong = {"login": "mei", "password": "guess"}
    codes = [house.post("/api/session", json=wrong).status_code for _ in range(12)]
    assert codes == [401] * 10 + [429] * 2


def test_a_session_without_its_csrf_token_changes_nothing(house: TestClient) -> None:
    token = sign_in(house, "mei")
    online = {"presence": "online"}
    for headers in ({}, {"X-CSRF-Token": "guess"}):
        assert house.put("/api/presence", json=online, headers=headers).status_code == 403
    assert house.get("/api/session").json()["staff"]["presence"] == "offline"
    assert house.put("/api/presence", json=online, headers=token).status_code == 200


def test_one_address_cannot_try_one_login_after_the_other(house: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.api.entry.SIGN_INS_FROM", 3)
    tries = [{"login": f"guess{n}", "password": "wrong-password"} for n in range(5)]
    assert [house.post("/api/session", json=one).status_code for one in tries] == [401] * 3 + [429] * 2


def test_a_bad_body_names_its_field(house: TestClient) -> None:
    csrf = sign_in(house, "mei")
    bad = house.put("/api/presence", json={"presence": "asleep"}, headers=csrf)
    assert (bad.status_code, bad.json()["error"]["field"]) == (422, "presence")
    broken = house.put("/api/presence", content="{", headers=csrf | {"Content-Type": "application/json"})
    assert (broken.status_code, broken.json()["error"]["code"]) == (400, "malformed")


def test_the_desk_sees_what_happens_as_it_happens(house: TestClient) -> None:
    with house.websocket_connect("/widget/socket") as customer:
        customer.send_json({"type": "hello", "site": "demo", "language": "zh"})
        here = hear(customer, "welcome")["conversation"]
        csrf = sign_in(house, "mei")
        with house.websocket_connect("/live") as desk:
            hear(desk, "welcome")
            desk.send_json({"type": "open", "conversation": here, "since": 0})
            assert [event["kind"] for event in hear(desk, "summary")["events"]] == ["ConversationStarted"]
            customer.send_json({"type": "person", "id": "p"})
            told = hear(desk, "summary")
            assert told["conversation"]["holder"]["kind"] == "queue"
            assert told["events"][0]["kind"] == "HandoffRequested"
            assert hear(customer, "queue") == {"type": "queue", "position": 1, "wait_seconds": None}
            house.post(f"/api/conversations/{here}/take", json={"id": "t"}, headers=csrf)
            assert hear(desk, "summary")["conversation"]["holder"] == {"kind": "agent", "agent": "a1", "name": "Mei"}
            desk.send_json({"type": "typing", "conversation": here, "on": True})
            assert hear(customer, "typing") == {"type": "typing", "who": "agent", "name": "Mei", "on": True}
            desk.send_json({"type": "dance"})
            assert hear(desk, "error")["code"] == "malformed"
            sign_in(house, "bob")
            with house.websocket_connect("/live") as other:
                other.send_json({"type": "open", "conversation": here})
                assert hear(other, "error")["code"] == "forbidden"


def test_everybody_hears_of_the_queue_and_who_took_from_it(house: TestClient) -> None:
    sign_in(house, "bob")
    with house.websocket_connect("/live") as bob:
        hear(bob, "welcome")
        csrf = sign_in(house, "sue")
        with house.websocket_connect("/live") as sue, house.websocket_connect("/widget/socket") as customer:
            hear(sue, "welcome")
            customer.send_json({"type": "hello", "site": "demo", "language": "zh"})
            here = hear(customer, "welcome")["conversation"]
            customer.send_json({"type": "person", "id": "p"})
            hear_of(bob, lambda one: one["holder"]["kind"] == "queue")
            assert house.post(f"/api/conversations/{here}/take", json={"id": "t"}, headers=csrf).status_code == 200
            told = hear(bob, "changes", where=lambda told: here in told["gone"])
            assert (told["gone"], told["conversations"]) == ({here: ["s1"]}, [])
            customer.send_json({"type": "send", "id": "m", "text": "my parcel"})
            # who sees all hears of it without having opened it
            hear_of(sue, lambda one: one["preview"]["text"] == "my parcel")


def test_pages_hear_after_an_outage_of_what_happened(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded, refusals = Tail.load_all, [LogUnavailable("away")]

    async def load_all(tail: Tail, conversations: Set[str]) -> Mapping[str, Conversation]:
        if refusals:
            raise refusals.pop()
        return await loaded(tail, conversations)

    monkeypatch.setattr(Tail, "load_all", load_all)
    with TestClient(create_app(settings)) as house:
        sign_in(house, "bob")
        with house.websocket_connect("/live") as bob:
            hear(bob, "welcome")
            here = house.post("/widget/session", json={"site": "demo", "language": "zh"}).json()["conversation"]
            hear_of(bob, lambda one: one["id"] == here)
    assert not refusals


def test_a_stranger_and_a_foreign_page_hear_nothing(house: TestClient) -> None:
    with house.websocket_connect("/live") as stranger:
        assert hear(stranger, "error")["code"] == "unauthenticated"
    sign_in(house, "mei")
    with house.websocket_connect("/live", headers={"Origin": "https://elsewhere.example"}) as foreign:
        assert hear(foreign, "error")["code"] == "forbidden"
