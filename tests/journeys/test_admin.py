"""Roles, sessions, tokens, webhooks and rules of the house."""

import hmac
import json
from collections.abc import AsyncIterator, Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from threading import Thread

import pytest
from fastapi.testclient import TestClient

from app.config import Settings
from app.main import create_app
from tests.journeys.people import PASSWORD, PATIENCE, ROOT, hear, hire, sign_in, until

Heard = Queue[tuple[dict[str, str], bytes]]


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[TestClient]:
    """A house with an admin, whose webhooks may reach this machine."""
    await hire(settings, ROOT)
    with TestClient(create_app(settings.model_copy(update={"webhooks_to_private": True}))) as client:
        yield client


@pytest.fixture
def receiver() -> Iterator[tuple[str, Heard]]:
    """A server that refuses once and then takes what it gets."""
    heard: Heard = Queue()
    answers = iter([500])

    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(next(answers, 204))
            self.end_headers()
            heard.put((dict(self.headers), body))

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Take)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/in", heard
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def seldom_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a page hears of its own access is told by a signal, not found by the second's look."""
    monkeypatch.setattr("desk.api.live.ACCESS_SECONDS", 10 * PATIENCE)


@pytest.mark.usefixtures("seldom_looked")
def test_a_role_that_is_taken_away_is_refused_at_once(house: TestClient) -> None:
    sue = sign_in(house, "sue")
    cookie = dict(house.cookies)
    assert house.get("/api/audit").status_code == 200
    with house.websocket_connect("/live") as live:
        hear(live, "welcome")
        root = sign_in(house, "root")
        assert house.patch("/api/staff/s1", json={"role": "agent"}, headers=root).status_code == 200
        assert hear(live, "bye")["reason"] == "signed_out"
    house.cookies.clear()
    house.cookies.update(cookie)
    assert house.get("/api/audit", headers=sue).status_code == 401
    sign_in(house, "sue")
    assert house.get("/api/audit").status_code == 403


def test_roles_are_data(house: TestClient) -> None:
    root = sign_in(house, "root")
    wrong = house.put("/api/roles/auditor", json={"permissions": ["fly"]}, headers=root)
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "permissions.0")
    assert house.put("/api/roles/auditor", json={"permissions": ["audit.read"]}, headers=root).status_code == 200
    assert house.patch("/api/staff/a1", json={"role": "pilot"}, headers=root).status_code == 422
    house.patch("/api/staff/a1", json={"role": "auditor"}, headers=root)
    assert house.delete("/api/roles/auditor", headers=root).status_code == 409
    sign_in(house, "mei")
    assert house.get("/api/audit").status_code == 200
    assert house.get("/api/wallboard").status_code == 403
    root = sign_in(house, "root")
    house.put("/api/roles/auditor", json={"permissions": []}, headers=root)
    sign_in(house, "mei")
    assert house.get("/api/audit").status_code == 403
    sign_in(house, "root")
    acts = [one["act"] for one in house.get("/api/audit/changes").json()["changes"]]
    assert acts[:2] == ["role.defined", "staff.changed"]


def test_a_page_whose_role_loses_a_permission_comes_anew_and_is_told_less(house: TestClient) -> None:
    sign_in(house, "mei")
    with house.websocket_connect("/live") as live:
        hear(live, "welcome")
        root = sign_in(house, "root")
        house.put("/api/roles/agent", json={"permissions": ["quality.own"]}, headers=root)
        assert hear(live, "bye")["reason"] == "restart"
    sign_in(house, "mei")
    with house.websocket_connect("/live") as live:
        hear(live, "welcome")
        customer = house.post("/widget/session", json={"site": "demo", "language": "en"}).json()
        bearer = {"Authorization": f"Bearer {customer['token']}"}
        house.post("/widget/messages", json={"id": "m", "text": "hello"}, headers=bearer)
        root = sign_in(house, "root")
        house.put("/api/presence", json={"presence": "online"}, headers=root)
        news = hear(live, "changes", where=lambda told: told["staff"] or told["conversations"])
        assert news["conversations"] == []


def test_sessions_are_listed_and_ended(house: TestClient) -> None:
    sign_in(house, "mei")
    lost = dict(house.cookies)
    mei = sign_in(house, "mei")
    found = house.get("/api/sessions").json()["sessions"]
    other = next(one for one in found if not one["current"])
    assert house.delete(f"/api/sessions/{other['id']}", headers=mei).status_code == 204
    house.cookies.clear()
    house.cookies.update(lost)
    assert house.get("/api/session").status_code == 401


