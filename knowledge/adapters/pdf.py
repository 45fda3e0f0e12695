"""A PDF's pages as blocks: headings by the size of their letters, tables by where their cells stand.

What stands at the edge of page after page is no text.
"""

import ctypes
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from knowledge.ports import Block, Unreadable

EDGE: Final = 0.09  # of a page's height, above and below, where running heads stand
APART: Final = 0.9  # letters' sizes between two cells
SHORT: Final = 0.8  # of the column's width: a line that ends before it ends its paragraph
LARGER: Final = 1.1  # than the text is a heading
HEADED: Final = 90  # letters a heading has at most
NUMBERED: Final = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]+[章节条篇部]|[一二三四五六七八九十]+、|\d+(?:\.\d+)*[.、\s])\s*[^。；;，,]{1,40}$"
)
_MARKED: Final = re.compile(r"^\s*(?:[-*•·●◆■]|[（(]?\d+[.)、）．](?!\d)|[（(][一二三四五六七八九十]+[)）])\s*")
_NUMBER: Final = re.compile(
    r"^\W*(?:page|seite|第)?\s*\d+\s*(?:页)?\s*(?:(?:/|of|von|共)+\s*\d+\s*页?)?\W*$", re.IGNORECASE
)
_ENDED: Final = ("。", "！", "？", "；", "：", ".", "!", "?", ";", ":")
_FIGURES: Final = re.compile(r"\d+")
_HYPHEN: Final = "\x02"  # PDFium's for a hyphen that breaks a word
_CUT: Final = re.compile(rf"(?:{_HYPHEN}|\d-)$")  # a word or a number that goes on in the next line


@dataclass(frozen=True, slots=True)
class Line:
    """What stands side by side: cells with their left and right ends, in points; `top` is a share of the page."""

    page: int
    cells: tuple[str, ...]
    spans: tuple[tuple[float, float], ...]
    size: float
    bold: bool
    bottom: float
    top: float

    @property
    def text(self) -> str:
        """Its cells as one line."""
        return " ".join(self.cells)


def blocks(content: bytes) -> tuple[list[Block], int]:
    """A PDF's blocks in order, and how many pages it has. Raises Unreadable."""
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        raise Unreadable("encrypted" if "password" in str(error).lower() else "damaged") from error
    lines = [line for number in range(len(document)) for line in _lines(document[number], number + 1)]
    usual = _usual(lines)
    return list(_blocks(_inside(lines, usual, len(document)), usual)), len(document)


def _lines(page: pdfium.PdfPage, number: int) -> Iterator[Line]:
    text, height = page.get_textpage(), page.get_height()
    held: list[tuple[str, int]] = []
    for place in range(text.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(text, place))
        held.append((letter, place))
        if letter in ("\n", _HYPHEN):
            if line := _line(text, held, number, height):
                yield line
            held = []
    if line := _line(text, held, number, height):
        yield line


