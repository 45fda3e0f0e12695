"""What knowledge is made of, how others ask it, and what it needs from outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

if TYPE_CHECKING:  # a process that reads files starts in half the time without numpy
    from language.meanings import Vectors

Audience = Literal["public", "staff"]
Kind = Literal["text", "row", "pair"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document that says something by itself; `document` is the entry it belongs to.

    A `pair` has a `question` that its text answers; a `row` is one row of a table with its heads, as "head: cell; …".
    `page` is counted from 1 where the document has pages. Without `since` and `until` it is always valid.
    """

    document: str
    number: int
    text: str
    kind: Kind = "text"
    question: str = ""
    title: str = ""
    heading: str = ""
    page: int | None = None
    language: str = ""
    audience: Audience = "public"
    folder: str = ""
    tags: tuple[str, ...] = ()
    link: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def id(self) -> str:
        """Unique in the library."""
        return f"{self.document}:{self.number}"

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Passage":
        """From JSON, where days are texts and tags a list."""
        days = {name: date.fromisoformat(kept[name]) if kept[name] else None for name in ("since", "until")}
        return cls(**{**kept, **days, "tags": tuple(kept["tags"])})


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage before it belongs to a document."""

    text: str
    kind: Kind = "text"
    question: str = ""
    heading: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """A document as the store has it; JSON that nobody reads before the process that writes the index.

    `pieces` is a list of Piece, empty when nothing of it may be found; `shared` is what all passages have in common.
    """

    document: str
    pieces: str
    shared: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for: the words, and what may be found. Staff see both audiences, customers the public one."""

    text: str
    audience: Audience = "public"
    language: str = ""
    folder: str = ""
    tag: str = ""
    limit: int = 10
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. `score` orders the hits; `carries` (0 to 1) is how surely it answers the words."""

    passage: Passage
    score: float
    carries: float


@dataclass(frozen=True, slots=True)
class Answer:
    """An extract with its source; when nothing carries an answer, `text` and `hit` are empty: we do not know.

    `sure` is the probability, 0 to 1, that the library holds an answer to the question.
    """

    text: str
    sure: float
    language: str
    hit: Hit | None = None
    others: tuple[Hit, ...] = ()

    @property
    def known(self) -> bool:
        """Is there an answer?"""
        return self.hit is not None


class Knowledge(Protocol):
    """The library as the bot and agent assist ask it."""

    async def search(self, wish: Wish) -> list[Hit]:
        """The best passages, best first."""

    async def answer(self, wish: Wish) -> Answer:
        """The best sentence, row or pair with its source, or that nothing fits."""


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate of the index; `score` is its BM25 score, higher is better.

    `core` are the words that a question is held against, `rest` those over and under them, as they were cut when the
    passage was indexed: with spaces between.
    """

    passage: Passage
    score: float
    core: str
    rest: str


class Index(Protocol):
    """Finds candidates among all passages (on disk; may be shared by processes)."""

    @property
    def revision(self) -> int:
        """The library's revision that it stands at."""

    def search(
        self, wish: Wish, terms: Sequence[str], others: Sequence[str], sounds: Sequence[str], limit: int
    ) -> list[Found]:
        """Valid passages that hold some of the terms, other words for them, or sound like them, best first."""

    def fetch(self, wish: Wish, ids: Sequence[str]) -> list[Found]:
        """Those of the passages that may be found, in any order; without a score."""

    def rarity(self, term: str) -> float:
        """The term's inverse document frequency, in nats."""

    def reload(self) -> int:
        """Read what was written last, by whomever; gives the revision."""


class EmbedderAway(ConnectionError):
    """No vectors now; words alone are searched meanwhile."""


class Embedder(Protocol):
    """Turns texts into vectors, near each other where they mean nearly the same."""

    async def embed(self, texts: Sequence[str]) -> "Vectors":
        """A row for each. Raises EmbedderAway."""


class Nearness(Protocol):
    """The vectors of all passages (on disk; may be shared by processes)."""

    @property
    def revision(self) -> int:
        """The library's revision that they stand at."""

    def nearest(self, vector: "Vectors", limit: int) -> list[str]:
        """Ids of the nearest passages, best first."""

    def cosines(self, vector: "Vectors", ids: Sequence[str]) -> list[float | None]:
        """How near each is, -1 to 1; None for what has no vector yet."""

    def reload(self) -> int:
        """Read what was written last, by whomever; gives the revision."""


class Indexer(Protocol):
    """Writes an index, of words or of vectors."""

    async def write(self, documents: Sequence[Filed], revision: int, *, anew: bool) -> bool:
        """These are the documents' passages from now on (none removes one); False when another process writes.

        `anew` forgets everything before. Raises ConnectionError when it cannot.
        """


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document as its author laid it out; a table has `rows`, all of one length, and no text.

    `level` is a heading's depth from 1, 0 for what is no heading; `item` says that it is one of a list.
    """

    text: str = ""
    level: int = 0
    page: int | None = None
    item: bool = False
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was read in a file; `pages` is None where there are none, `said` how often it says what may be a tag.

    `scanned` are pages of pictures without text, counted from 1.
    """

    title: str
    pieces: tuple[Piece, ...]
    language: str
    said: Mapping[str, int]
    pages: int | None = None
    scanned: tuple[int, ...] = ()


REFUSALS: Final = {
    "large": "the file is larger than {megabytes} MB",
    "empty": "the file is empty",
    "ending": "{ending} is not taken; {taken} are",
    "nameless": "a file without ending is not taken; {taken} are",
    "mismatch": "the name says {ending}, the content does not",
    "office": "the file is encrypted, or of an old Office format",
    "macros": "the file carries macros",
    "coding": "the file is not text in UTF-8, UTF-16 or GB 18030",
    "damaged": "the file is damaged or not what its name says",
    "encrypted": "the file is encrypted",
    "entries": "the archive has more than {most} entries",
    "bomb": "the archive expands beyond all measure",
    "outside": "its name leads out of the archive",
    "scanned": "it is scanned pages without text",
    "wordless": "it holds no text",
    "passages": "it has more than {most} passages",
    "limits": "the file cannot be read: it takes more than {seconds} seconds, too much memory, or is damaged",
    "unread": "the file cannot be read ({error})",
}


class Unreadable(ValueError):
    """A file that is not taken: one of REFUSALS says why, `about` with what; as text it is in English."""

    def __init__(self, code: str, **about: str | int) -> None:
        super().__init__(REFUSALS[code].format(**about))
        self.code = code
        self.about = about


class Parser(Protocol):
    """Reads files in a process with limits of its own."""

    async def parse(self, name: str, content: bytes) -> Parsed:
        """Raises Unreadable."""
