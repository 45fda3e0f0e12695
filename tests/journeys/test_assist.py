"""An agent and what is suggested to them, at the doors of a whole house."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.journeys.people import sign_in, until


@pytest.fixture
def talk(house: TestClient) -> tuple[str, dict[str, str], dict[str, str]]:
    """A conversation that Mei holds, and a canned reply: its id, the customer's header and Mei's."""
    session = house.post("/widget/session", json={"site": "demo", "language": "zh"}).json()
    token = {"Authorization": f"Bearer {session['token']}"}
    mei = sign_in(house, "mei")
    canned = {"scope": "personal", "group": "", "shortcut": "fp", "title": "开发票", "language": "zh"}
    text = "{{contact.name}}您好，电子发票会在一小时内发出"
    assert house.post("/api/canned", json={**canned, "text": text}, headers=mei).status_code == 201
    house.post(f"/api/conversations/{session['conversation']}/take", json={"id": "t"}, headers=mei)
    return session["conversation"], token, mei


def events(house: TestClient, path: str, kind: str) -> list[dict[str, Any]]:
    """Once the house has caught up with its own log."""

    def ask() -> list[dict[str, Any]]:
        return [one for one in house.get(path).json()["events"] if one["kind"] == kind]

    found: list[dict[str, Any]] = until(kind, ask)
    return found


def test_a_suggestion_is_given_judged_and_settled(
    house: TestClient, talk: tuple[str, dict[str, str], dict[str, str]]
) -> None:
    here, token, mei = talk
    path = f"/api/conversations/{here}"
    house.post("/widget/messages", json={"id": "m1", "text": "怎么开发票"}, headers=token)
    (given,) = events(house, path, "Suggested")
    assert given["suggestions"][0]["text"] == "您好，电子发票会在一小时内发出"
    picked = {"id": "j1", "suggested": given["seq"], "number": 0, "verdict": "picked"}
    for _ in range(2):
        assert house.post(f"{path}/assist/judgements", json=picked, headers=mei).status_code == 200
    assert len(events(house, path, "SuggestionJudged")) == 1
    reply = {"id": "r1", "text": given["suggestions"][0]["text"]}
    assert house.post(f"{path}/replies", json=reply, headers=mei).status_code == 200
    (settled,) = events(house, path, "SuggestionSettled")
    assert (settled["outcome"], settled["number"], settled["distance"]) == ("used", 0, 0)
    seen = house.get("/widget/history?limit=100", headers=token).text
    assert "Suggest" not in seen
    assert house.get("/api/assist/status").json()["articles"] in (True, False)


def test_a_judgement_of_nothing_is_refused_by_field(
    house: TestClient, talk: tuple[str, dict[str, str], dict[str, str]]
) -> None:
    here, token, mei = talk
    path = f"/api/conversations/{here}"
    house.post("/widget/messages", json={"id": "m1", "text": "怎么开发票"}, headers=token)
    (given,) = events(house, path, "Suggested")
    told = {"id": "j", "suggested": given["seq"], "number": 9, "verdict": "shown"}
    answer = house.post(f"{path}/assist/judgements", json=told, headers=mei)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "number")
    answer = house.post(f"{path}/assist/judgements", json={**told, "suggested": 1}, headers=mei)
    assert (answer.status_code, answer.json()["error"]["field"]) == (404, "suggested")
    bob = sign_in(house, "bob")
    assert house.post(f"{path}/assist/judgements", json={**told, "number": 0}, headers=bob).status_code == 403


def test_a_refused_proposal_is_kept_by_who_may_manage_canned_replies(house: TestClient) -> None:
    path = "/api/assist/proposals/refused"
    assert house.post(path, json={"text": "好的"}, headers=sign_in(house, "mei")).status_code == 403
    sue = sign_in(house, "sue")
    for _ in range(2):
        assert house.post(path, json={"text": "好的"}, headers=sue).status_code == 204
    refused = house.post(path, json={"text": ""}, headers=sue)
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "text")
