"""Tables on a page: of cells that lines border, and of words that stand below each other in columns."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from knowledge.rules.page import Line, Stroke, Word, joined, level, lines

NEAR: Final = 3.0  # points: two that are no farther apart meet
MOST: Final = 1_000_000  # pairs of strokes that are looked at; a page with more is a drawing
SHORT: Final = 40  # letters of a cell without borders


@dataclass(frozen=True, slots=True)
class Table:
    """Rows, all of one length, and which of the page's words are in them, by place."""

    rows: tuple[tuple[str, ...], ...]
    words: frozenset[int]


def ruled(words: Sequence[Word], strokes: Sequence[Stroke]) -> list[Table]:
    """Tables whose cells have borders; a cell over several columns or rows says the same in each."""
    levels = [one for one in strokes if one.right - one.left > one.bottom - one.top]
    uprights = [one for one in strokes if one.right - one.left <= one.bottom - one.top]
    if len(levels) * len(uprights) > MOST:
        return []
    found = [_table(words, group) for group in _connected(levels, uprights)]
    return [table for table in found if len(table.rows) > 1 and len(table.rows[0]) > 1]


def aligned(rows: Sequence[Sequence[Line]]) -> int:
    """How many of the first rows are a table without borders: as many short words each, below each other."""
    count = 0
    for row in rows:
        above = rows[count - 1] if count else row
        if len(row) < 2 or len(row) != len(above) or any(len(cell.text) > SHORT for cell in row):
            break
        if any(cell.left > head.right or cell.right < head.left for head, cell in zip(above, row, strict=True)):
            break
        count += 1
    return count if count > 1 else 0


def _connected(levels: Sequence[Stroke], uprights: Sequence[Stroke]) -> Iterator[list[Stroke]]:
    """Strokes that meet, gathered."""
    group = list(range(len(levels) + len(uprights)))

    def root(one: int) -> int:
        while group[one] != one:
            group[one] = group[group[one]]
            one = group[one]
        return one

    for across, flat in enumerate(levels):
        for down, tall in enumerate(uprights, len(levels)):
            if flat.left - NEAR <= tall.left <= flat.right + NEAR and tall.top - NEAR <= flat.top <= tall.bottom + NEAR:
                group[root(across)] = root(down)
    gathered = dict[int, list[Stroke]]()
    for place, stroke in enumerate([*levels, *uprights]):
        gathered.setdefault(root(place), []).append(stroke)
    yield from gathered.values()


def _table(words: Sequence[Word], strokes: Sequence[Stroke]) -> Table:
    """The cells between the strokes, with the words whose middle is in them."""
    xs = _edges(x for one in strokes for x in (one.left, one.right))
    ys = _edges(y for one in strokes for y in (one.top, one.bottom))
    high, wide = len(ys) - 1, len(xs) - 1
    if high < 1 or wide < 1:
        return Table((), frozenset())
    first = _merged(strokes, xs, ys)
    cells = dict[tuple[int, int], list[Word]]()
    used = set[int]()
    for place, word in enumerate(words):
        x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
        if xs[0] < x < xs[-1] and ys[0] < y < ys[-1]:
            used.add(place)
            cells.setdefault(first[bisect_right(ys, y) - 1, bisect_right(xs, x) - 1], []).append(word)
    said = {cell: _text(inside) for cell, inside in cells.items()}
    rows = [[said.get(first[r, c], "") for c in range(wide)] for r in range(high)]
    kept = [c for c in range(wide) if any(row[c] for row in rows)]
    return Table(tuple(tuple(row[c] for c in kept) for row in rows if any(row)), frozenset(used))


def _edges(places: Iterable[float]) -> list[float]:
    """Where rows or columns meet: a border drawn twice is one."""
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > NEAR:
            found.append(place)
    return found


def _merged(
    strokes: Sequence[Stroke], xs: Sequence[float], ys: Sequence[float]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Of each cell, row and column: the upper left one of those that no border parts it from."""
    uprights = [(one.left, one.top, one.bottom) for one in strokes if one.right - one.left < NEAR]
    levels = [(one.top, one.left, one.right) for one in strokes if one.bottom - one.top < NEAR]

    def parted(borders: Sequence[tuple[float, float, float]], at: float, middle: float) -> bool:
        return any(abs(place - at) <= NEAR and start < middle < end for place, start, end in borders)

    first = dict[tuple[int, int], tuple[int, int]]()
    for r, (upper, lower) in enumerate(pairwise(ys)):
        for c, (left, right) in enumerate(pairwise(xs)):
            if c and not parted(uprights, left, (upper + lower) / 2):
                first[r, c] = first[r, c - 1]
            elif r and not parted(levels, upper, (left + right) / 2):
                first[r, c] = first[r - 1, c]
            else:
                first[r, c] = (r, c)
    return first


def _text(words: Sequence[Word]) -> str:
    text = ""
    for line in lines(words):
        text = joined(text, line.text)
    return text


def rows_of(found: Sequence[Line]) -> list[list[Line]]:
    """Lines that stand beside each other, left to right, gathered."""
    rows: list[list[Line]] = []
    for line in found:
        if rows and level(rows[-1][-1], line) and line.left > rows[-1][-1].right:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows
