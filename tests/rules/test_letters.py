"""What a mail says, whoever wrote the program it was written with."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.rules.letters import LINE, BadLetter, plain_of, read_letter, unquoted

WRITTEN = "第二次来信：\n还是没有收到退款。"
QUOTES = (
    f"{LINE}\n\n您好，请稍候",
    "On Mon, 2 Nov 2026 at 10:01, kefu <support@shop.example> wrote:\n> 您好，请稍候\n> 小美",
    "在 2026年11月2日，kefu 写道：\n\n> 您好，请稍候",
    "kefu <support@shop.example> 于2026年11月2日周一 10:01写道：\n\n您好，请稍候",
    "------------------ 原始邮件 ------------------\n发件人: kefu\n您好，请稍候",
    "-----Original Message-----\nFrom: kefu <support@shop.example>\nSent: Monday\n请稍候",
    "________________________________\nFrom: kefu <support@shop.example>\nSent: Monday\n请稍候",
    "发件人： kefu\n发送时间： 2026-11-02 10:01\n收件人： wang\n请稍候",
    "-- \nWang Wei\nFinance",
)


def letter(text: str, **headers: str) -> EmailMessage:
    mail = EmailMessage()
    told = {"From": "王伟 <Wang@Example.com>", "To": "support@shop.example", "Subject": "退款"}
    for name, value in {**told, "Message-ID": "<1@example.com>", **headers}.items():
        if value:
            mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


@pytest.mark.parametrize("quote", QUOTES)
def test_what_is_quoted_below_is_left_out(quote: str) -> None:
    assert unquoted(f"{WRITTEN}\n\n{quote}") == WRITTEN


def test_who_writes_below_the_quotation_is_understood_and_nothing_is_lost() -> None:
    assert unquoted(f"On Monday Mei from the shop wrote:\n> 请稍候\n\n{WRITTEN}") == WRITTEN
    assert unquoted("> 只有引用") == "> 只有引用"
    assert unquoted("发件人是谁？我没有写明") == "发件人是谁？我没有写明"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=200))
def test_something_written_never_becomes_nothing(text: str) -> None:
    assert bool(unquoted(text)) == bool(text.strip())


def test_html_alone_is_read_as_text() -> None:
    html = "<style>p{}</style><p>您好，<b>退款</b>呢？</p><div>谢谢<br>王伟</div><blockquote>请稍候</blockquote>"
    assert plain_of(html) == "您好，退款呢？\n\n谢谢\n王伟"
    assert plain_of("<blockquote>只有引用</blockquote>") == "只有引用"


def test_a_chinese_mail_in_an_old_encoding_with_a_file() -> None:
    mail = letter("x")
    mail.set_payload("朱镕基路的包裹".encode("gbk"))
    mail.replace_header("Content-Type", 'text/plain; charset="gb2312"')
    mail.replace_header("Content-Transfer-Encoding", "8bit")
    mail.make_mixed()
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="照片.png")
    read = read_letter(mail.as_bytes())
    assert (read.sender, read.name, read.subject) == ("wang@example.com", "王伟", "退款")
    assert read.text == "朱镕基路的包裹"
    assert [(file.name, file.content) for file in read.files] == [("照片.png", b"\x89PNG")]
    assert read.automatic == ""


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Auto_Submitted": "auto-replied (vacation)"}, "automatic"),
        ({"Precedence": "bulk"}, "automatic"),
        ({"List_Id": "<news.example.com>"}, "automatic"),
        ({"From": "no-reply@example.com"}, "automatic"),
        ({"From": "MAILER-DAEMON@example.com"}, "bounce"),
        ({"Return_Path": "<>"}, "bounce"),
        ({"Auto_Submitted": "no"}, ""),
    ],
)
def test_what_no_person_wrote_is_told_apart(headers: dict[str, str], why: str) -> None:
    assert read_letter(letter("I am away", **headers).as_bytes()).automatic == why


def test_it_names_the_ticket_and_the_letters_it_answers() -> None:
    told = {
        "In_Reply_To": "<ticket.1001.0123456789abcdef.aa@shop.example>",
        "To": "support+1002.fedcba9876543210@shop.example",
    }
    read = read_letter(letter("好的", **told).as_bytes())
    assert read.claims == ((1001, "0123456789abcdef"), (1002, "fedcba9876543210"))
    assert len(read.references) == 1


def test_what_is_no_mail_is_refused() -> None:
    for raw in (b"", b"hello", letter("x", From="nobody").as_bytes()):
        with pytest.raises(BadLetter):
            read_letter(raw)


@given(st.binary(max_size=400))
def test_no_bytes_break_it(raw: bytes) -> None:
    for whole in (raw, b"From: a@b.example\r\n" + raw):
        try:
            read_letter(whole)
        except BadLetter:
            continue