def test_passwords_are_changed_by_oneself_or_by_who_keeps_staff(house: TestClient) -> None:
    mei = sign_in(house, "mei")
    new = {"password": "a new long password", "old": "wrong"}
    assert house.put("/api/staff/a1/password", json=new, headers=mei).json()["error"]["field"] == "old"
    assert house.put("/api/staff/a2/password", json=new, headers=mei).status_code == 403
    assert house.put("/api/staff/a1/password", json={**new, "old": PASSWORD}, headers=mei).status_code == 204


def test_tokens_do_what_their_scopes_say_and_no_more(house: TestClient) -> None:
    root = sign_in(house, "root")
    made = house.post("/api/tokens", json={"name": "bi", "scopes": ["wallboard.read"]}, headers=root).json()
    bearer = {"Authorization": f"Bearer {made['token']}"}
    customer = house.post("/widget/session", json={"site": "demo", "language": "en"}).json()
    ticket = {"id": "t", "type": "refund", "title": "x", "contact": customer["contact"], "fields": {"order": "KF1"}}
    kept = house.post("/api/tickets", json=ticket, headers=root).json()
    house.cookies.clear()
    assert house.get("/api/wallboard", headers=bearer).status_code == 200
    assert house.get("/api/conversations", headers=bearer).json()["conversations"] == []
    for of_customers in ("tickets", "tickets.csv", f"tickets/{kept['id']}", f"contacts/{customer['contact']}"):
        assert house.get(f"/api/{of_customers}", headers=bearer).status_code == 403
    assert house.get(f"/api/conversations/{customer['conversation']}", headers=bearer).status_code == 403
    assert house.get("/api/audit", headers=bearer).status_code == 403
    root = sign_in(house, "root")
    assert made["token"] not in house.get("/api/tokens").text
    assert house.delete(f"/api/tokens/{made['id']}", headers=root).status_code == 204
    assert house.get("/api/wallboard", headers=bearer).status_code == 401


def test_webhooks_are_signed_and_tried_again(house: TestClient, receiver: tuple[str, Heard]) -> None:
    url, heard = receiver
    root = sign_in(house, "root")
    hook = house.post("/api/webhooks", json={"url": url, "kinds": ["HandoffRequested"]}, headers=root).json()
    assert "secret" not in house.get("/api/webhooks").json()["webhooks"][0]
    session = house.post("/widget/session", json={"site": "demo", "language": "en"}).json()
    token = {"Authorization": f"Bearer {session['token']}"}
    house.post("/widget/wishes", json={"type": "person", "id": "p"}, headers=token)
    heard.get(timeout=PATIENCE)
    path = f"/api/webhooks/{hook['id']}/deliveries"
    first = until("a try", lambda: house.get(path).json()["deliveries"][0], lambda first: first["tries"])
    assert (first["state"], first["status"]) == ("waiting", 500)
    assert house.post(f"/api/webhooks/deliveries/{first['id']}/retry", headers=root).status_code == 200
    headers, body = heard.get(timeout=PATIENCE)
    signed = f"{headers['X-Kefu-Timestamp']}.".encode() + body
    assert headers["X-Kefu-Signature"] == f"sha256={hmac.new(hook['secret'].encode(), signed, sha256).hexdigest()}"
    told = json.loads(body)
    assert (told["event"]["kind"], told["conversation"]["id"]) == ("HandoffRequested", session["conversation"])


def test_a_webhook_can_be_tried_out(house: TestClient, receiver: tuple[str, Heard]) -> None:
    url, heard = receiver
    root = sign_in(house, "root")
    hook = house.post("/api/webhooks", json={"url": url, "kinds": ["Rated"]}, headers=root).json()
    assert house.post(f"/api/webhooks/{hook['id']}/test", headers=root).json() == {"status": 500, "error": ""}
    headers, body = heard.get(timeout=PATIENCE)
    signed = f"{headers['X-Kefu-Timestamp']}.".encode() + body
    assert headers["X-Kefu-Signature"] == f"sha256={hmac.new(hook['secret'].encode(), signed, sha256).hexdigest()}"
    assert json.loads(body) == {"event": None, "conversation": None}
    assert house.get(f"/api/webhooks/{hook['id']}/deliveries").json()["deliveries"] == []


