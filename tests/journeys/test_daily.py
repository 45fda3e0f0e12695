"""What agents and supervisors do all day, at the doors of a whole house."""

from datetime import UTC, datetime, timedelta
from time import sleep
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.journeys.people import days_from_now, hear, sign_in, until


@pytest.fixture
def talk(house: TestClient) -> tuple[str, dict[str, str], str]:
    """A conversation that Mei holds: its id, the customer's header and the contact."""
    session = house.post("/widget/session", json={"site": "demo", "language": "zh"}).json()
    token = {"Authorization": f"Bearer {session['token']}"}
    csrf = sign_in(house, "mei")
    house.post(f"/api/conversations/{session['conversation']}/take", json={"id": "t"}, headers=csrf)
    house.post("/widget/messages", json={"id": "m1", "text": "我的订单号是 KF10000001，要退款"}, headers=token)
    return session["conversation"], token, session["contact"]


def test_whisper_barge_and_leave(house: TestClient, talk: tuple[str, dict[str, str], str]) -> None:
    here, token, _ = talk
    path = f"/api/conversations/{here}"
    mei = sign_in(house, "mei")
    assert house.post(f"{path}/whisper", json={"id": "w0", "text": "x"}, headers=mei).status_code == 403
    sue = sign_in(house, "sue")
    assert house.post(f"{path}/replies", json={"id": "r0", "text": "hi"}, headers=sue).status_code == 409
    assert house.post(f"{path}/whisper", json={"id": "w", "text": "offer a coupon"}, headers=sue).status_code == 200
    assert house.post(f"{path}/barge", json={"id": "b"}, headers=sue).status_code == 200
    assert house.post(f"{path}/replies", json={"id": "r", "text": "我是主管"}, headers=sue).status_code == 200
    assert house.get(path).json()["conversation"]["participants"] == ["s1"]
    assert house.get(path).json()["conversation"]["holder"]["agent"] == "a1"
    assert house.post(f"{path}/leave", json={"id": "l"}, headers=sue).status_code == 200
    assert house.post(f"{path}/replies", json={"id": "r2", "text": "again"}, headers=sue).status_code == 409
    seen = house.get("/widget/history?limit=100", headers=token).text
    assert "coupon" not in seen
    assert "我是主管" in seen
    (reply,) = [event for event in house.get(path).json()["events"] if event["kind"] == "AgentReplied"]
    assert reply["cause"] == "r"
    kinds = [event["kind"] for event in house.get("/api/audit").json()["events"]]
    assert {"Whispered", "ParticipantJoined", "ParticipantLeft"} <= set(kinds)


def test_the_customer_is_told_once_that_who_barged_in_is_with_them(
    house: TestClient, talk: tuple[str, dict[str, str], str]
) -> None:
    path, sue = f"/api/conversations/{talk[0]}", sign_in(house, "sue")
    house.post(f"{path}/barge", json={"id": "b"}, headers=sue)
    assert house.post(f"{path}/take", json={"id": "over"}, headers=sue).status_code == 200
    events = house.get("/widget/history?limit=100", headers=talk[1]).json()["events"]
    came = [(one["kind"], one["name"], one.get("beside")) for one in events if one.get("name")]
    assert came == [
        ("AgentAssigned", "Mei", False),
        ("ParticipantJoined", "Sue", None),
        ("AgentAssigned", "Sue", True),
    ]


