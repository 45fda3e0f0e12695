"""Documents cut into passages that say something by themselves: at meaning, never at a count of bytes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, zip_longest
from typing import Final

from knowledge.ports import Block, Piece
from language.sentences import sentences

BELOW: Final = " › "  # between a heading and the one under it
LONG: Final = 260  # letters a passage aims at; a Chinese one counts twice
_PAIR: Final = re.compile(
    r"^\s*(?:Q|问|問|问题|Question)\s*\d*\s*[:：.、)）]\s*(?P<question>.+?)\s*"
    r"(?:\n\s*|(?<=[?？])\s*)(?:A|答|回答|Answer)\s*\d*\s*[:：.、)）]\s*(?P<answer>.+)$",
    re.DOTALL | re.IGNORECASE,
)
_ASKED: Final = re.compile(  # and answered at once
    r"^\s*(?:Q|问|問|问题|Question)\s*\d*\s*[:：.、)）]\s*(?P<question>(?:[^?？。\n]+[?？])+)\s*(?P<answer>[^\s].+)$",
    re.DOTALL | re.IGNORECASE,
)
_ASKS: Final = re.compile(
    r"^\s*(?:Q|问|問|问题|Question)\s*\d*\s*[:：.、)）]\s*(?P<text>.+)$", re.DOTALL | re.IGNORECASE
)
_ANSWERS: Final = re.compile(r"^\s*(?:A|答|回答|Answer)\s*\d*\s*[:：.、)）]\s*(?P<text>.+)$", re.DOTALL | re.IGNORECASE)
_NUMBER: Final = re.compile(
    r"^\s*(?:\d+(?:\.\d+)+[.)）]?\s|第?[\d一二三四五六七八九十]+[章节条、.．)）](?!\d)|[（(][\d一二三四五六七八九十]+[)）]|\d+\s)\s*"
)
_FIGURE: Final = re.compile(r"\d")
_QUESTION_HEADS: Final = ("question", "questions", "q", "问题", "问", "標準問題", "标准问题", "常见问题")
_NAMES: Final = ("property", "item", "feature", "parameter", "specification", "项目", "参数", "指标", "属性", "规格")
_VALUES: Final = ("value", "values", "specification", "details", "data", "内容", "数值", "参数值", "值", "说明", "要求")
_ANSWER_HEADS: Final = ("answer", "answers", "a", "答案", "答", "回答", "标准答案", "回复")


@dataclass(slots=True)
class _Section:
    """What stands under one heading."""

    heading: str = ""
    asked: str = ""
    texts: list[tuple[str, int | None]] = field(default_factory=list)


def cut(blocks: Iterable[Block], title: str = "") -> list[Piece]:
    """Passages in order: pairs of question and answer, rows of tables with their heads, groups of sentences.

    The document's title is no heading of each of them.
    """
    found: list[Piece] = []
    section, path = _Section(), dict[int, str]()
    for block in _over_something(list(blocks), title):
        if block.level:
            found.extend(_pieces(section))
            path = {level: text for level, text in path.items() if level < block.level}
            if block.text != title:
                path[block.level] = _plain(block.text)
            section = _Section(BELOW.join(path.values()), block.text if _is_question(block.text) else "")
        elif block.rows:
            found.extend(_pieces(section))
            section.texts = []
            found.extend(_rows(block, section.heading))
        else:
            _add(section, block)
    found.extend(_pieces(section))
    return found


def _over_something(blocks: Sequence[Block], title: str) -> Iterator[Block]:
    """A heading that nothing stands under is no heading: steps "1. Fill the tank", a note in a sheet."""
    for block, after in zip_longest(blocks, blocks[1:]):
        empty = after is None or 0 < after.level <= block.level
        yield replace(block, level=0) if block.level and empty and block.text != title else block


def _add(section: _Section, block: Block) -> None:
    """An item stays with the words that lead to its list; an answer with its question."""
    text = f"- {block.text}" if block.item else block.text
    if section.texts:
        last, page = section.texts[-1]
        leads = last.rstrip().endswith((":", "：")) or (block.item and "\n- " in last)
        if leads or (_ANSWERS.match(text) and _ASKS.match(last)):
            section.texts[-1] = (f"{last}\n{text}", page)
            return
    section.texts.append((text, block.page))


def _pieces(section: _Section) -> Iterator[Piece]:
    if section.asked and section.texts:
        text = "\n".join(text for text, _ in section.texts)
        yield Piece(text, "pair", _plain(section.asked), section.heading, section.texts[0][1])
        return
    held: list[str] = []
    page: int | None = None
    for text, at in section.texts:
        if pair := _PAIR.match(text) or _ASKED.match(text):
            yield from _flushed(held, section.heading, page)
            held = []
            yield Piece(pair["answer"].strip(), "pair", pair["question"].strip(), section.heading, at)
            continue
        for part in _split(text):
            if held and (weight("".join(held)) + weight(part) > LONG or at != page):
                yield from _flushed(held, section.heading, page)
                held = []
            page = at if not held else page
            held.append(part)
    yield from _flushed(held, section.heading, page)


def _flushed(held: Sequence[str], heading: str, page: int | None) -> Iterator[Piece]:
    if text := "\n".join(held).strip():
        yield Piece(text, heading=heading, page=page)


def _split(text: str) -> Iterator[str]:
    """A paragraph, or where it is long its sentences, gathered."""
    if weight(text) <= LONG:
        yield text
        return
    held = ""
    for span in sentences(text):
        sentence = span.of(text)
        if held and weight(held) + weight(sentence) > LONG:
            yield held
            held = ""
        joint = "" if not held or held[-1] in "。！？；…" else "\n" if "\n" in text else " "
        held = f"{held}{joint}{sentence}"
    if held:
        yield held


def _rows(block: Block, heading: str) -> Iterator[Piece]:
    titled = _spanning(block.rows[0]) if len(block.rows) > 2 else ""
    over = BELOW.join(filter(None, (heading, titled)))
    body = _filled(block.rows[1:] if titled else block.rows)
    heads, *rows = _headed(body)
    names = [head.strip().lower() for head in heads]
    asks = next((n for n, name in enumerate(names) if name in _QUESTION_HEADS), None)
    answers = next((n for n, name in enumerate(names) if name in _ANSWER_HEADS), None)
    if len(heads) == 2 and asks is None and _FIGURE.search(heads[1]) and not _FIGURE.search(heads[0]):
        rows, heads = body, ("", "")  # names and values: the first row is no head
    elif len(heads) == 2 and names[0] in _NAMES and names[1] in _VALUES:
        heads = ("", "")  # as before, under heads that say only so
    under = over
    for row, after in zip_longest(rows, rows[1:]):
        if asks is not None and answers is not None and row[asks].strip() and row[answers].strip():
            yield Piece(row[answers].strip(), "pair", row[asks].strip(), over, block.page)
        elif len(row) > 2 and len(set(row)) == 1:  # said over all columns: it names the rows below, or is a note
            if after is None or len(set(after)) == 1:
                yield Piece(row[0], heading=over, page=block.page)
            else:
                under = BELOW.join(filter(None, (over, row[0])))
        elif text := row_text(heads, row):
            yield Piece(text, "row", heading=under, page=block.page)


def _spanning(row: Sequence[str]) -> str:
    """The one text of a row; "" when it has none or several."""
    texts = set(filter(None, row))
    return texts.pop() if len(row) > 1 and row[0] and len(texts) == 1 else ""


def _headed(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """The rows with the first two as one, when the first names several columns by one head.

    Such a head stands in each of them, or in the first alone: then two columns or more have none.
    """
    if len(rows) < 3 or not all(rows[1]) or any(map(_FIGURE.search, rows[1])):
        return rows
    over = list(rows[0])
    if over.count("") > 1:
        for place in range(1, len(over)):
            over[place] = over[place] or over[place - 1]
    if not any(one and one == two for one, two in pairwise(over)):
        return rows
    heads = [
        below if below == above else f"{above} {below}".strip() for above, below in zip(over, rows[1], strict=True)
    ]
    return [heads, *rows[2:]]


def _filled(rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """A row that names nothing goes on with what the row above it names, as cells over several rows are read."""
    found: list[Sequence[str]] = []
    for row in rows:
        above = found[-1][0] if len(found) > 1 else ""
        found.append((above, *row[1:]) if not row[0] and any(row[1:]) else row)
    return found


def row_text(heads: Sequence[str], row: Sequence[str]) -> str:
    """A row that can be read by itself: "head: cell; head: cell"; a row of names and values: "name: value"."""
    cells = [(" ".join(head.split()), " ".join(cell.split())) for head, cell in zip(heads, row, strict=True)]
    if not any(head for head, _ in cells):
        return ": ".join(cell for _, cell in cells if cell)
    return "; ".join(f"{head}: {cell}" if head else cell for head, cell in cells if cell)


def values(row: str) -> list[str]:
    """The cells of a row's text without their heads; of a name and its value, both."""
    cells = row.split("; ")
    return row.split(": ") if len(cells) == 1 else [cell.partition(": ")[2] or cell for cell in cells]


def weight(text: str) -> int:
    """How long a text reads: a Chinese character says as much as several Latin letters."""
    return sum(2 if "\u3400" <= one <= "\u9fff" else 1 for one in text)


def _is_question(text: str) -> bool:
    return text.rstrip().endswith(("?", "？"))


def _plain(text: str) -> str:
    """A heading without its number."""
    return _NUMBER.sub("", " ".join(text.split())) or text.strip()
