"""A PDF's pages read as their author laid them out: headings, paragraphs, items and tables in order.

A PDF says only which characters stand where. What is larger or bold and alone is a heading; a paragraph ends where a
line leaves room for the word that comes next; what stands at the edge of several pages is no text of theirs.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, TypeAlias

from knowledge.ports import Block
from knowledge.rules.grids import aligned, rows_of, ruled
from knowledge.rules.page import Line, Page, broken, joined, lines

EDGE: Final = 0.08  # of a page's height
LARGER: Final = 1.15  # times the size that most of the text has
HEADING: Final = 60  # letters of one at most
FARTHER: Final = 1.3  # times the usual distance of lines
NUMBERED: Final = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]+[章节条篇部]|[一二三四五六七八九十]+、|\d+(?:\.\d+)*[.、\s])\s*[^。；;，,]{1,40}$"
)
_BULLET: Final = re.compile(r"^[-–*•·●○◆■▪➢✓\uf06c\uf0b7]\s*")
_MARKED: Final = re.compile(rf"{_BULLET.pattern}|^[（(]?\d+[.)、）．](?!\d)|^[（(][一二三四五六七八九十]+[)）]")
_PAGED: Final = re.compile(r"^\W*(?:page\b|第)?\W*\d+\W*页?\W*(?:(?:of|共|/)\W*\d+\W*页?)?\W*$", re.IGNORECASE)
_FIGURE: Final = re.compile(r"\d{1,4}")
_STOPS: Final = tuple("。！？；：.!?;:")
_PAUSES: Final = (*_STOPS, "，", ",", "、")


_Rows: TypeAlias = tuple[tuple[str, ...], ...]
_Part: TypeAlias = list[Line] | _Rows


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line, the page it is on, and how far the lines of its column go."""

    line: Line
    page: int
    edge: float


@dataclass(frozen=True, slots=True)
class _Type:
    """What most of a document is set in, in points, and the sizes of its headings, the largest first.

    `bold` says that bold tells a heading: not all is.
    """

    size: float
    pitch: float
    larger: tuple[float, ...]
    bold: bool


def blocks(pages: Sequence[Page]) -> list[Block]:
    """What the pages say, in the order in which it was set."""
    size = _size(pages)
    items = list(_items(pages, size))
    kind = _type([one for one in items if isinstance(one, _Placed)], size)
    found: list[Block] = []
    held: list[_Placed] = []
    for item in items:
        if held and not (isinstance(item, _Placed) and _goes_on(held[-1], item, kind)):
            found.append(_block(held, kind))
            held = []
        if isinstance(item, _Placed):
            held.append(item)
        else:
            found.append(_headed(item, found[-1] if found else None))
    if held:
        found.append(_block(held, kind))
    return found


def _headed(table: Block, above: Block | None) -> Block:
    """With the heads of the table at the end of the page before, which it goes on with."""
    if above is None or not above.rows or above.page == table.page or len(above.rows[0]) != len(table.rows[0]):
        return table
    return replace(table, rows=(above.rows[0], *table.rows)) if any(map(_FIGURE.search, table.rows[0])) else table


def _items(pages: Sequence[Page], size: float) -> Iterator[_Placed | Block]:
    """Lines and tables, without what runs along the edges of the pages."""
    read = [_read(page) for page in pages]
    edges = [_at_edge(page, parts, size) for page, parts in zip(pages, read, strict=True)]
    running = _running(edges)
    for number, (parts, edge) in enumerate(zip(read, edges, strict=True), 1):
        left_out = {id(line) for line in edge if _PAGED.match(line.text) or running & _said_on(number, line)}
        for part in parts:
            if isinstance(part, list):
                yield from _columns([line for line in part if id(line) not in left_out], number)
            else:
                yield Block(page=number, rows=part)


def _read(page: Page) -> list[_Part]:
    """A page's lines, and its tables with borders where their first words were set."""
    tables = ruled(page.words, page.strokes)
    inside = {place: table for table in tables for place in table.words}
    parts: list[_Part] = []
    start, told = 0, set[int]()
    for place in sorted(inside):
        if start < place:
            parts.append(lines(page.words[start:place]))
        start = place + 1
        if id(inside[place]) not in told:
            told.add(id(inside[place]))
            parts.append(inside[place].rows)
    parts.append(lines(page.words[start:]))
    return parts


def _columns(found: Sequence[Line], page: int) -> Iterator[_Placed | Block]:
    """Lines with the edge of their column, and as tables those that stand in columns of short words."""
    rows, start = rows_of(found), 0
    while start < len(rows):
        if count := aligned(rows[start:]):
            yield Block(page=page, rows=tuple(tuple(cell.text for cell in row) for row in rows[start : start + count]))
            start += count
            continue
        run = [rows[start]]
        start += 1
        while start < len(rows) and rows[start][0].top > run[-1][0].top and not aligned(rows[start:]):
            run.append(rows[start])
            start += 1
        yield from _run([line for row in run for line in row], page)