def test_an_invited_colleague_may_write(house: TestClient, talk: tuple[str, dict[str, str], str]) -> None:
    here, token, _ = talk
    path = f"/api/conversations/{here}"
    mei = sign_in(house, "mei")
    assert house.post(f"{path}/invite", json={"id": "i", "staff": "nobody"}, headers=mei).status_code == 422
    assert house.post(f"{path}/invite", json={"id": "i", "staff": "a2"}, headers=mei).status_code == 200
    bob = sign_in(house, "bob")
    assert house.post(f"{path}/replies", json={"id": "r", "text": "hello"}, headers=bob).status_code == 200
    card = {"title": "KF10000001", "rows": [["状态", "运输中"]], "link": "https://shop.example/KF10000001"}
    assert house.post(f"{path}/replies", json={"id": "r1", "card": card}, headers=bob).status_code == 200
    seen = house.get("/widget/history?limit=100", headers=token).json()["events"]
    assert [one["card"] for one in seen if one["kind"] == "AgentReplied"] == [None, card]
    assert house.get(path).json()["conversation"]["preview"]["text"] == "KF10000001"
    evil = {"id": "r2", "card": {**card, "link": "javascript:alert(1)"}}
    refused = house.post(f"{path}/replies", json=evil, headers=bob)
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "card.link")
    with house.websocket_connect("/live") as live:
        live.send_json({"type": "open", "conversation": here, "since": 0})
        assert [one["id"] for one in hear(live, "viewing")["staff"]] == ["a2"]
        mei = sign_in(house, "mei")
        assert house.post(f"{path}/leave", json={"id": "l", "staff": "a2"}, headers=mei).status_code == 200
        assert hear(live, "gone")["conversation"] == here  # who was dismissed neither sees it nor is seen


def test_a_forced_state_is_on_record(house: TestClient) -> None:
    sign_in(house, "mei")
    forced = {"presence": "break", "reason": "forgot to go to lunch"}
    with house.websocket_connect("/live") as live:
        hear(live, "welcome")
        sue = sign_in(house, "sue")
        assert house.put("/api/staff/a1/presence", json=forced, headers=sue).status_code == 200
        told = hear(live, "forced")
    assert (told["presence"], told["by"], told["reason"]) == ("break", "Sue", "forgot to go to lunch")
    (change,) = house.get("/api/audit/changes").json()["changes"]
    assert (change["by"], change["act"], change["subject"]) == ("s1", "presence.forced", "a1")
    board = house.get("/api/wallboard").json()
    assert board["states"]["break"] == 1
    since = {one["id"]: one["since"] for one in board["agents"]}
    assert since["a1"] <= board["at"]
    assert since["a2"] is None


def test_search_finds_both_languages_and_forgets_what_is_erased(
    house: TestClient, talk: tuple[str, dict[str, str], str]
) -> None:
    here, token, _ = talk
    house.post("/widget/messages", json={"id": "m2", "text": "Where is my Refund?"}, headers=token)
    sue = sign_in(house, "sue")
    (hit,) = until("a hit", lambda: house.get("/api/search?q=refund").json()["hits"])
    assert (hit["text"][slice(*hit["spans"][0])], hit["conversation"]["id"]) == ("Refund", here)
    (hit,) = house.get("/api/search?q=订单 退款").json()["hits"]
    assert hit["by"] == "customer"
    assert house.get("/api/search?q=订单 发票").json()["hits"] == []
    assert house.get("/api/search?q=!!").json()["hits"] == []
    house.post(f"/api/conversations/{here}/redact", json={"seq": hit["seq"]}, headers=sue)
    until("no hits", lambda: house.get("/api/search?q=订单").json()["hits"], lambda hits: not hits)


def test_canned_replies_are_found_filled_in_and_kept_apart(
    house: TestClient, talk: tuple[str, dict[str, str], str]
) -> None:
    mine = {
        "scope": "personal",
        "shortcut": "hi",
        "title": "Hello",
        "text": "您好 {{contact.name}}，我是 {{agent.name}} {{x}}",
    }
    bob = sign_in(house, "bob")
    house.post("/api/canned", json={**mine, "text": "Bob's"}, headers=bob)
    assert house.post("/api/canned", json={**mine, "scope": "company"}, headers=bob).status_code == 403
    mei = sign_in(house, "mei")
    made = house.post("/api/canned", json=mine, headers=mei).json()
    assert [one["id"] for one in house.get("/api/canned?q=/hi").json()["canned"]] == [made["id"]]
    filled = house.post(f"/api/canned/{made['id']}/render", json={"conversation": talk[0]}, headers=mei)
    assert filled.json()["text"] == "您好 ，我是 Mei {{x}}"
    assert house.delete(f"/api/canned/{made['id']}", headers=mei).status_code == 204
    assert house.delete(f"/api/canned/{made['id']}", headers=mei).status_code == 404


