"""A ticket's life, at the desk and in the widget."""

from fastapi.testclient import TestClient

from app.config import Settings
from app.main import create_app
from tests.journeys.people import hear, sign_in


def test_from_a_conversation_to_the_customers_own_list(house: TestClient) -> None:
    session = house.post("/widget/session", json={"site": "demo", "language": "zh"}).json()
    token = {"Authorization": f"Bearer {session['token']}"}
    mei = sign_in(house, "mei")
    new = {"id": "t1", "type": "refund", "title": "退款 KF1", "fields": {}, "conversation": session["conversation"]}
    refused = house.post("/api/tickets", json=new, headers=mei)
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "fields.order")
    with house.websocket_connect("/live") as live:
        hear(live, "welcome")
        made = house.post("/api/tickets", json={**new, "fields": {"order": "KF1"}}, headers=mei).json()
        assert hear(live, "ticket")["what"] == "opened"
    assert house.post("/api/tickets", json={**new, "fields": {"order": "KF1"}}, headers=mei).json()["id"] == made["id"]
    assert (made["number"], made["group"], made["contact"]) == (1001, "sales", session["contact"])
    assert {clock["target"]: clock["state"] for clock in made["clocks"]} == {
        "first_response": "running",
        "resolution": "running",
    }
    path = f"/api/tickets/{made['id']}"
    house.post(f"{path}/comments", json={"id": "c1", "text": "internal"}, headers=mei)
    said = house.post(f"{path}/comments", json={"id": "c2", "text": "请补充照片", "public": True}, headers=mei).json()
    assert said["clocks"][0]["state"] == "met"
    moved = house.patch(path, json={"version": said["version"], "state": "asked"}, headers=mei).json()
    assert moved["clocks"][1]["paused"]
    stale = house.patch(path, json={"version": said["version"], "priority": "high"}, headers=mei)
    assert (stale.status_code, stale.json()["error"]["field"]) == (409, "version")
    wrong = house.patch(path, json={"version": moved["version"], "state": "paid"}, headers=mei)
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "state")
    (own,) = house.get("/widget/tickets", headers=token).json()["tickets"]
    assert (own["state"]["en"], [one["text"] for one in own["comments"]]) == ("Asked", ["请补充照片"])
    house.post("/widget/tickets/1001/comments", json={"id": "w1", "text": "见附件"}, headers=token)
    assert "next_response" in [clock["target"] for clock in house.get(path).json()["clocks"]]
    again = house.get(path).json()
    assert (again["state"], again["clocks"][1]["paused"]) == ("new", False)  # they have answered: it is our turn
    events = house.get("/widget/history", headers=token).json()["events"]
    told = [event for event in events if event["kind"].startswith("Ticket")]
    assert [one["kind"] for one in told] == ["TicketOpened", "TicketAnswered", "TicketMoved", "TicketMoved"]
    assert (told[1]["name"], told[2]["en"]) == ("Mei", "Asked")
    assert "by" not in told[1]
    other = house.post("/widget/session", json={"site": "demo", "language": "en"}).json()
    stranger = {"Authorization": f"Bearer {other['token']}"}
    assert house.get("/widget/tickets", headers=stranger).json()["tickets"] == []
    foreign = house.post("/widget/tickets/1001/comments", json={"id": "w2", "text": "x"}, headers=stranger)
    assert foreign.status_code == 404
    house.put(f"/api/contacts/{session['contact']}/block", json={"hours": 1}, headers=sign_in(house, "sue"))
    refused = house.post("/widget/tickets/1001/comments", json={"id": "w3", "text": "快点"}, headers=token)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")