def _line(text: pdfium.PdfTextPage, letters: Sequence[tuple[str, int]], number: int, height: float) -> Line | None:
    words = [list(word) for blank, word in groupby(letters, lambda one: one[0] <= " " or one[0].isspace()) if not blank]
    if not words:
        return None
    size, bold = _font(text, words[-1][len(words[-1]) // 2][1])
    cells, spans = list[str](), list[tuple[float, float]]()
    for word in words:
        said = "".join(letter for letter, _ in word)
        left, right, bottom, top = _span(text, word[0][1], word[-1][1])
        if spans and spans[-1][0] <= left <= spans[-1][1] + APART * size:
            cells[-1], spans[-1] = f"{cells[-1]} {said}", (spans[-1][0], max(spans[-1][1], right))
        else:
            cells.append(said)
            spans.append((left, right))
    if letters[-1][0] == _HYPHEN:
        cells[-1] += _HYPHEN
    return Line(number, tuple(cells), tuple(spans), size, bold, bottom, 1 - top / height)


def _span(text: pdfium.PdfTextPage, first: int, last: int) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of letters side by side, in points."""
    one, two = raw.FS_RECTF(), raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text, first, one)
    raw.FPDFText_GetLooseCharBox(text, last, two)
    return one.left, max(one.right, two.right), min(one.bottom, two.bottom), max(one.top, two.top)


def _font(text: pdfium.PdfTextPage, place: int) -> tuple[float, bool]:
    """A letter's size in points, and whether it is bold."""
    matrix, name = raw.FS_MATRIX(), ctypes.create_string_buffer(128)
    raw.FPDFText_GetMatrix(text, place, matrix)
    raw.FPDFText_GetFontInfo(text, place, name, 128, ctypes.c_int())
    size = raw.FPDFText_GetFontSize(text, place) * (abs(matrix.d) or abs(matrix.b) or 1.0)
    return round(size, 1), b"bold" in name.value.lower()


def _usual(lines: Sequence[Line]) -> float:
    """The size of most letters."""
    sizes = Counter[float]()
    for line in lines:
        sizes[line.size] += len(line.text)
    return max(sizes, key=lambda size: sizes[size], default=0.0)


def _inside(lines: Sequence[Line], usual: float, pages: int) -> list[Line]:
    """The lines without running heads and page numbers; what is larger than the text is neither."""
    edge = [line for line in lines if not EDGE <= line.top <= 1 - EDGE and line.size <= usual * LARGER]
    often = Counter(same for _, same in {(line.page, _same(line)) for line in edge})
    runs = {id(line) for line in edge if _NUMBER.match(line.text) or often[_same(line)] >= max(2, pages // 3)}
    return [line for line in lines if id(line) not in runs]


def _same(line: Line) -> str:
    return _FIGURES.sub("#", line.text)


def _blocks(lines: Sequence[Line], usual: float) -> Iterator[Block]:
    heads = sorted({line.size for line in lines if line.size > usual * LARGER}, reverse=True)
    plain = sum(len(line.text) * (-1 if line.bold else 1) for line in lines) > 0
    last: Block | None = None
    for group in _groups(lines, usual):
        page, rows = group[0].page, _rows(group)
        if rows:
            if last and last.page == page - 1 and len(last.rows[0]) == len(rows[0]):  # it goes on over the page
                rows = (last.rows[0], *(row for row in rows if row != last.rows[0]))
            last = Block(page=page, rows=rows)
            yield last
        else:
            last, text = None, _joined([line.text for line in group])
            yield Block(text, _level(text, group, heads, plain and group[0].bold), page)


def _level(text: str, group: Sequence[Line], heads: Sequence[float], bold: bool) -> int:
    """How high a heading stands, from 1; 0 is none. `heads` are the sizes of larger letters, `bold` tells it apart."""
    if len(text) > HEADED:
        return 0
    if group[0].size in heads:
        return heads.index(group[0].size) + 1
    named = NUMBERED.match(text) or (bold and not text.endswith(_ENDED))
    if len(group) > 1 or not named:
        return 0
    return len(heads) + 1 + (text.split()[0].strip(".").count(".") if text[0].isdigit() else 0)


def _groups(lines: Sequence[Line], usual: float) -> Iterator[list[Line]]:
    """Lines that belong together: a paragraph's, a heading's, a table's."""
    wide = dict[tuple[int, int], float]()
    for line in lines:
        column = (line.page, round(line.spans[0][0]))
        wide[column] = max(wide.get(column, 0.0), line.spans[-1][1])
    pitch = Counter(round(one.bottom - two.bottom, 0) for one, two in pairwise(lines) if one.bottom > two.bottom)
    usually = pitch.most_common(1)[0][0] if pitch else usual
    held: list[Line] = []
    for line in lines:
        if held and not _goes_on(held, line, wide, usually):
            yield held
            held = []
        held.append(line)
    if held:
        yield held


def _goes_on(held: Sequence[Line], line: Line, wide: dict[tuple[int, int], float], pitch: float) -> bool:
    last, tabled = held[-1], len(held[0].cells) > 1
    if (
        line.page == last.page
        and abs(line.bottom - last.bottom) < last.size / 2
        and line.spans[0][0] >= last.spans[-1][1]
    ):
        return True  # a raised mark parted them
    if tabled or len(line.cells) > 1:
        return tabled and line.page == last.page and len(line.cells) > 1
    if last.text.endswith(_HYPHEN):
        return True
    if line.size != last.size or line.bold != last.bold or _MARKED.match(line.text):
        return False
    left, right = last.spans[0][0], wide[last.page, round(last.spans[0][0])]
    jumps = line.page != last.page or line.bottom > last.bottom
    if last.spans[-1][1] - left < SHORT * (right - left) or NUMBERED.match(last.text):
        return False
    return not last.text.endswith(_ENDED) if jumps else last.bottom - line.bottom <= 1.4 * max(pitch, last.size)


def _joined(lines: Sequence[str]) -> str:
    """Lines as the one that they were."""
    text = ""
    for line in lines:
        spaced = text and text[-1].isascii() and line[0].isascii() and not _CUT.search(text)
        text = f"{text}{' ' if spaced else ''}{line}"
    return text.replace(_HYPHEN, "")


def _rows(lines: Sequence[Line]) -> tuple[tuple[str, ...], ...]:
    """Lines whose cells stand under each other, each as wide as the first; else ()."""
    columns = list(lines[0].spans)
    if len(columns) < 2 or len(lines) < 2:
        return ()
    for line in lines:
        if len(line.spans) == len(columns):
            columns = [(min(a[0], b[0]), max(a[1], b[1])) for a, b in zip(columns, line.spans, strict=True)]
    if any(one[1] > two[0] for one, two in pairwise(columns)):
        return ()
    rows = []
    for line in lines:
        row = [""] * len(columns)
        for cell, (left, right) in zip(line.cells, line.spans, strict=True):
            shared = [min(right, end) - max(left, start) for start, end in columns]
            place = shared.index(max(shared))
            row[place] = f"{row[place]} {cell}".strip()
        rows.append(tuple(row))
    return tuple(rows)