def test_a_rule_tags_once_and_never_sets_itself_off(house: TestClient) -> None:
    root = sign_in(house, "root")
    rule = {
        "name": "shouting",
        "on": ["MessageReceived", "Tagged"],
        "when": [{"field": "text", "is": "contains", "value": "REFUND"}],
        "then": [{"act": "tag", "tag": "refund"}, {"act": "prioritise", "priority": 2}],
    }
    session = house.post("/widget/session", json={"site": "demo", "language": "en"}).json()
    token = {"Authorization": f"Bearer {session['token']}"}
    path = f"/api/conversations/{session['conversation']}"
    house.post(f"{path}/take", json={"id": "t"}, headers=root)
    house.post("/widget/messages", json={"id": "m1", "text": "my refund please"}, headers=token)
    tried = house.post("/api/rules/try", json={"rule": rule, "days": 7}, headers=root).json()
    assert (tried["matched"], [one["id"] for one in tried["conversations"]]) == (1, [session["conversation"]])
    assert set(tried["conversations"][0]) == {"id", "contact", "contact_name"}
    assert house.get(path).json()["conversation"]["tags"] == []
    assert house.post("/api/rules", json={**rule, "on": ["Rained"]}, headers=root).status_code == 422
    house.post("/api/rules", json=rule, headers=root)
    house.post("/widget/messages", json={"id": "m2", "text": "refund"}, headers=token)
    until("priority 2", lambda: house.get(path).json()["conversation"]["priority"] == 2)
    tagged = [one for one in house.get(path).json()["events"] if one["kind"] == "Tagged"]
    assert [one["tags"] for one in tagged] == [["refund"]]


def test_the_audit_tells_what_was_changed_by_name_and_no_words_of_a_customer(house: TestClient) -> None:
    root = sign_in(house, "root")
    contact = house.post("/widget/session", json={"site": "demo", "language": "zh"}).json()["contact"]
    rule = {"name": "Fast", "on": ["MessageReceived"], "then": [{"act": "close"}]}
    kept = house.post("/api/rules", json=rule, headers=root).json()["id"]
    house.put(f"/api/rules/{kept}", json={**rule, "active": False}, headers=root)
    house.delete(f"/api/rules/{kept}", headers=root)
    house.patch("/api/staff/a1", json={"name": "Mei", "capacity": 9}, headers=root)
    token = house.post("/api/tokens", json={"name": "script", "scopes": ["reports.read"]}, headers=root).json()["id"]
    house.delete(f"/api/tokens/{token}", headers=root)
    hook = house.post("/api/webhooks", json={"url": "https://a.example/x", "kinds": ["Rated"]}, headers=root).json()[
        "id"
    ]
    house.delete(f"/api/webhooks/{hook}", headers=root)
    for scope in ("company", "personal"):
        reply = {"scope": scope, "group": "", "shortcut": "hi", "title": "Hello", "text": "Hello!"}
        house.post("/api/canned", json=reply, headers=root)
    for shared in (True, False):
        view = {"of": "tickets", "name": "Late", "shared": shared, "filter": {"view": "late"}}
        house.post("/api/views", json=view, headers=root)
    plan = {"name": "Weekly", "reviewers": ["root"], "active": False}
    made = house.post("/api/quality/plans", json=plan, headers=root).json()["id"]
    house.delete(f"/api/quality/plans/{made}", headers=root)
    house.patch(f"/api/contacts/{contact}", json={"name": "李雷"}, headers=root)
    house.get(f"/api/contacts/{contact}/export", headers=root)
    house.post(f"/api/contacts/{contact}/erase", headers=root)
    changes = house.get("/api/audit/changes").json()["changes"]
    assert {one["name"] for one in changes} == {"Root"}
    told = [(one["act"], one["detail"]) for one in reversed(changes)]
    short = [one for one in told if one[0] not in ("rule.added", "webhook.added", "plan.added")]
    assert short == [
        ("rule.changed", {"name": "Fast", "active": False}),
        ("rule.removed", {"name": "Fast"}),
        ("staff.changed", {"capacity": 9}),
        ("token.issued", {"name": "script", "scopes": ["reports.read"]}),
        ("token.withdrawn", {"name": "script"}),
        ("webhook.removed", {"url": "https://a.example/x"}),
        ("canned.added", {"name": "Hello", "shortcut": "hi", "group": "", "text": "Hello!"}),
        ("view.added", {"name": "Late", "filter": {"view": "late", "q": ""}}),
        ("plan.removed", {"name": "Weekly"}),
        ("contact.changed", {"changed": ["name"]}),
        ("contact.exported", {}),
        ("contact.erased", {}),
    ]
