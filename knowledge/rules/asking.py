"""Questions that a document's own sentences answer: definitions, conditions, names with values, and its headings."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from knowledge.ports import Piece
from language.detect import language_of
from language.sentences import sentences

MOST: Final = 40  # questions of one document
NAME: Final = 24  # letters that a name has at most
NOTES: Final = ("备注", "说明", "remark", "remarks", "note", "notes", "example")  # heads of what is no value
_ASKS: Final = re.compile(
    r"[?？]$|什么|怎么|如何|谁|哪|多少|多久|几[天日个次年]|[吗么]$|是否|能否|可否|^(?:who|what|when|where|how|why|can|do|does|is|are)\b",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"^\s*(?:\d+(?:\.\d+)+|\d+[.、)）]|[（(]?[一二三四五六七八九十\d]+[)）、.])\s*|^- ")
KEY: Final = re.compile(r"(?:^|[;；\n]\s*)(?:- )?(?P<key>[^:：;；\n。]{1,30})[:：]\s*(?P<value>[^;；\n]+)")
_AFTER: Final = re.compile(r"\b(?:within|by|from|for|at|to|in|of|until|per|on|after|before|with|without)$", re.I)
SAYS: Final = 12  # letters that an answer has at least

Ask = Callable[[re.Match[str]], str]
_ZH: Final[tuple[tuple[re.Pattern[str], Ask], ...]] = (
    (
        re.compile(r"^[“\"]?(?P<name>[^，。；：“”]{2,20}?)[”\"]?(?:是指|指的是|，?即指)"),
        lambda m: f"什么是{m['name']}？",
    ),
    (
        re.compile(r"^(?:如果|若|如|当|一旦)(?P<when>[^，。；：]{3,30}?)(?:的话|时|的|后)?，"),
        lambda m: f"{m['when']}怎么办？",
    ),
    (re.compile(r"^(?!对|除|按|根据|自|从|在)(?P<when>[^，。；：]{3,30}?)的，"), lambda m: f"{m['when']}怎么办？"),
)
_EN: Final[tuple[tuple[re.Pattern[str], Ask], ...]] = (
    (
        re.compile(
            r"^(?:an?\s|the\s)?[“\"]?(?P<name>\w[\w -]{1,30}?)[”\"]?\s(?:means|refers to|is defined as)\s", re.I
        ),
        lambda m: f"What does {_inside(m['name'])} mean?",
    ),
    (
        re.compile(r"^(?P<name>(?:an?\s|the\s)?[“\"]?\w[\w -]{1,30}?[”\"]?)\sis\san?\s", re.I),
        lambda m: f"What is {_inside(m['name'])}?",
    ),
    (re.compile(r"^(?:if|when|in case(?! of))\s(?P<when>[^,.;:]{6,80}),\s", re.I), lambda m: f"What if {m['when']}?"),
)


class Asked(NamedTuple):
    """A question, its answer in the document's own words, and the piece that holds it."""

    question: str
    answer: str
    number: int


def questions_in(pieces: Sequence[Piece]) -> list[Asked]:
    """At most MOST, each once, those of sentences before those of headings."""
    found = [asked for number, piece in enumerate(pieces) for asked in _of_piece(number, piece)]
    found += _of_headings(pieces)
    return list({asked.question: asked for asked in reversed(found)}.values())[::-1][:MOST]


def _of_piece(number: int, piece: Piece) -> Iterator[Asked]:
    if piece.kind == "row":
        yield from (Asked(question, piece.text, number) for question in _of_row(piece.text))
    if piece.kind != "text":
        return
    for span in sentences(piece.text):
        sentence = _NUMBER.sub("", span.of(piece.text))
        if len(sentence) < SAYS or sentence.endswith(("?", "？")):
            continue
        for pattern, ask in _ZH if language_of(sentence) == "zh" else _EN:
            if met := pattern.search(sentence):
                yield Asked(ask(met), sentence, number)
                break


def _of_row(text: str) -> Iterator[str]:
    """What a row says of the thing that it names first; of a name and its value, the value."""
    cells = [(one["key"].strip(), one["value"].strip()) for one in KEY.finditer(text)]
    zh = language_of(text) == "zh"
    if len(cells) == 1 and len(name := cells[0][0]) <= NAME:
        yield f"{name}是多少？" if zh else f"What {_be(name)} the {_inside(name)}?"
    named = next((value for _, value in cells if len(value) <= NAME and not any(one.isdigit() for one in value)), "")
    for key, value in cells if named else ():
        if value != named and any(one.isdigit() for one in value) and len(key) <= NAME and key.lower() not in NOTES:
            yield f"{named}的{key}是多少？" if zh else _of_named(key, named)


def _of_named(key: str, named: str) -> str:
    """What an English table says of a thing; a head that is no noun ("repair within") is only named."""
    if _AFTER.search(key):
        return f"{named}: {_inside(key)}?"
    return f"What {_be(key)} the {_inside(key)} of {named}?"


def _be(name: str) -> str:
    return "are" if re.search(r"[^siu]s$", name) else "is"


def _inside(name: str) -> str:
    """A name in the midst of a sentence: its first letter small, unless it is written so (GPS, iPhone)."""
    return name if re.match(r"\w*\w[A-Z\d]", name) else name[0].lower() + name[1:]


def _of_headings(pieces: Sequence[Piece]) -> Iterator[Asked]:
    """A heading with one text under it."""
    under: dict[str, list[int]] = {}
    for number, piece in enumerate(pieces):
        if piece.heading and piece.kind == "text":
            under.setdefault(piece.heading, []).append(number)
    for heading, numbers in under.items():
        name, text = heading.rpartition("›")[2].strip(), pieces[numbers[0]].text
        if len(numbers) == 1 and 2 <= len(name) <= NAME and len(text) >= SAYS and not _ASKS.search(name):
            zh = language_of(name) == "zh"
            yield Asked(f"{name}有什么规定？" if zh else f"{name}: what applies?", text, numbers[0])
