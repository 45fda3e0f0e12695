"""Groups, hours, levels and promises are changed while the house runs."""

from collections.abc import AsyncIterator
from time import sleep
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.config import Settings
from app.main import create_app
from conversation.database import open_engine
from desk.store.staff import Roster, Staff
from tests.journeys.people import HASHED, sign_in

SALES = {"name": {"zh": "售前", "en": "Sales"}}


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[TestClient]:
    """A house with an admin."""
    engine = open_engine(settings.database())
    root = Staff("root", "root", "Root", "admin", ("en",), (), 0)
    await Roster(engine).add(root, HASHED)
    await engine.dispose()
    with TestClient(create_app(settings)) as client:
        yield client


def put(house: TestClient, path: str, body: dict[str, Any], headers: dict[str, str]) -> tuple[int, str | None]:
    """The status, and the field that was refused."""
    answer = house.put(path, json=body, headers=headers)
    return answer.status_code, answer.json().get("error", {}).get("field")


def test_groups_are_made_changed_and_kept_over_a_restart(house: TestClient, settings: Settings) -> None:
    root = sign_in(house, "root")
    assert put(house, "/api/groups/vip", {**SALES, "accept_seconds": 20, "overflow_to": "sales"}, root) == (200, None)
    assert put(house, "/api/groups/vip", {**SALES, "overflow_to": "vip"}, root) == (422, "overflow_to")
    assert put(house, "/api/groups/vip", {**SALES, "overflow_to": "moon"}, root) == (422, "overflow_to")
    assert put(house, "/api/groups/VIP!", SALES, root)[0] == 422
    assert put(house, "/api/groups/vip2", {"name": {"zh": "贵宾"}}, root) == (422, "name.en")
    with TestClient(create_app(settings)) as again:
        sign_in(again, "root")
        found = {one["id"]: one for one in again.get("/api/groups").json()["groups"]}
        assert (set(found), found["vip"]["accept_seconds"]) == ({"sales", "vip"}, 20)
    sue = sign_in(house, "sue")
    assert put(house, "/api/groups/vip", SALES, sue)[0] == 403
    assert house.get("/api/groups").status_code == 200


def test_a_group_goes_and_who_waits_for_it_waits_for_another(house: TestClient) -> None:
    root = sign_in(house, "root")
    house.put("/api/groups/vip", json={**SALES, "overflow_to": "sales"}, headers=root)
    session = house.post("/widget/session", json={"site": "demo", "language": "en"}).json()
    here = f"/api/conversations/{session['conversation']}"
    house.post(f"{here}/take", json={"id": "t"}, headers=root)
    house.post(f"{here}/transfer", json={"id": "x", "group": "sales"}, headers=root)
    assert house.delete("/api/groups/sales?to=sales", headers=root).json()["error"]["field"] == "to"
    assert house.delete("/api/groups/sales?to=vip", headers=root).json() == {"moved": 1}
    assert house.delete("/api/groups/sales", headers=root).status_code == 404
    assert house.get(here).json()["conversation"]["group"] == "vip"
    assert [one["overflow_to"] for one in house.get("/api/groups").json()["groups"]] == [""]
    assert all("sales" not in one["groups"] for one in house.get("/api/staff").json()["staff"])
    mei = sign_in(house, "mei")
    house.put("/api/presence", json={"presence": "online"}, headers=mei)
    sleep(0.3)
    assert house.get("/api/queue").json()["waiting"] == 1  # she is in no group
    root = sign_in(house, "root")
    assert house.delete("/api/groups/vip", headers=root).json()["error"]["code"] == "conflict"
    house.put("/api/groups/all", json=SALES, headers=root)
    assert house.delete("/api/groups/vip?to=all", headers=root).json() == {"moved": 1}
    assert house.get("/api/ticket-types").json()["types"][0]["group"] == "all"


