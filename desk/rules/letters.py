"""Mail that customers write: what it says without what it quotes, and which ticket it belongs to. Pure."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.utils import parseaddr
from hashlib import sha256
from html.parser import HTMLParser
from typing import Final

LINE: Final = "##- 请在此行上方回复 · Please write above this line -##"
TEXT: Final = 8000  # characters of a letter that are kept
SUBJECT: Final = 200
FILES: Final = 10
CHARSETS: Final = {"gb2312": "gb18030", "gbk": "gb18030", "us-ascii": "utf-8", "": "utf-8"}
NOBODY: Final = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([+=._-].*)?@", re.I)
BULK: Final = ("bulk", "junk", "list", "auto_reply")
AUTOMATIC: Final = ("X-Autoreply", "X-Autorespond", "List-Id", "Feedback-ID")
# Where mail programs begin to quote: Gmail and Apple, Outlook, QQ and NetEase, Foxmail, in both languages.
QUOTED: Final = re.compile(
    r"^\s*(?:##-|-{2,}\s*(?:original message|forwarded message|原始邮件|原始郵件|转发邮件|转发的邮件|回复的原邮件)\s*-*"
    r"|_{10,}$|on\s.{4,200}\bwrote\s*[:：]\s*$|(?:在|于)\s*.{4,200}(?:写道|寫道)\s*[:：]\s*$"
    r"|.{4,200}(?:于|在)\s*\d{4}[年/-].{2,100}(?:写道|寫道)\s*[:：]\s*$"
    r"|from:\s.+@.+$|发件人\s*[:：].+$|寄件者\s*[:：].+$)",
    re.I,
)
SIGNED: Final = re.compile(r"ticket\.(\d{1,12})\.([0-9a-f]{16})\.|\+(\d{1,12})\.([0-9a-f]{16})@", re.I)
REFERENCE: Final = re.compile(r"<[^<>\s]{3,400}>")


class BadLetter(ValueError):
    """This is no mail that a ticket can be made of; the message says why and names nobody."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that came with a letter."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A customer's mail. `id` names it for good, `message_id` ("" for none) is its own header; `claims` are
    (ticket number, signature) that it carries, `references` the ids of letters it answers. `automatic` tells why no
    person wrote it, "" when one did."""

    id: str
    message_id: str
    sender: str
    name: str
    subject: str
    text: str
    files: tuple[Enclosure, ...] = ()
    claims: tuple[tuple[int, str], ...] = ()
    references: tuple[str, ...] = ()
    automatic: str = ""


def letter_id(message_id: str) -> str:
    """A Message-ID, whatever its length, as 32 characters that a cause may hold."""
    return sha256(message_id.strip().encode()).hexdigest()[:32]


def read_letter(raw: bytes) -> Letter:
    """RFC 5322 and MIME, as they really come. Raises BadLetter."""
    try:
        mail = message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
        name, sender = parseaddr(_header(mail, "From"))
    except (MessageError, ValueError, LookupError, IndexError, AttributeError) as error:
        raise BadLetter("it cannot be read as a mail") from error
    if not re.fullmatch(r"[^\s@<>,]{1,100}@[^\s@<>,]{1,99}", sender):
        raise BadLetter("it has no sender")
    said = [_header(mail, one) for one in ("In-Reply-To", "References", "To", "Cc", "Delivered-To", "X-Original-To")]
    automatic = _automatic(mail, sender)
    claims = _claims(" ".join([*said, _bounced(raw) if automatic else ""]))
    text, files = _parts(mail)
    references = tuple(letter_id(one) for one in REFERENCE.findall(" ".join(said[:2])))
    subject = re.sub(r"\s+", " ", _header(mail, "Subject")).strip()[:SUBJECT]
    message_id = "".join(REFERENCE.findall(_header(mail, "Message-ID"))[:1])
    id, text = letter_id(message_id or sha256(raw).hexdigest()), unquoted(text)[:TEXT]
    who = (id, message_id, sender.lower(), name.strip()[:64])
    return Letter(*who, subject, text, files, claims, references, automatic)


def _header(mail: Message, name: str) -> str:
    try:
        return " ".join(str(value) for value in mail.get_all(name, []))
    except (MessageError, ValueError, LookupError, IndexError, AttributeError):
        return ""  # a header that its own standard cannot parse says nothing


def _automatic(mail: EmailMessage, sender: str) -> str:
    """Why nobody wrote this by hand (RFC 3834, RFC 3464, and what mailers do beside them), or ""."""
    if mail.get_content_type() == "multipart/report" or _header(mail, "Return-Path").strip() == "<>":
        return "bounce"
    if NOBODY.match(sender):
        return "bounce" if sender.lower().startswith(("mailer-daemon", "postmaster", "bounce")) else "automatic"
    answered = _header(mail, "Auto-Submitted").split(";")[0].strip().lower()
    bulk = _header(mail, "Precedence").strip().lower() in BULK
    return "automatic" if answered not in ("", "no") or bulk or any(name in mail for name in AUTOMATIC) else ""


def _bounced(raw: bytes) -> str:
    """The letter that came back is quoted somewhere in the report."""
    return raw[:65_536].decode("latin-1")


def _claims(words: str) -> tuple[tuple[int, str], ...]:
    found = [(one[1] or one[3], one[2] or one[4]) for one in SIGNED.finditer(words)]
    return tuple(dict.fromkeys((int(number), signature.lower()) for number, signature in found))


def _parts(mail: EmailMessage) -> tuple[str, tuple[Enclosure, ...]]:
    """What it says, as plain text, and its files."""
    plain: list[str] = []
    html: list[str] = []
    files: list[Enclosure] = []
    for part in mail.walk():
        if part.is_multipart():
            continue
        content = part.get_payload(decode=True)
        content = content if isinstance(content, bytes) else b""
        kind, name = part.get_content_type(), part.get_filename() or ""
        if name or part.get_content_disposition() == "attachment" or kind not in ("text/plain", "text/html"):
            if content and not kind.startswith("message/") and len(files) < FILES:
                files.append(Enclosure(name or kind.replace("/", "."), content))
        else:
            (plain if kind == "text/plain" else html).append(_decoded(content, part.get_content_charset() or ""))
    text = "\n".join(plain).strip() or "\n".join(plain_of(one) for one in html)
    return text.replace("\r\n", "\n").replace("\0", "").strip(), tuple(files)


def _decoded(content: bytes, charset: str) -> str:
    try:
        return content.decode(CHARSETS.get(charset.lower(), charset))
    except (LookupError, UnicodeDecodeError):
        return content.decode("gb18030", "replace")


def unquoted(text: str) -> str:
    """What was newly written: without the quoted letter below it, quoted lines and the signature.

    Who writes below the quotation is understood too; what is nothing but quotation stays as it is.
    """
    kept: list[str] = []
    for line in text.splitlines():
        if QUOTED.match(line) and any(one.strip() for one in kept):
            break
        if line.rstrip() == "--":
            break
        if not line.lstrip().startswith(">") and not QUOTED.match(line):
            kept.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip() or text.strip()


class _Plain(HTMLParser):
    """Text of HTML, block by block, without what it quotes."""

    BREAKS: Final = ("br", "p", "div", "tr", "li", "h1", "h2", "h3", "table", "ul", "ol")
    SILENT: Final = ("script", "style", "head", "title", "blockquote")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in self.SILENT
        if tag in self.BREAKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in self.SILENT and self._silent > 0
        if tag in ("p", "div", "tr", "li"):
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(re.sub(r"\s+", " ", data))


def plain_of(html: str) -> str:
    """HTML as plain text; when all of it is quotation, with that."""
    for source in (html, re.sub(r"</?blockquote[^>]*>", "\n", html, flags=re.I)):
        reader = _Plain()
        reader.feed(source)
        reader.close()
        lines = [line.strip() for line in "".join(reader.said).splitlines()]
        if text := re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip():
            return text
    return ""