def test_canned_replies_of_the_customers_language_come_first_where_they_fit_as_well(house: TestClient) -> None:
    mei = sign_in(house, "mei")
    for shortcut, language in (("a-hi", "en"), ("b-hi", "zh"), ("c-hi", ""), ("hi", "en")):
        body = {"scope": "personal", "shortcut": shortcut, "title": "hi", "language": language, "text": "x"}
        house.post("/api/canned", json=body, headers=mei)

    def found(query: str) -> list[str]:
        return [one["shortcut"] for one in house.get(f"/api/canned?{query}").json()["canned"]]

    assert found("language=zh") == ["b-hi", "c-hi", "a-hi", "hi"]
    assert found("language=en&q=hi") == ["hi", "a-hi", "c-hi", "b-hi"]
    assert found("q=hi") == ["hi", "a-hi", "b-hi", "c-hi"]


def test_tags_views_wrap_up_draft_and_sensitive_words(house: TestClient, talk: tuple[str, dict[str, str], str]) -> None:
    path = f"/api/conversations/{talk[0]}"
    mei = sign_in(house, "mei")
    assert house.put(f"{path}/tags", json={"id": "g", "tags": ["退款", "vip"]}, headers=mei).status_code == 200
    assert house.get("/api/tags").json()["tags"][0]["uses"] == 1
    view = {"name": "mine, tagged", "filter": {"agent": "me", "tag": "退款"}}
    made = house.post("/api/views", json=view, headers=mei).json()
    shown = house.get(f"/api/views/{made['id']}/conversations").json()["conversations"]
    assert [one["id"] for one in shown] == [talk[0]]
    assert house.post("/api/views", json={**view, "shared": True}, headers=mei).status_code == 403
    matching = house.get("/api/conversations?view=matching&agent=me&tag=退款").json()["conversations"]
    assert [one["id"] for one in matching] == [talk[0]]
    assert house.get("/api/conversations?view=matching&tag=other").json()["conversations"] == []
    work = {"of": "tickets", "name": "refunds", "filter": {"view": "late", "type": "refund"}}
    assert house.post("/api/views", json=work, headers=mei).json()["filter"]["type"] == "refund"
    assert [one["name"] for one in house.get("/api/views?of=tickets").json()["views"]] == ["refunds"]
    refused = house.post(f"{path}/wrapup", json={"id": "w", "reason": "weather"}, headers=mei)
    assert refused.json()["error"]["field"] == "reason"
    house.put(f"{path}/draft", json={"text": "half a", "note": "ask"}, headers=mei)
    assert house.get(path).json()["draft"] == {"text": "half a", "note": "ask"}
    assert house.post(f"{path}/check", json={"text": "fine"}, headers=mei).json() == {"words": [], "rules": []}
    found = house.post(f"{path}/check", json={"text": "我百分之百退，保证退款"}, headers=mei).json()
    assert found["words"] == [{"start": 1, "end": 5, "category": "promise", "word": "百分之百"}]
    assert found["rules"] == [
        {"rule": "promise_refund", "zh": "承诺退款", "en": "Promised a refund", "severity": "severe"}
    ]
    assert house.post("/api/conversations/none/check", json={"text": "fine"}, headers=mei).status_code == 404