def test_what_names_a_group_that_goes_names_the_one_in_its_place(house: TestClient) -> None:
    root = sign_in(house, "root")
    for id in ("vip", "next"):
        house.put(f"/api/groups/{id}", json=SALES, headers=root)
    both = {"zh": "茶铺", "en": "Tea shop"}
    canned = {"scope": "group", "group": "vip", "shortcut": "hi", "title": "Hello", "text": "Hello"}
    view = {"of": "conversations", "name": "Best", "filter": {"group": "vip"}}
    when = [{"field": "group", "is": "equals", "value": "vip"}]
    rule = {"name": "Fast", "on": ["MessageReceived"], "when": when, "then": [{"act": "queue", "group": "vip"}]}
    policy = {"id": "gold", "resolution": 600, "escalate_to": "vip"}
    made = {
        "/api/canned": canned,
        "/api/views": view,
        "/api/rules": rule,
        "/api/tickets": {"id": "t", "type": "call", "title": "tea", "group": "vip"},
        "/api/quality/plans": {"name": "Weekly", "reviewers": ["s1"], "group": "vip"},
    }
    ids = {path: house.post(path, json=body, headers=root).json()["id"] for path, body in made.items()}
    house.put("/api/sites/tea", json={"title": both, "greeting": both, "group": "vip"}, headers=root)
    assert put(house, "/api/ticket-policies", {"policies": [policy]}, root) == (200, None)
    house.put("/api/groups/all", json={**SALES, "overflow_to": "vip"}, headers=root)
    refused = house.delete("/api/groups/vip", headers=root)
    named = "group all, promise gold, site tea, canned reply hi, view Best, rule Fast, sampling plan Weekly"
    assert (refused.status_code, refused.json()["error"]["field"]) == (409, "to")
    assert refused.json()["error"]["message"].startswith(f"named by {named};")

    assert house.delete("/api/groups/vip?to=next", headers=root).json() == {"moved": 0}
    kept = {path: house.get(f"{path}?of=conversations&q=").json() for path in ("/api/views", "/api/rules")}
    assert kept["/api/views"]["views"][0]["filter"] == {"group": "next"}
    (found,) = kept["/api/rules"]["rules"]
    assert (found["when"][0]["value"], found["then"][0]["group"]) == ("next", "next")
    ticket = house.get(f"/api/tickets/{ids['/api/tickets']}").json()
    assert (ticket["group"], ticket["version"], ticket["changes"][-1]["body"]["group"]) == ("next", 2, "next")
    assert house.get("/api/quality/plans").json()["plans"][0]["body"]["group"] == "next"
    told = {path: house.get(path).text for path in ("/api/groups", "/api/sites", "/api/ticket-types", "/api/staff")}
    assert all('"vip"' not in text for text in told.values())
    assert house.post("/api/canned", json=canned, headers=root).json()["error"]["field"] == "group"
    again = house.post("/api/tickets", json={**made["/api/tickets"], "id": "u"}, headers=root)
    assert (again.status_code, again.json()["error"]["field"]) == (422, "group")
    assert house.post("/api/rules", json=rule, headers=root).json()["error"]["field"] == "then.0.group"