def _run(found: Sequence[Line], page: int) -> Iterator[_Placed]:
    """Lines below each other, with where others of them end: where three in a row do, or the farthest."""
    ends = sorted(
        min(three)
        for three in zip(*([line.right for line in found[n:]] for n in range(3)), strict=False)
        if max(three) - min(three) < found[0].size
    )
    farthest = max((line.right for line in found), default=0.0)
    for line in found:
        yield _Placed(line, page, next((end for end in ends if end >= line.right - line.size / 2), farthest))


def _at_edge(page: Page, parts: Sequence[_Part], size: float) -> list[Line]:
    """Lines at the upper and lower edge, none larger than the text."""
    upper, lower = EDGE * page.height, (1 - EDGE) * page.height
    told = [line for part in parts if isinstance(part, list) for line in part if line.size <= LARGER * size]
    return [line for line in told if line.bottom < upper or line.top > lower]


def _running(edges: Sequence[Sequence[Line]]) -> frozenset[str]:
    """What at least half of several pages say at their edge."""
    seen = Counter[str]()
    for number, edge in enumerate(edges, 1):
        seen.update({said for line in edge for said in _said_on(number, line)})
    return frozenset(said for said, count in seen.items() if count > 1 and count * 2 >= len(edges))


def _said_on(page: int, line: Line) -> set[str]:
    """A line as it is, and with its figures told from the page's number."""
    return {line.text, _FIGURE.sub(lambda figure: f"#{int(figure[0]) - page}", line.text)}


def _size(pages: Sequence[Page]) -> float:
    """What most of the text is set in."""
    sizes = Counter[float]()
    for page in pages:
        for word in page.words:
            sizes[round(word.size, 1)] += len(word.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0


def _type(placed: Sequence[_Placed], size: float) -> _Type:
    pitches = Counter[float]()
    for above, one in pairwise(placed):
        if above.page == one.page and 0 < (pitch := one.line.top - above.line.top) < 4 * size:
            pitches[round(pitch * 2) / 2] += 1
    larger = {round(one.line.size, 1) for one in placed if one.line.size > LARGER * size}
    pitch = pitches.most_common(1)[0][0] if pitches else 2 * size
    bold = sum(len(one.line.text) * (-1 if one.line.bold else 1) for one in placed) > 0
    return _Type(size, pitch, tuple(sorted(larger, reverse=True)), bold)


def _goes_on(above: _Placed, one: _Placed, kind: _Type) -> bool:
    """Whether a line belongs to the text of the one before it."""
    before, line = above.line, one.line
    if abs(before.size - line.size) > 0.1 * line.size or before.bold != line.bold or _BULLET.match(line.text):
        return False
    room, ended = _leaves_room(above, line) and not broken(before.text), before.text.endswith(_STOPS)
    if (room or ended) and (_MARKED.match(line.text) or _numbered(line.text) or _numbered(before.text)):
        return False
    pitch = line.top - before.top
    if above.page != one.page or pitch < -line.size:  # the next column, or page
        return not room and not ended
    if pitch < line.size / 2:  # beside it
        return True
    if pitch > FARTHER * kind.pitch * max(1.0, line.size / kind.size):
        return False
    indented = line.left - before.left > line.size and not _MARKED.match(before.text)
    return not indented and not room


def _numbered(text: str) -> bool:
    """Whether it looks like a numbered heading."""
    return bool(NUMBERED.match(text)) and not text.endswith(_PAUSES)


def _leaves_room(above: _Placed, line: Line) -> bool:
    """Whether the first word of the next line had gone into this one, a stop that hangs over aside."""
    hangs = line.size if not line.text[0].isascii() else line.size / 3  # a stop, or the space before
    return above.line.right + line.opens + hangs + line.size / 2 < above.edge


def _block(held: Sequence[_Placed], kind: _Type) -> Block:
    text = ""
    for one in held:
        text = joined(text, one.line.text)
    level = _level(text, held[0].line, kind)
    if not level and (bullet := _BULLET.match(text)):
        return Block(text[bullet.end() :], page=held[0].page, item=True)
    return Block(text, level, held[0].page, item=not level and bool(_MARKED.match(text)))


def _level(text: str, line: Line, kind: _Type) -> int:
    """A heading's depth, 0 for what is none: by its size; below these what is bold and alone, or numbered."""
    if len(text) > HEADING:
        return 0
    size = round(line.size, 1)
    if size in kind.larger:
        return 1 + kind.larger.index(size)
    alone = kind.bold and line.bold and not text.endswith(_PAUSES) and not _MARKED.match(text)
    if not alone and not _numbered(text):
        return 0
    parts = text.split()[0].strip(".").count(".") if text[0].isdigit() else 0
    return max(2, 1 + len(kind.larger)) + parts