def test_lists_bulk_links_watchers_merge_and_export(house: TestClient) -> None:
    mei = sign_in(house, "mei")

    def make(id: str, title: str) -> str:
        body = {"id": id, "type": "refund", "title": title, "fields": {"order": id}}
        made: str = house.post("/api/tickets", json=body, headers=mei).json()["id"]
        return made

    first, second, third = (make(f"t{n}", title) for n, title in enumerate(("broken", "=late", "wrong")))
    done = house.post(
        "/api/tickets/bulk", json={"tickets": [first, second, "no"], "assignee": "a1"}, headers=mei
    ).json()
    assert (done["done"], done["refused"][0]["ticket"]) == ([first, second], "no")
    assert [one["title"] for one in house.get("/api/tickets?view=mine").json()["tickets"]] == ["=late", "broken"]
    assert [one["id"] for one in house.get("/api/tickets?q=wro").json()["tickets"]] == [third]
    house.put(f"/api/tickets/{third}/watch", headers=mei)
    assert [one["id"] for one in house.get("/api/tickets?view=watching").json()["tickets"]] == [third]
    link = {"kind": "order", "to": "KF1"}
    assert house.post(f"/api/tickets/{first}/links", json=link, headers=mei).json()["links"] == [link]
    lost = house.post(f"/api/tickets/{first}/links", json={"kind": "blocks", "to": "no"}, headers=mei)
    assert lost.json()["error"]["field"] == "to"
    merged = house.post(f"/api/tickets/{third}/merge", json={"into": first}, headers=mei).json()
    assert merged["watchers"] == ["a1"]
    ended = house.get(f"/api/tickets/{third}").json()
    stands = (ended["merged_into"], ended["state"], ended["state_kind"])
    assert stands == (first, "new", "done")  # nothing was paid back
    moved = house.patch(f"/api/tickets/{third}", json={"version": ended["version"], "state": "asked"}, headers=mei)
    assert (moved.status_code, moved.json()["error"]["field"]) == (422, "state")
    again = house.post(f"/api/tickets/{third}/merge", json={"into": second}, headers=mei)
    assert again.status_code == 422
    lines = house.get("/api/tickets.csv?view=all").text.splitlines()
    assert len(lines) == 4
    assert "'=late" in lines[2]
    call = {"id": "c", "type": "call", "title": "ring back"}
    endless = house.post("/api/tickets", json=call, headers=mei).json()["id"]
    assert house.post(f"/api/tickets/{endless}/merge", json={"into": first}, headers=mei).status_code == 200
    sheet = house.get("/api/tickets.csv?view=all&words=en").text.splitlines()
    assert ["Merged" in line for line in sheet[1:]] == [True, True, False, False]


def test_who_is_given_a_ticket_by_somebody_else_hears_by_whom(house: TestClient) -> None:
    new = {"type": "call", "title": "ring back"}
    sign_in(house, "bob")
    with house.websocket_connect("/live") as bob:
        hear(bob, "welcome")
        mei = sign_in(house, "mei")
        given = house.post("/api/tickets", json={**new, "id": "c1", "assignee": "a2"}, headers=mei).json()
        assert hear(bob, "ticket")["given_by"] == "Mei"
        path, taking = f"/api/tickets/{given['id']}", {"version": given["version"], "assignee": "a1"}
        assert house.patch(path, json=taking, headers=mei).status_code == 200
        house.post("/api/tickets/bulk", json={"tickets": [given["id"]], "assignee": "a2"}, headers=mei)
        house.post("/api/tickets/bulk", json={"tickets": [given["id"]], "priority": "high"}, headers=mei)
        own = house.post("/api/tickets", json={**new, "id": "c2", "assignee": "a2"}, headers=sign_in(house, "bob"))
        told = [hear(bob, "ticket") for _ in range(3)]
    assert [(one["what"], one["given_by"]) for one in told] == [("changed", "Mei"), ("changed", ""), ("opened", "")]
    assert told[2]["ticket"]["id"] == own.json()["id"]


def test_the_history_says_what_was_linked_unlinked_and_merged(house: TestClient) -> None:
    mei = sign_in(house, "mei")
    new = {"type": "call", "title": "ring back"}
    first, second = (house.post("/api/tickets", json={**new, "id": id}, headers=mei).json()["id"] for id in "ab")
    order, other = {"kind": "order", "to": "KF1"}, {"kind": "blocks", "to": second}
    house.post(f"/api/tickets/{first}/links", json=order, headers=mei)
    house.post(f"/api/tickets/{first}/links", json=other, headers=mei)
    house.request("DELETE", f"/api/tickets/{first}/links", json=order, headers=mei)
    house.post(f"/api/tickets/{second}/merge", json={"into": first}, headers=mei)
    changes = house.get(f"/api/tickets/{first}").json()["changes"]
    assert [(one["kind"], one["body"]) for one in changes[1:]] == [
        ("link_added", order),
        ("link_added", other),
        ("link_removed", order),
        ("merged", {"from": second}),
    ]


def test_that_a_ticket_of_nobody_is_late_is_told_to_the_supervisor(settings: Settings) -> None:
    assert settings.company is not None
    company = settings.company.read_text("utf-8")
    settings.company.write_text(company.replace("first_response = 3600", "first_response = 1"), "utf-8")
    with TestClient(create_app(settings)) as house:
        sign_in(house, "sue")
        with house.websocket_connect("/live") as live:
            hear(live, "welcome")
            call = {"id": "c", "type": "call", "title": "ring back"}
            made = house.post("/api/tickets", json=call, headers=sign_in(house, "mei")).json()
            told = hear(live, "ticket")
    assert (told["what"], told["ticket"]["id"], told["ticket"]["group"]) == ("breached", made["id"], "")
