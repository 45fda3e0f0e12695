"""What supervisors see and do: figures, audit, contacts out and gone, files gone with the words."""

from fastapi.testclient import TestClient

from tests.journeys.people import days_from_now, hear, sign_in, until


def test_the_queue_the_groups_and_the_audit(house: TestClient) -> None:
    with house.websocket_connect("/widget/socket") as customer:
        customer.send_json({"type": "hello", "site": "demo", "language": "en"})
        here = hear(customer, "welcome")["conversation"]
        customer.send_json({"type": "person", "id": "p"})
        hear(customer, "queue")
        sue = sign_in(house, "sue")
        figures = house.get("/api/queue").json()
        assert (figures["waiting"], figures["agents"]["offline"], figures["free_capacity"]) == (1, 3, 0)
        assert figures["longest_wait_seconds"] > 0
        (group,) = house.get("/api/groups").json()["groups"]
        assert (group["id"], group["name"], group["strategy"]) == ("sales", {"zh": "售前", "en": "Sales"}, "least_busy")
        assert house.post(f"/api/conversations/{here}/take", json={"id": "t"}, headers=sue).status_code == 200
        to_nobody = {"id": "x", "group": "lawyers"}
        refused = house.post(f"/api/conversations/{here}/transfer", json=to_nobody, headers=sue)
        assert (refused.status_code, refused.json()["error"]["field"]) == (422, "group")
        (act,) = house.get("/api/audit").json()["events"]
        assert (act["kind"], act["agent"], act["conversation"]) == ("AgentAssigned", "s1", here)
        sign_in(house, "mei")
        assert house.get("/api/audit").status_code == 403


def test_a_contact_is_exported_and_then_erased_with_their_files(house: TestClient) -> None:
    session = house.post("/widget/session", json={"site": "demo", "language": "en"}).json()
    token = {"Authorization": f"Bearer {session['token']}"}
    kept = house.post("/widget/files", files={"file": ("note.txt", b"my address")}, headers=token).json()
    house.post(
        "/widget/messages",
        json={"id": "m", "text": "I am Ann of Elm Street", "attachments": [kept["id"]]},
        headers=token,
    )
    left = {"id": "l", "text": "call me", "name": "Ann", "email": "ann@example.org"}
    assert house.post("/widget/left-messages", json=left, headers=token).status_code == 200
    mei = sign_in(house, "mei")
    path = f"/api/contacts/{session['contact']}"
    assert house.post(f"{path}/erase", headers=mei).status_code == 403
    sue = sign_in(house, "sue")
    assert "Elm Street" in house.get(f"{path}/export").text
    assert house.post(f"{path}/erase", headers=sue).json()["erased"] >= 2
    exported = house.get(f"{path}/export").text
    assert not [word for word in ("Elm Street", "Ann", "ann@example.org", "note.txt") if word in exported]
    assert house.get(f"/api/files/{kept['id']}").status_code == 404
    assert house.get("/api/contacts/nobody/export").status_code == 404


def test_colleagues_see_who_looks_and_who_types(house: TestClient) -> None:
    with house.websocket_connect("/widget/socket") as customer:
        customer.send_json({"type": "hello", "site": "demo", "language": "en"})
        here = hear(customer, "welcome")["conversation"]
        sign_in(house, "mei")
        with house.websocket_connect("/live") as mei:
            mei.send_json({"type": "open", "conversation": here})
            assert [one["id"] for one in hear(mei, "viewing")["staff"]] == ["a1"]
            customer.send_json({"type": "typing", "on": True})
            assert hear(mei, "typing")["who"] == "customer"
            sign_in(house, "sue")
            with house.websocket_connect("/live") as sue:
                sue.send_json({"type": "open", "conversation": here})
                assert {one["id"] for one in hear(mei, "viewing")["staff"]} == {"a1", "s1"}
            assert [one["id"] for one in hear(mei, "viewing")["staff"]] == ["a1"]
            csrf = sign_in(house, "mei")
            house.put("/api/presence", json={"presence": "online"}, headers=csrf)
            online = {"id": "a1", "presence": "online", "load": 0}
            hear(mei, "changes", where=lambda told: online in told["staff"])


def test_reports_as_figures_percentiles_and_tables(house: TestClient) -> None:
    sue = sign_in(house, "sue")
    session = house.post("/widget/session", json={"site": "demo", "language": "en"}).json()
    token = {"Authorization": f"Bearer {session['token']}"}
    house.post("/widget/wishes", json={"type": "person", "id": "p"}, headers=token)
    house.post(f"/api/conversations/{session['conversation']}/take", json={"id": "t"}, headers=sue)
    house.post(f"/api/conversations/{session['conversation']}/replies", json={"id": "r", "text": "hi"}, headers=sue)
    span = {"from": days_from_now(-30), "to": days_from_now(2), "by": "agent"}
    total = until(
        "a first response",
        lambda: house.get("/api/reports", params=span).json()["total"],
        lambda found: found["first_response_seconds"] is not None,
    )
    assert total["answered"] == 1
    told = house.get("/api/reports/percentiles", params={**span, "measure": "first_response"}).json()
    assert told["total"]["count"] == 1
    assert told["rows"][0]["key"] == "s1"
    assert house.get("/api/reports/percentiles", params={**span, "measure": "luck"}).status_code == 422
    table = house.get("/api/reports/figures.csv", params=span)
    assert table.headers["content-disposition"] == 'attachment; filename="by-agent.csv"'
    heading, *lines = (line.split(",") for line in table.text.splitlines())
    assert {"key", "volume", "occupancy"} <= set(heading)
    assert "s1" in {line[0] for line in lines}
    for words, named in (("zh", ["坐席", "会话量"]), ("en", ["Agent", "Conversations"])):
        lines = house.get("/api/reports/figures.csv", params={**span, "words": words}).text.splitlines()
        assert lines[0].removeprefix("\ufeff").split(",")[:2] == named
        assert "Sue" in {line.split(",")[0] for line in lines}
        rows = house.get("/api/reports/conversations.csv", params={**span, "words": words}).text.splitlines()
        assert "Sue" in rows[1].split(",")
        assert "s1" not in rows[1].split(",")
    body = {"id": "k", "type": "refund", "title": "pay", "fields": {"order": "1"}}
    house.post("/api/tickets", json=body, headers=sue)
    promises = house.get("/api/reports/tickets", params={**span, "by": "type"}).json()
    assert promises["total"]["opened"] == 1
    assert promises["rows"][0]["resolution"] == {"met": 0, "breached": 0, "kept": None}
    assert house.get("/api/reports/agents", params=span).status_code == 200
    sign_in(house, "mei")
    for path in ("percentiles?measure=wait&", "figures.csv?", "agents?", "tickets?"):
        refused = house.get(f"/api/reports/{path}from={span['from']}&to={span['to']}".replace("+", "%2B"))
        assert refused.status_code == 403