def test_hours_levels_and_promises(house: TestClient) -> None:
    root = sign_in(house, "root")
    week = {"mon": [["09:00", "12:00"], ["13:00", "18:00"]]}
    good = {"timezone": "Asia/Shanghai", "week": week, "holidays": ["2026-10-01"]}
    assert put(house, "/api/hours", good, root) == (200, None)
    assert house.get("/api/hours").json() == good
    assert put(house, "/api/hours", {**good, "timezone": "Mars/Base"}, root) == (422, "timezone")
    assert put(house, "/api/hours", {**good, "week": {"mon": [["12:00", "09:00"]]}}, root) == (422, "week")
    overlapping = {"mon": [["09:00", "12:00"], ["11:00", "18:00"]]}
    assert put(house, "/api/hours", {**good, "week": overlapping}, root) == (422, "week")
    levels = {"service_level_seconds": 20, "wait_seconds": 60, "no_reply_seconds": 0}
    assert put(house, "/api/levels", levels, root) == (200, None)
    assert house.get("/api/wallboard").json()["today"]["service_level_seconds"] == 20
    assert put(house, "/api/keywords", {"keywords": ["退款", "refund", "退款"]}, root) == (200, None)
    assert house.get("/api/keywords").json() == {"keywords": ["refund", "退款"]}
    both = {"zh": "换货", "en": "Exchange"}
    kind: dict[str, Any] = {
        "name": both,
        "fields": [{"id": "size", "name": both, "kind": "choice", "choices": ["S", "M"], "required": True}],
        "states": [{"id": "new", "name": both, "kind": "open"}, {"id": "sent", "name": both, "kind": "done"}],
        "moves": {"new": ["sent"]},
    }
    assert put(house, "/api/ticket-types/exchange", kind, root) == (200, None)
    wrong_move = {**kind, "moves": {"new": ["moon"]}}
    assert put(house, "/api/ticket-types/exchange", wrong_move, root) == (422, "moves")
    assert put(house, "/api/ticket-types/exchange", {**kind, "states": kind["states"][:1], "moves": {}}, root) == (
        422,
        "states",
    )
    assert put(house, "/api/ticket-types/exchange", {**kind, "fields": kind["fields"] * 2}, root) == (422, "fields")
    assert put(house, "/api/ticket-types/call", kind, root) == (422, "fields")  # wishes to be called come without
    new = {"id": "e", "type": "exchange", "title": "too small", "fields": {"size": "XL"}}
    refused = house.post("/api/tickets", json=new, headers=root)
    assert refused.json()["error"]["field"] == "fields.size"
    assert house.post("/api/tickets", json={**new, "fields": {"size": "M"}}, headers=root).status_code == 201
    stuck = {**kind, "states": [{"id": "sent", "name": both, "kind": "done"}], "moves": {}}
    assert put(house, "/api/ticket-types/exchange", stuck, root) == (409, "states")
    policy = {"id": "fast", "first_response": 60, "types": ["refund"], "office_hours": False}
    assert put(house, "/api/ticket-policies", {"policies": [policy]}, root) == (200, None)
    wrong = {"policies": [{**policy, "types": ["moon"]}]}
    assert put(house, "/api/ticket-policies", wrong, root) == (422, "policies.0.types")
    body = {"id": "k", "type": "refund", "title": "pay", "fields": {"order": "1"}}
    clocks = house.post("/api/tickets", json=body, headers=root).json()["clocks"]
    assert [one["target"] for one in clocks] == ["first_response"]
    assert put(house, "/api/ticket-types/brief", {**kind, "fields": []}, root) == (200, None)

    def remove(id: str) -> tuple[int, str]:
        answer = house.delete(f"/api/ticket-types/{id}", headers=root)
        return answer.status_code, answer.json().get("outcome") or answer.json()["error"]["field"]

    assert [remove(id) for id in ("exchange", "brief", "refund", "call")] == [
        (200, "retired"),
        (200, "deleted"),
        (409, "policies"),
        (409, "id"),
    ]
    more = {**new, "id": "m", "fields": {"size": "M"}}
    assert house.post("/api/tickets", json=more, headers=root).json()["error"]["field"] == "type"
    kinds = {one["id"]: one["retired"] for one in house.get("/api/ticket-types").json()["types"]}
    assert kinds == {"refund": False, "call": False, "exchange": True}
    assert put(house, "/api/ticket-types/exchange", kind, root) == (200, None)  # in use again
    assert house.post("/api/tickets", json=more, headers=root).status_code == 201
    acts = [one["act"] for one in house.get("/api/audit/changes").json()["changes"]]
    assert acts == [
        *("ticket-type.changed", "ticket-type.deleted", "ticket-type.retired", "ticket-type.changed"),
        "policies.changed",
        "ticket-type.changed",
        "keywords.changed",
        "levels.changed",
        "hours.changed",
    ]


def test_who_is_switched_off_is_still_listed_for_who_keeps_staff(house: TestClient) -> None:
    root = sign_in(house, "root")
    house.patch("/api/staff/a1", json={"active": False}, headers=root)
    assert "a1" not in [one["id"] for one in house.get("/api/staff").json()["staff"]]
    gone = house.get("/api/staff?gone=true").json()["staff"]
    assert [one["active"] for one in gone if one["id"] == "a1"] == [False]
    sign_in(house, "sue")
    assert house.get("/api/staff?gone=true").status_code == 403