def test_mentions_and_reminders_reach_the_right_page(house: TestClient, talk: tuple[str, dict[str, str], str]) -> None:
    path = f"/api/conversations/{talk[0]}"
    sign_in(house, "sue")
    with house.websocket_connect("/live") as sue:
        hear(sue, "welcome")
        mei = sign_in(house, "mei")
        note = {"id": "n", "text": "please look", "mentions": ["s1"]}
        house.post(f"{path}/notes", json=note, headers=mei)
        assert hear(sue, "mention")["event"]["text"] == "please look"
        sue.send_json({"type": "wallboard", "on": True})
        assert hear(sue, "wallboard")["waiting"] == 0
        csrf = sign_in(house, "sue")
        assert [event["text"] for event in house.get("/api/mentions").json()["mentions"]] == ["please look"]

        def remind(seconds: float) -> Any:
            body = {"until": (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat(), "note": "call back"}
            return house.put(f"{path}/snooze", json=body, headers=csrf)

        remind(600)
        hear(sue, "snoozes")
        house.delete(f"{path}/snooze", headers=csrf)
        hear(sue, "snoozes")
        refused = remind(-1)
        assert (refused.status_code, refused.json()["error"]["field"]) == (422, "until")
        remind(2)
        assert hear(sue, "reminder")["note"] == "call back"


def test_profiles_are_written_merged_parted_and_blocked(
    house: TestClient, talk: tuple[str, dict[str, str], str]
) -> None:
    other = house.post("/widget/session", json={"site": "demo", "language": "en"}).json()["contact"]
    mei, path = sign_in(house, "mei"), f"/api/contacts/{talk[2]}"
    changed = house.patch(path, json={"name": "王芳", "vip": True, "attributes": {"city": "上海"}}, headers=mei)
    assert (changed.json()["name"], changed.json()["vip"]) == ("王芳", True)
    for odd in ({"city": "a\x00b"}, {"ci\x00ty": "b"}):
        wrong = house.patch(path, json={"attributes": odd}, headers=mei)
        assert (wrong.status_code, wrong.json()["error"]["field"].split(".")[0]) == (422, "attributes")
    house.post(f"{path}/notes", json={"text": "prefers the phone"}, headers=mei)
    assert house.get(path).json()["notes"][0]["name"] == "Mei"
    assert house.get("/api/contacts?q=王").json()["contacts"][0]["id"] == talk[2]
    assert [one["id"] for one in house.get(f"/api/contacts?q={other[-5:]}").json()["contacts"]] == [other]
    lacked = {
        "name": "Wang",
        "email": "fang@example.com",
        "phone": "13800138000",
        "attributes": {"city": "x", "size": "M"},
    }
    house.patch(f"/api/contacts/{other}", json=lacked, headers=mei)
    kept = house.post(f"{path}/merge", json={"other": other}, headers=mei).json()
    assert len(kept["conversations"]) == 2
    assert (kept["name"], kept["email"], kept["phone"]) == ("王芳", "fang@example.com", "13800138000")
    assert kept["attributes"] == {"city": "上海", "size": "M"}
    assert house.get(f"/api/contacts/{other}").json()["merged"] == [talk[2]]
    assert house.post(f"{path}/merge", json={"other": other}, headers=mei).status_code == 409
    assert len(house.post(f"{path}/unmerge", json={"other": other}, headers=mei).json()["conversations"]) == 1
    assert house.put(f"{path}/block", json={"hours": 1}, headers=mei).status_code == 403
    sue = sign_in(house, "sue")
    assert house.put(f"{path}/block", json={"hours": 1}, headers=sue).json()["blocked_until"]
    assert house.get("/api/contacts/nobody").status_code == 404


def test_a_profile_shows_the_orders_that_were_spoken_of(
    house: TestClient, talk: tuple[str, dict[str, str], str]
) -> None:
    _, token, contact = talk
    for id, text in (("o1", "还有KF20000001呢"), ("o2", "KF99999999 不存在")):
        house.post("/widget/messages", json={"id": id, "text": text}, headers=token)
    sign_in(house, "mei")
    orders = house.get(f"/api/contacts/{contact}/orders").json()["orders"]
    assert [one["order_id"] for one in orders] == ["KF20000001", "KF10000001"]


def test_who_monitors_is_not_seen_until_they_take_part(
    house: TestClient, talk: tuple[str, dict[str, str], str]
) -> None:
    here, *_ = talk
    sign_in(house, "mei")
    with house.websocket_connect("/live") as agent:
        hear(agent, "welcome")
        agent.send_json({"type": "open", "conversation": here, "since": 0})
        assert [one["id"] for one in hear(agent, "viewing")["staff"]] == ["a1"]
        sue = sign_in(house, "sue")
        with house.websocket_connect("/live") as supervisor:
            hear(supervisor, "welcome")
            supervisor.send_json({"type": "open", "conversation": here, "since": 0})
            hear(supervisor, "summary")
            house.post(f"/api/conversations/{here}/barge", json={"id": "b"}, headers=sue)
            assert {one["id"] for one in hear(agent, "viewing")["staff"]} == {"a1", "s1"}
        changes = house.get("/api/audit/changes").json()["changes"]
        assert [(one["act"], one["subject"]) for one in changes] == [("conversation.monitored", here)]


def test_an_export_has_all_and_erasure_leaves_nothing_written_down(
    house: TestClient, talk: tuple[str, dict[str, str], str]
) -> None:
    mei, path = sign_in(house, "mei"), f"/api/contacts/{talk[2]}"
    house.patch(path, json={"name": "王芳"}, headers=mei)
    house.post(f"{path}/notes", json={"text": "prefers the phone"}, headers=mei)
    sue = sign_in(house, "sue")
    told = house.get(f"{path}/export").json()
    assert (told["profile"]["name"], told["profile"]["notes"][0]["text"]) == ("王芳", "prefers the phone")
    assert house.post(f"{path}/erase", headers=sue).json()["erased"] > 0
    assert "王芳" not in house.get(path).text
    assert house.get(path).json()["notes"] == []


def test_reports_count_what_happened(house: TestClient, talk: tuple[str, dict[str, str], str]) -> None:
    here, token, _ = talk
    mei = sign_in(house, "mei")
    house.post(f"/api/conversations/{here}/replies", json={"id": "r", "text": "ok"}, headers=mei)
    house.post(f"/api/conversations/{here}/close", json={"id": "x"}, headers=mei)
    house.post("/widget/rating", json={"id": "s", "score": 4}, headers=token)
    assert house.get("/api/reports?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z").status_code == 403
    sign_in(house, "sue")
    span = f"from={days_from_now(-1)}&to={days_from_now(1)}"
    report = until(
        "a rating", lambda: house.get(f"/api/reports?{span}&by=agent").json(), lambda found: found["total"]["rated"]
    )
    row = next(row for row in report["rows"] if row["key"] == "a1")
    assert (row["volume"], row["answered"], row["csat"]) == (1, 1, 4)
    assert row["first_response_seconds"] >= 0
    lines = house.get(f"/api/reports/conversations.csv?{span}").text.splitlines()
    assert (len(lines), lines[1].split(",")[0]) == (2, here)
    assert house.get(f"/api/reports?{span}&timezone=Mars").json()["error"]["field"] == "timezone"


def test_a_vip_goes_first_and_a_blocked_contact_cannot_write(
    house: TestClient, talk: tuple[str, dict[str, str], str]
) -> None:
    here, token, contact = talk
    path = f"/api/conversations/{here}"
    mei = sign_in(house, "mei")
    house.patch(f"/api/contacts/{contact}", json={"vip": True}, headers=mei)
    house.post(f"{path}/handback", json={"id": "h"}, headers=mei)
    house.post("/widget/wishes", json={"type": "person", "id": "p"}, headers=token)
    until("priority 2", lambda: house.get(path).json()["conversation"]["priority"], lambda level: level == 2)
    sue = sign_in(house, "sue")
    house.put(f"/api/contacts/{contact}/block", json={"hours": 1}, headers=sue)
    refused = house.post("/widget/rating", json={"id": "s1", "score": 3}, headers=token)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")
    assert house.get(path).json()["conversation"]["status"] == "closed"
    assert house.get("/api/queue").json()["waiting"] == 0
    house.delete(f"/api/contacts/{contact}/block", headers=sue)
    assert house.post("/widget/rating", json={"id": "s1", "score": 3}, headers=token).status_code == 200


def test_a_widget_is_told_that_it_may_not_write_and_that_it_may_again(
    house: TestClient, talk: tuple[str, dict[str, str], str]
) -> None:
    _, token, contact = talk
    hello = {"type": "hello", "site": "demo", "language": "en", "token": token["Authorization"].split()[1]}
    path, sue = f"/api/contacts/{contact}/block", sign_in(house, "sue")
    with house.websocket_connect("/widget/socket") as widget:
        widget.send_json(hello)
        assert hear(widget, "welcome")["blocked"] is False
        house.put(path, json={"hours": 1}, headers=sue)
        assert hear(widget, "blocked")["on"] is True
        widget.send_json({"type": "ping"})
        hear(widget, "pong")
    with house.websocket_connect("/widget/socket") as widget:
        widget.send_json(hello)
        assert hear(widget, "welcome")["blocked"] is True
        house.delete(path, headers=sue)
        assert hear(widget, "blocked")["on"] is False
        house.put(path, json={"hours": 0.0001}, headers=sue)
        assert hear(widget, "blocked")["on"] is True
        sleep(0.4)  # the block's time
        widget.send_json({"type": "ping"})
        assert hear(widget, "blocked")["on"] is False
