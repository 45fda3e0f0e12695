"""What the customer's door accepts; pure."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Literal
from urllib.parse import urlsplit

from web.hours import Hours

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
TEXT_LENGTH: Final = 4000
COMMENT_LENGTH: Final = 1000
FRAME_BYTES: Final = 65_536
ATTACHMENTS: Final = 10
SECRET_BYTES: Final = 32  # RFC 7518, 3.2: as long as the hash


@dataclass(frozen=True, slots=True)
class Invitation:
    """Help that the widget offers by itself: on pages whose address holds one of `pages` (none: on all), once `event`
    happened ("": none is needed) and then `after_seconds` have passed; again after `again_hours` at the soonest."""

    id: str
    text: Mapping[str, str]
    pages: tuple[str, ...] = ()
    event: str = ""
    after_seconds: float = 0.0
    again_hours: float = 24.0


@dataclass(frozen=True, slots=True)
class Site:
    """A place where the widget stands; texts are by language, `origins` may hold "*".

    Who asks for a person here waits for `group` ("": anybody), within `hours` (None: the company's). `languages` are
    those that the widget offers, the first to whoever wants another; texts are there in each.
    """

    title: Mapping[str, str]
    greeting: Mapping[str, str]
    color: str = "#2f6fed"
    quick_replies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    origins: tuple[str, ...] = ()
    identity_secret: str = ""
    invitations: tuple[Invitation, ...] = ()
    group: str = ""
    hours: Hours | None = None
    languages: tuple[Language, ...] = LANGUAGES

    def __post_init__(self) -> None:
        if not self.languages:
            raise ValueError("languages: at least one is needed")
        for texts in (self.title, self.greeting, *(one.text for one in self.invitations)):
            if missing := missing_language(texts, self.languages):
                raise ValueError(f"a text is not there in {missing}")
        if 0 < len(self.identity_secret.encode()) < SECRET_BYTES:
            raise ValueError(f"identity_secret has at least {SECRET_BYTES} bytes, or is empty")

    def speaks(self, wish: Language) -> Language:
        """The language that somebody who wishes for this one is spoken to in."""
        return wish if wish in self.languages else self.languages[0]


def group_of(sites: Mapping[str, Site], site: str) -> str:
    """Who the customers of a site go to; "" is anybody, also for a site that is no more."""
    return sites[site].group if site in sites else ""


def missing_language(texts: Container[str], languages: Sequence[Language]) -> str:
    """One in which these are not, or ""."""
    return next((one for one in languages if one not in texts), "")


def may_embed(site: Site, origin: str | None, host: str) -> bool:
    """May a page of this origin show the widget? The server's own may, and so may what is no browser page (None)."""
    return origin is None or urlsplit(origin).netloc == host or bool({origin, "*"} & set(site.origins))


def contact_of(site: str, subject: str) -> str:
    """The contact id of a site's own signed-in user: always the same, and not to be guessed back."""
    named = "\0".join((site, subject))
    return f"i{sha256(named.encode()).hexdigest()[:32]}"


def needs_identity(contact: str) -> bool:
    """A signed-in user's contact opens to their signed identity only: a shared computer keeps tokens."""
    return contact.startswith("i")


_AWAY: Final = {
    "zh": "现在没有人工客服在线。请留言并留下联系方式，我们上班后会尽快回复您。",
    "en": "Nobody is at the desk just now. Leave a message and how to reach you, and we will answer when we are back.",
}
_CROWDED: Final = {
    "zh": "现在排队的客户较多。您可以继续等待，也可以留言并留下联系方式，我们会尽快回复您。",
    "en": "Many people are waiting just now. You can stay in the queue, or leave a message and how to reach you.",
}


def away_message(language: str, *, crowded: bool) -> str:
    """What a customer reads who asked for a person while nobody is there, or too many wait already."""
    messages = _CROWDED if crowded else _AWAY
    return messages.get(language, messages["en"])


def flaw_of_text(text: str, limit: int = TEXT_LENGTH) -> str:
    """Why this cannot be a message's text, or ""."""
    if len(text) > limit:
        return f"at most {limit} characters, these are {len(text)}"
    if "\x00" in text:
        return "a null character cannot be stored"
    try:
        text.encode()
    except UnicodeEncodeError:
        return "half of a surrogate pair is not a character"
    return ""
