"""Groups, hours, levels and promises are changed while the house runs."""

import csv
from collections.abc import AsyncIterator
from time import sleep
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.config import Settings
from app.main import create_app
from tests.journeys.people import ROOT, hire, sign_in

SALES = {"name": {"zh": "售前", "en": "Sales"}}
RULE = """\
id: {id}
only: {{group: [vip, sales]}}  # the vip desk
when:
  known: {{attribute: {{name: group, one_of: [vip]}}}}
  said: {{keyword: {{words: [vip]}}}}
hit: known and said
hits:
  - [attributes: {{group: vip}}, customer: vip]
"""
REGROUPED = RULE.replace("[vip, sales]", '["next", sales]').replace("[vip]}}}}\n  said", '["next"]}}}}\n  said')
REGROUPED = REGROUPED.replace("group: vip}}", 'group: "next"}}')


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[TestClient]:
    """A house with an admin."""
    await hire(settings, ROOT)
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
    for id, state in (("counts", "active"), ("drafted", "draft")):
        house.put(f"/api/quality/rules/{id}", json={"text": RULE.format(id=id)}, headers=root)
        if state == "active":
            house.post("/api/quality/editions/rubric/activate", headers=root)
    refused = house.delete("/api/groups/vip", headers=root)
    named = "group all, promise gold, site tea, canned reply hi, view Best, rule Fast, sampling plan Weekly, "
    named += "quality rule counts, quality rule drafted"
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
    rules = house.get("/api/quality/rules").json()
    for rubric, ids_of in ((rules["active"], ["counts"]), (rules["draft"], ["counts", "drafted"])):
        own = [one for one in rubric["rules"] if one["id"] in ("counts", "drafted")]
        assert [(one["id"], one["text"]) for one in own] == [(id, REGROUPED.format(id=id)) for id in ids_of]
    assert rules["editions"][0]["by"] == "root"
    told = {path: house.get(path).text for path in ("/api/groups", "/api/sites", "/api/ticket-types", "/api/staff")}
    assert all('"vip"' not in text for text in told.values())
    assert house.post("/api/canned", json=canned, headers=root).json()["error"]["field"] == "group"
    again = house.post("/api/tickets", json={**made["/api/tickets"], "id": "u"}, headers=root)
    assert (again.status_code, again.json()["error"]["field"]) == (422, "group")
    assert house.post("/api/rules", json=rule, headers=root).json()["error"]["field"] == "then.0.group"


def test_hours_levels_and_keywords(house: TestClient) -> None:
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
    levels |= {"accept_seconds": 30, "silent_seconds": 0}
    assert put(house, "/api/levels", levels, root) == (200, None)
    assert house.get("/api/wallboard").json()["today"]["service_level_seconds"] == 20
    assert put(house, "/api/keywords", {"keywords": ["退款", "refund", "退款"]}, root) == (200, None)
    assert house.get("/api/keywords").json() == {"keywords": ["refund", "退款"]}
    assert acts(house) == ["keywords.changed", "levels.changed", "hours.changed"]


def acts(house: TestClient) -> list[str]:
    """What the audit says was changed, latest first."""
    return [one["act"] for one in house.get("/api/audit/changes").json()["changes"]]


def test_kinds_of_tickets_and_promises(house: TestClient) -> None:
    root = sign_in(house, "root")
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
    assert acts(house) == [
        *("ticket-type.changed", "ticket-type.deleted", "ticket-type.retired", "ticket-type.changed"),
        "policies.changed",
        "ticket-type.changed",
    ]


def test_who_is_switched_off_is_still_listed_for_who_keeps_staff(house: TestClient) -> None:
    root = sign_in(house, "root")
    house.patch("/api/staff/a1", json={"active": False}, headers=root)
    assert "a1" not in [one["id"] for one in house.get("/api/staff").json()["staff"]]
    gone = house.get("/api/staff?gone=true").json()["staff"]
    assert [one["active"] for one in gone if one["id"] == "a1"] == [False]
    sign_in(house, "sue")
    assert house.get("/api/staff?gone=true").status_code == 403


def test_a_sheet_for_people_has_names_and_one_for_programs_ids(house: TestClient) -> None:
    root = sign_in(house, "root")
    both = {"zh": "换货", "en": "Exchange"}
    choices = [{"id": "bad", "name": {"zh": "损坏", "en": "Damaged"}}, "XL"]
    kind = {
        "name": both,
        "group": "sales",
        "fields": [{"id": "cause", "name": {"zh": "原因", "en": "Cause"}, "kind": "choice", "choices": choices}],
        "states": [
            {"id": "new", "name": {"zh": "新", "en": "New"}, "kind": "open"},
            {"id": "x", "name": both, "kind": "done"},
        ],
        "moves": {"new": ["x"]},
    }
    told = house.put("/api/ticket-types/exchange", json=kind, headers=root).json()
    assert told["fields"][0]["choices"] == [choices[0], {"id": "XL", "name": {"zh": "XL", "en": "XL"}}]
    twice = {**kind, "fields": [{**kind["fields"][0], "choices": ["XL", "XL"]}]}
    refused = house.put("/api/ticket-types/exchange", json=twice, headers=root)
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "fields.0.choices")
    new = {"id": "e", "type": "exchange", "title": "=1+1", "priority": "high", "assignee": "a1"}
    house.post("/api/tickets", json={**new, "fields": {"cause": "bad"}}, headers=root)

    def lines(words: str) -> list[dict[str, str]]:
        text = house.get(f"/api/tickets.csv?view=all&type=exchange{words}").text
        return list(csv.DictReader(text.removeprefix("\ufeff").splitlines()))

    (zh,) = lines("&words=zh&timezone=Asia/Shanghai")
    seen = {name: zh[name] for name in ("类型", "标题", "状态", "优先级", "技能组", "处理人标识", "处理人", "字段")}
    assert [*seen.values()] == ["换货", "'=1+1", "新", "高", "售前", "a1", "Mei", "原因: 损坏"]
    (en,) = lines("&words=en")
    assert (en["Type"], en["State"], en["Group"], en["Fields"]) == ("Exchange", "New", "Sales", "Cause: Damaged")
    (wire,) = lines("")
    assert [wire[name] for name in ("type", "state", "group", "assignee", "fields")] == [
        *("exchange", "new", "sales", "a1"),
        "cause: bad",
    ]
    assert house.get("/api/tickets.csv?timezone=Moon").json()["error"]["field"] == "timezone"
