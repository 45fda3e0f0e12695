"""People on the site who have not written are seen, and invited once."""

from fastapi.testclient import TestClient

from tests.journeys.people import hear, sign_in

VISIT = {"visitor": "visitor-1", "site": "demo", "language": "en", "page": "https://shop.example/tea", "seconds": 42}


def test_a_visitor_is_seen_invited_once_and_comes_to_who_invited_them(house: TestClient) -> None:
    mei = sign_in(house, "mei")
    assert house.get("/api/visitors").json() == {"visitors": [], "count": 0}
    assert house.post("/widget/visit", json={**VISIT, "returning": True}).json() == {"invitation": None}
    told = {key: value for key, value in VISIT.items() if key != "visitor"}
    seen = {"id": "visitor-1", **told, "returning": True, "invited_by": ""}
    assert house.get("/api/visitors").json() == {"visitors": [seen], "count": 1}
    path, words = "/api/visitors/visitor-1/invite", {"text": "Shall I help you choose?"}
    assert house.post(path, json={"text": " "}, headers=mei).json()["error"]["field"] == "text"
    assert house.post("/api/visitors/nobody-here/invite", json=words, headers=mei).status_code == 404
    made = house.post(path, json=words, headers=mei)
    assert made.status_code == 202
    assert house.post(path, json=words, headers=mei).status_code == 409
    offer = house.post("/widget/visit", json=VISIT).json()["invitation"]
    assert offer == {"id": made.json()["id"], "text": words["text"]}
    assert house.get("/api/visitors").json()["visitors"][0]["invited_by"] == "a1"
    house.put("/api/presence", json={"presence": "online"}, headers=mei)
    with house.websocket_connect("/widget/socket") as widget:
        widget.send_json({"type": "hello", "site": "demo", "language": "en", "invitation": offer["id"]})
        hear(widget, "event", "AgentAssigned")
    (mine,) = house.get("/api/conversations?view=mine").json()["conversations"]
    events = house.get(f"/api/conversations/{mine['id']}").json()["events"]
    (accepted,) = [one for one in events if one["kind"] == "InvitationAccepted"]
    assert (accepted["by"], accepted["text"]) == ("a1", words["text"])


def test_pages_that_may_not_embed_the_widget_tell_of_nobody(house: TestClient) -> None:
    elsewhere = house.post("/widget/visit", json=VISIT, headers={"Origin": "https://else.example"})
    assert elsewhere.status_code == 403
    assert house.post("/widget/visit", json={**VISIT, "visitor": "x"}).json()["error"]["field"] == "visitor"
    assert house.get("/api/visitors").status_code == 401
    session = house.post("/widget/session", json={"site": "demo", "language": "en", "invitation": "0" * 32}).json()
    assert "InvitationAccepted" not in str(session["events"])
