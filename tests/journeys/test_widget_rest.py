"""The widget's door over REST: sessions, messages, files, signed identities, and nobody at the desk."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import jwt
import pytest
from fastapi.testclient import TestClient

from tests.journeys.people import hear, sign_in, until

SECRET = "the shop's own secret, 32 bytes long"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + bytes(40)


def enter(house: TestClient, **more: object) -> tuple[dict[str, object], dict[str, str]]:
    answer = house.post("/widget/session", json={"site": "demo", "language": "en", **more})
    assert answer.status_code == 200, answer.text
    return answer.json(), {"Authorization": f"Bearer {answer.json()['token']}"}


def identity(subject: str, secret: str = SECRET, **claims: object) -> str:
    until = datetime.now(UTC) + timedelta(minutes=5)
    return jwt.encode({"sub": subject, "exp": until, "name": "Li Lei", **claims}, secret, "HS256")


def docx() -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return file.getvalue()


def test_a_whole_conversation_without_a_socket(house: TestClient) -> None:
    welcome, token = enter(house)
    sent = house.post("/widget/messages", json={"id": "m1", "text": "在吗 hello"}, headers=token)
    again = house.post("/widget/messages", json={"id": "m1", "text": "在吗 hello"}, headers=token)
    assert sent.json() == again.json()
    assert house.post("/widget/wishes", json={"type": "end", "id": "e"}, headers=token).status_code == 200
    assert house.post("/widget/rating", json={"id": "r", "score": 4}, headers=token).status_code == 200
    seen = house.get("/widget/history", headers=token).json()["events"]
    mine = [event for event in seen if event["kind"] == "MessageReceived"]
    assert [(event["id"], event["text"], event["seq"]) for event in mine] == [("m1", "在吗 hello", sent.json()["seq"])]
    assert house.get("/widget/history").json()["error"]["code"] == "unauthenticated"
    back, _ = enter(house, token=welcome["token"])
    assert back["conversation"] == welcome["conversation"]


@pytest.mark.parametrize(
    ("body", "field"),
    [({"id": "m"}, None), ({"id": "no spaces", "text": "x"}, "id"), ({"id": "m", "text": "a\u0000"}, "text")],
)
def test_a_bad_message_names_its_field(house: TestClient, body: dict[str, str], field: str | None) -> None:
    _, token = enter(house)
    answer = house.post("/widget/messages", json=body, headers=token)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)


def test_files_are_known_by_their_content_and_shown_to_their_owner(house: TestClient) -> None:
    _, token = enter(house)
    kept = house.post("/widget/files", files={"file": ("../小猫.exe", PNG)}, headers=token).json()
    assert (kept["name"], kept["media_type"], kept["size"]) == ("小猫.exe", "image/png", len(PNG))
    word = house.post("/widget/files", files={"file": ("a.docx", docx())}, headers=token).json()
    assert word["media_type"].endswith("wordprocessingml.document")
    sent = {"id": "m1", "attachments": [kept["id"], word["id"]]}
    assert house.post("/widget/messages", json=sent, headers=token).status_code == 200
    events = house.get("/widget/history", headers=token).json()["events"]
    event = next(event for event in events if event.get("id") == "m1")
    assert [file["url"] for file in event["attachments"]] == [kept["url"], word["url"]]
    mine = token["Authorization"].split()[1]
    picture = house.get(f"{kept['url']}?token={mine}")
    assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")
    assert "sandbox" in picture.headers["content-security-policy"]
    assert house.get(f"{word['url']}?token={mine}").headers["content-disposition"].startswith("attachment")
    _, other = enter(house)
    assert house.get(f"{kept['url']}?token={other['Authorization'].split()[1]}").status_code == 404
    stolen = house.post("/widget/messages", json=sent | {"id": "m2"}, headers=other)
    assert (stolen.status_code, stolen.json()["error"]["field"]) == (422, "attachments")
    sign_in(house, "mei")
    assert house.get(f"/api/files/{kept['id']}").content == PNG
    assert house.get("/api/files/..%2Fsecret").status_code == 404


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"", 422), (b"<svg onload=alert(1)>\x00", 415), (b"MZ\x90\x00" + bytes(99), 415), (bytes(10_500_000), 413)],
)
def test_a_file_that_is_not_taken_says_why(house: TestClient, content: bytes, status: int) -> None:
    _, token = enter(house)
    answer = house.post("/widget/files", files={"file": ("x.png", content)}, headers=token)
    assert (answer.status_code, answer.json()["error"]["field"]) == (status, "file")


def test_twenty_files_a_minute_are_enough(house: TestClient) -> None:
    _, token = enter(house)
    codes = [
        house.post("/widget/files", files={"file": ("a.txt", b"hi")}, headers=token).status_code for _ in range(21)
    ]
    assert codes == [201] * 20 + [429]


def test_a_body_that_does_not_end_is_cut(house: TestClient) -> None:
    _, token = enter(house)
    answer = house.post("/widget/messages", content=b" " * 12_000_000, headers=token)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


def test_a_sites_own_user_is_recognised_and_keeps_what_they_began(house: TestClient) -> None:
    stranger, token = enter(house)
    house.post("/widget/messages", json={"id": "m1", "text": "hi"}, headers=token)
    known, _ = enter(house, token=stranger["token"], identity=identity("user-7", email="li@shop.example"))
    assert known["conversation"] == stranger["conversation"]
    assert known["contact"] != stranger["contact"]
    elsewhere, _ = enter(house, identity=identity("user-7"))
    assert elsewhere["conversation"] == stranger["conversation"]
    signed_out, _ = enter(house, token=known["token"])
    assert signed_out["conversation"] != stranger["conversation"]
    sign_in(house, "sue")
    told = house.get(f"/api/conversations/{known['conversation']}").json()
    assert told["conversation"]["contact_name"] == "Li Lei"
    assert told["contact"]["email"] == "li@shop.example"


def test_a_false_identity_and_a_foreign_page_are_refused(house: TestClient) -> None:
    hello = {"site": "demo", "language": "en"}
    for false in (identity("u", "another secret, 32 bytes long too"), identity("")):
        refused = house.post("/widget/session", json={**hello, "identity": false})
        assert (refused.status_code, refused.json()["error"]["field"]) == (401, "identity")
    unknown = house.post("/widget/session", json={**hello, "site": "nowhere"})
    assert (unknown.status_code, unknown.json()["error"]["field"]) == (404, "site")
    for origin, status in (("https://evil.example", 403), ("https://shop.example", 200)):
        assert house.post("/widget/session", json=hello, headers={"Origin": origin}).status_code == status


def test_nobody_is_there_so_a_message_is_left_and_taken_later(house: TestClient) -> None:
    with house.websocket_connect("/widget/socket") as customer:
        customer.send_json({"type": "hello", "site": "demo", "language": "zh"})
        here = hear(customer, "welcome")["conversation"]
        customer.send_json({"type": "person", "id": "p"})
        away = hear(customer, "away")
        assert "留言" in away["message"]
        customer.send_json({"type": "leave", "id": "l", "text": "请回电", "phone": "13900000000"})
        assert hear(customer, "ack")["id"] == "l"
    csrf = sign_in(house, "mei")
    house.put("/api/presence", json={"presence": "online"}, headers=csrf)
    told = house.get(f"/api/conversations/{here}").json()
    assert told["conversation"]["holder"]["agent"] == "a1"
    assert told["contact"]["phone"] == "13900000000"


def test_the_sites_face_is_public(house: TestClient) -> None:
    face = house.get("/widget/config?site=demo").json()
    assert face["title"] == {"zh": "客服", "en": "Support"}
    assert "secret" not in str(face)


def test_what_was_offered_stands_in_the_conversation_and_only_what_we_offer(house: TestClient) -> None:
    offers = house.get("/widget/config?site=demo").json()["invitations"]
    assert [(one["id"], one["event"], one["pages"]) for one in offers] == [("cart", "cart", [])]
    welcome, _ = enter(house, invitation="cart", page="https://shop.example/cart")
    (offer,) = [event for event in welcome["events"] if event["kind"] == "InvitationAccepted"]  # type: ignore[attr-defined]
    assert (offer["text"], "page" in offer) == ("Can we help?", False)
    again, _ = enter(house, token=welcome["token"], invitation="cart")
    assert [event["kind"] for event in again["events"]].count("InvitationAccepted") == 1  # type: ignore[attr-defined]
    strange, _ = enter(house, invitation="free-money")
    assert "InvitationAccepted" not in str(strange["events"])


def test_who_wants_to_be_called_back_gets_a_ticket(house: TestClient) -> None:
    _, token = enter(house)
    left = {"id": "l", "text": "my parcel", "name": "Ben", "email": "ben@example.com", "call": True}
    refused = house.post("/widget/left-messages", json=left, headers=token)
    assert refused.status_code == 422
    for _ in range(2):
        answer = house.post("/widget/left-messages", json={**left, "phone": "+86 10 1234"}, headers=token)
        assert answer.status_code == 200, answer.text
    sign_in(house, "mei")
    found = until("a ticket", lambda: house.get("/api/tickets?type=call").json()["tickets"])
    assert [(one["title"], one["text"]) for one in found] == [("Ben +86 10 1234", "my parcel")]
