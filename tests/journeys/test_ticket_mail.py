"""Tickets by mail: a mailbox that is read, answers that go out and come back."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from app.config import Settings
from app.main import create_app
from desk.adapters.mailbox import ImapMailbox
from desk.service import letters
from tests.journeys.conftest import COMPANY
from tests.journeys.people import PATIENCE, ROOT, hire, sign_in, until
from tests.servers.mail import Kept, Mailbox, mail_server, mailbox

POLICIES = """
[[tickets.types]]
id = "letter"
name = { zh = "来信", en = "Letter" }
states = [
    { id = "new", name = { zh = "新", en = "New" }, kind = "open" },
    { id = "asked", name = { zh = "待客户", en = "Asked" }, kind = "waiting" },
    { id = "done", name = { zh = "已解决", en = "Solved" }, kind = "done" },
]
moves = { new = ["asked", "done"], asked = ["new"], done = ["new"] }

[[tickets.policies]]
"""
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc33"
    "0000000049454e44ae426082"
)


@pytest.fixture
def mail() -> Iterator[Kept]:
    """The server that takes our mail."""
    with mail_server() as kept:
        yield kept


@pytest.fixture
def box() -> Iterator[Mailbox]:
    """The mailbox that customers write to."""
    with mailbox() as opened:
        yield opened


@pytest.fixture
async def house(
    settings: Settings, mail: Kept, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[TestClient]:
    """A house that reads and writes mail."""
    monkeypatch.setattr(letters, "EVERY", letters.EVERY * 0)
    company = COMPANY.replace("[tickets]", '[tickets]\nmail = "letter"').replace("[[tickets.policies]]", POLICIES)
    settings.company.write_text(company)
    await hire(settings, ROOT)
    made = {
        "smtp_url": SecretStr(mail.url),
        "mail_from": "客服 <support@shop.example>",
        "imap_url": SecretStr(box.url),
        "ticket_mail": "support+{ticket}@shop.example",
    }
    with TestClient(create_app(settings.model_copy(update=made))) as client:
        yield client


def letter(text: str, subject: str = "耳机没声音", **headers: str) -> EmailMessage:
    """王伟 writes."""
    written = EmailMessage()
    told = {"From": "王伟 <wang@example.com>", "To": "support@shop.example", "Subject": subject}
    for name, value in {**told, **headers}.items():
        written[name.replace("_", "-")] = value
    written.set_content(text)
    return written


def only_ticket(house: TestClient) -> dict[str, Any]:
    (found,) = until("a ticket", lambda: house.get("/api/tickets?view=all").json()["tickets"])
    whole: dict[str, Any] = house.get(f"/api/tickets/{found['id']}").json()
    return whole


def said(ticket: dict[str, Any]) -> list[str]:
    return [one["body"]["text"] for one in ticket["changes"] if one["kind"] == "commented"]


def statuses_of_wrong_answers(house: TestClient, path: str, headers: dict[str, str]) -> list[int]:
    """One that says nothing, one with a file that is not there, one that no mail server takes."""
    big = {"file": ("a.txt", b"a" * (10 * 1024 * 1024), "text/plain")}
    large = house.post("/api/files", files=big, headers=headers).json()["id"]
    wrong = [{}, *({"text": "请看附件", "attachments": files} for files in (["nothing"], [large] * 2))]
    sent = [{"id": "wrong", "public": True, **one} for one in wrong]
    return [house.post(f"{path}/comments", json=one, headers=headers).status_code for one in sent]


def test_a_letter_opens_a_ticket_and_the_answer_to_our_answer_goes_on_with_it(
    house: TestClient, mail: Kept, box: Mailbox
) -> None:
    mei = sign_in(house, "mei")
    first = letter("右边没有声音，见照片。", Message_ID="<first@example.com>")
    first.add_attachment(PIXEL, maintype="image", subtype="png", filename="照片.png")
    first.add_attachment(b"MZ\x90\x00\x03", maintype="application", subtype="x-msdownload", filename="run.exe")
    box.put(first)
    ticket = only_ticket(house)
    assert (ticket["type"], ticket["title"], ticket["state"]) == ("letter", "耳机没声音", "new")
    assert ticket["text"].startswith("右边没有声音，见照片。\n[run.exe: ")
    (photo,) = ticket["changes"][0]["body"]["attachments"]
    assert house.get(photo["url"]).content == PIXEL
    profile = house.get(f"/api/contacts/{ticket['contact']}").json()
    assert (profile["name"], profile["email"]) == ("王伟", "wang@example.com")
    until("Seen", lambda: box.flags[1], lambda flags: "\\Seen" in flags)

    taken = mail.mails.get(timeout=PATIENCE)
    assert (taken["To"], taken["In-Reply-To"], taken["Auto-Submitted"]) == (
        "wang@example.com", "<first@example.com>", "auto-replied",
    )  # fmt: skip
    path = f"/api/tickets/{ticket['id']}"
    sent = {"file": ("说明书.png", PIXEL, "image/png")}
    manual = house.post("/api/files", files=sent, headers=mei).json()["id"]
    answer = {"id": "c1", "text": "请告诉我们订单号", "public": True, "attachments": [manual]}
    house.post(f"{path}/comments", json={"id": "c0", "text": "内部备注"}, headers=mei)
    version = house.post(f"{path}/comments", json=answer, headers=mei).json()["version"]
    house.patch(path, json={"version": version, "state": "asked"}, headers=mei)
    answered, moved = mail.mails.get(timeout=PATIENCE), mail.mails.get(timeout=PATIENCE)
    wrote = answered.get_body().get_content()
    assert "请告诉我们订单号" in wrote
    assert "内部备注" not in wrote
    (enclosed,) = answered.iter_attachments()
    assert (enclosed.get_filename(), enclosed.get_content_type(), enclosed.get_content()) == (
        "说明书.png", "image/png", PIXEL,
    )  # fmt: skip
    assert (answered["Subject"], answered["Auto-Submitted"]) == (f"Re: 耳机没声音 [#{ticket['number']}]", "no")
    assert "Asked" in moved.get_content()

    quoted = "".join(f"> {line}\n" for line in wrote.splitlines())
    ours = {"In_Reply_To": answered["Message-ID"], "Message_ID": "<2@example.com>"}
    text = f"KF10000001\n\nOn Monday kefu <support@shop.example> wrote:\n{quoted}"
    box.put(letter(text, "Re: 换了标题", **ours))
    back = until("a ticket that is new again", lambda: only_ticket(house), lambda now: now["state"] == "new")
    assert statuses_of_wrong_answers(house, path, mei) == [422, 422, 413]
    assert said(back) == ["内部备注", "请告诉我们订单号", "KF10000001"]
    box.put(letter("另外，请开发票", "发票", To=answered["Reply-To"], From="kollege@example.com", Message_ID="<3@e>"))
    until("the second wish", lambda: said(only_ticket(house))[3:], lambda news: news == ["另外，请开发票"])
    box.put(letter("这是我第一封信的补充", "补充", References="<first@example.com>", Message_ID="<4@example.com>"))
    box.put(letter("这是我第一封信的补充", "补充", References="<first@example.com>", Message_ID="<4@example.com>"))
    until("Seen", lambda: box.flags, lambda flags: all("\\Seen" in kept for kept in flags.values()))
    assert said(only_ticket(house))[4:] == ["这是我第一封信的补充"]
    root = sign_in(house, "root")
    assert house.get("/api/mails").json()["mailbox"]["error"] == ""
    house.post(f"/api/contacts/{ticket['contact']}/erase", headers=root)
    erased = house.get(path)
    assert all(word not in erased.text for word in ("耳机", "发票", "照片", "first@example.com"))
    assert house.get(photo["url"]).status_code == 404


def test_what_no_person_wrote_opens_nothing_and_what_came_back_is_told(
    house: TestClient, mail: Kept, box: Mailbox
) -> None:
    root = sign_in(house, "root")

    def deliver(written: EmailMessage) -> dict[str, Any]:
        done: dict[str, Any] = house.post("/api/tickets/mail", content=written.as_bytes(), headers=root).json()
        return done

    opened = deliver(letter("第一封", Message_ID="<1@example.com>"))
    assert (opened["outcome"], deliver(letter("第一封", Message_ID="<1@example.com>"))["outcome"]) == (
        "opened",
        "known",
    )
    ours = mail.mails.get(timeout=PATIENCE)
    away = letter("我在休假", In_Reply_To=ours["Message-ID"], Auto_Submitted="auto-replied", Message_ID="<2@e>")
    assert deliver(away)["reason"] == "no person wrote it (automatic)"
    assert deliver(letter("x", From="support@shop.example"))["reason"] == "our own mail"
    report = letter(f"could not be delivered\n\nMessage-ID: {ours['Message-ID']}", From="MAILER-DAEMON@example.com")
    assert deliver(report) == {"outcome": "undelivered", "number": opened["number"], "reason": ""}
    ticket = only_ticket(house)
    (told,) = said(ticket)
    assert "could not be delivered" in told
    assert [one["public"] for one in ticket["changes"] if one["kind"] == "commented"] == [False]
    forged = ours["Message-ID"].replace(f"ticket.{opened['number']}.", f"ticket.{opened['number']}.0", 1)
    evil = letter("别人的工单", From="evil@example.com", In_Reply_To=forged, Message_ID="<5@e>")
    assert deliver(evil)["number"] != opened["number"]
    assert deliver(EmailMessage())["outcome"] == "refused"

    house.put(f"/api/contacts/{ticket['contact']}/block", json={"hours": 1, "reason": "spam"}, headers=root)
    until(
        "a refusal",
        lambda: deliver(letter("再来", Message_ID="<6@e>"))["reason"],
        lambda reason: reason == "the sender is blocked",
    )
    flood = [deliver(letter("x", From="flood@example.com", Message_ID=f"<f{n}@e>"))["outcome"] for n in range(11)]
    assert flood == ["opened"] * 10 + ["refused"]
    uid = box.put(letter("x", Precedence="bulk"))
    until("both flags", lambda: box.flags[uid], lambda flags: flags == {"\\Seen", "\\Flagged"})
    changes = house.get("/api/audit/changes").json()["changes"]
    assert "mail.refused" in [one["act"] for one in changes]
    token = house.post("/api/tokens", json={"name": "mta", "scopes": ["mail.deliver"]}, headers=root).json()["token"]
    house.cookies.clear()
    by_token = {"Authorization": f"Bearer {token}"}
    piped = house.post("/api/tickets/mail", content=letter("来自管道", From="p@e.example").as_bytes(), headers=by_token)
    assert piped.json()["outcome"] == "opened"
    sign_in(house, "mei")
    assert house.post("/api/tickets/mail", content=b"x").status_code == 403
    addresses = [parseaddr(mail.mails.get(timeout=PATIENCE)["To"])[1] for _ in range(12)]
    assert "evil@example.com" in addresses


async def test_a_mailbox_that_cannot_be_read_is_told_and_asked_again(box: Mailbox) -> None:
    taken: list[bytes | None] = []

    class Door:
        async def receive(self, raw: bytes) -> letters.Received:
            taken.append(raw)
            return letters.Received("opened", 1001)

    box.put(letter("x"))
    now = datetime.now(UTC)
    wrong = letters.Postman(ImapMailbox(box.url.replace("right", "wrong")), Door())  # type: ignore[arg-type]
    assert (await wrong.fetch(now), taken) == (0, [])
    assert wrong.state is not None
    assert wrong.state["error"].startswith("the server refused")
    postman = letters.Postman(ImapMailbox(box.url), Door())  # type: ignore[arg-type]
    assert [await postman.fetch(now + seconds * timedelta(seconds=1)) for seconds in (0, 1, 30)] == [1, 0, 0]
    assert len(taken) == 1
