"""What stands on the pages of a PDF and where, as PDFium reads it: words and the straight lines that are drawn."""

import ctypes
from collections.abc import Iterator
from contextlib import closing
from math import hypot
from typing import Any, Final, TypeAlias

import pypdfium2 as pdfium
from pypdfium2 import raw

from knowledge.ports import Unreadable
from knowledge.rules.page import Page, Stroke, Word

BOLD: Final = 600  # of a font's weight
GAP: Final = 0.3  # of a character's height: a wider one parts words
SHORTEST: Final = 6.0  # points of a line that may border a cell
STROKES: Final = 20_000  # a page with more is a drawing
BROKEN: Final = 2  # PDFium's code of a hyphen at a line's end
_SPACES: Final = frozenset(" \t\r\n\xa0\u3000\u200b\ufeff\x00")
_ENCRYPTED: Final = "password"

Sides: TypeAlias = tuple[float, float, float, float]
NOWHERE: Final = (0.0, 0.0, 0.0, 0.0)


def pages(content: bytes) -> Iterator[Page]:
    """One after the other. Raises Unreadable."""
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        raise Unreadable("encrypted" if _ENCRYPTED in str(error).lower() else "damaged") from error
    with closing(document):
        for number in range(len(document)):
            try:
                page = document[number]
            except pdfium.PdfiumError as error:
                raise Unreadable("damaged") from error
            with closing(page):
                yield _page(page)


def _page(page: Any) -> Page:
    with closing(page.get_textpage()) as text:
        turned = _Turned(page)
        words, strokes = tuple(_words(text.raw, turned)), tuple(_strokes(page.raw, turned))
        scanned = not words and any(page.get_objects([raw.FPDF_PAGEOBJ_IMAGE]))
        return Page(turned.width, turned.height, words, strokes, scanned)


class _Turned:
    """From a page's own coordinates, up from its lower left corner, to the reader's: down from the upper left one."""

    def __init__(self, page: Any) -> None:
        self.left, self.bottom, self.right, self.top = page.get_mediabox()
        self.turn = page.get_rotation() // 90 % 4
        wide, high = self.right - self.left, self.top - self.bottom
        self.width, self.height = (high, wide) if self.turn % 2 else (wide, high)

    def sides(self, box: Any) -> Sides:
        """Of a box its left, right, top and bottom side."""
        if not self.turn:
            return box.left - self.left, box.right - self.left, self.top - box.top, self.top - box.bottom
        (x, y), (other_x, other_y) = self(box.left, box.top), self(box.right, box.bottom)
        return min(x, other_x), max(x, other_x), min(y, other_y), max(y, other_y)

    def __call__(self, x: float, y: float) -> tuple[float, float]:
        match self.turn:
            case 0:
                return x - self.left, self.top - y
            case 1:
                return y - self.bottom, x - self.left
            case 2:
                return self.right - x, y - self.bottom
            case _:
                return self.top - y, self.right - x


def _words(text: Any, turned: _Turned) -> Iterator[Word]:
    """In the order in which they are set; what stands aslant is a watermark and none."""
    held, first, spaced, apart = "", 0, False, False
    start = end = high = low = top = bottom = 0.0
    for index, one, (left, right, above, below) in _characters(text, turned):
        if one.isspace():
            spaced = True
            continue
        height = below - above
        near = not spaced and -0.5 * height < left - end < GAP * height
        if held and near and min(below, bottom) - max(above, top) > 0.5 * min(height, bottom - top):
            held, high, low = held + one, min(high, above), max(low, below)
        else:
            if held and (kind := _type(text, first)):
                yield Word(held, start, end, high, low, *kind, apart)
            held, start, high, low, first, apart = one, left, above, below, index, spaced
        end, top, bottom, spaced = right, above, below, False
    if held and (kind := _type(text, first)):
        yield Word(held, start, end, high, low, *kind, apart)


def _characters(text: Any, turned: _Turned) -> Iterator[tuple[int, str, Sides]]:
    """With their places; of what is only space, a space and no place."""
    box, count = raw.FS_RECTF(), raw.FPDFText_CountChars(text)
    unicode, place = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox
    for index in range(count):
        code = unicode(text, index)
        one = "-" if code == BROKEN else " " if code < 32 or 0xD800 <= code < 0xE000 else chr(code)
        if one in _SPACES:
            yield index, " ", NOWHERE
        else:
            place(text, index, box)
            yield index, one, turned.sides(box)


def _type(text: Any, index: int) -> tuple[float, bool] | None:
    """Of a character: its size in points as it appears, and whether it is bold; None of one that stands aslant."""
    matrix, name = raw.FS_MATRIX(), ctypes.create_string_buffer(128)
    raw.FPDFText_GetMatrix(text, index, matrix)
    if min(abs(matrix.a), abs(matrix.b)) > 0.05 * hypot(matrix.a, matrix.b):
        return None
    size = max(1.0, abs(raw.FPDFText_GetFontSize(text, index)) * hypot(matrix.c, matrix.d))
    raw.FPDFText_GetFontInfo(text, index, name, 128, ctypes.c_int())
    return size, b"bold" in name.value.lower() or raw.FPDFText_GetFontWeight(text, index) >= BOLD


def _strokes(page: Any, turned: _Turned) -> Iterator[Stroke]:
    told, matrix = 0, raw.FS_MATRIX()
    for index in range(raw.FPDFPage_CountObjects(page)):
        shape = raw.FPDFPage_GetObject(page, index)
        if raw.FPDFPageObj_GetType(shape) != raw.FPDF_PAGEOBJ_PATH:
            continue
        told += (count := raw.FPDFPath_CountSegments(shape))
        if told > STROKES:
            return
        raw.FPDFPageObj_GetMatrix(shape, matrix)
        yield from _sides(shape, count, matrix, turned)


def _sides(path: Any, count: int, matrix: Any, turned: _Turned) -> Iterator[Stroke]:
    """The upright and level ones of a path."""
    px, py = ctypes.c_float(), ctypes.c_float()
    start = here = (0.0, 0.0)
    for index in range(count):
        part = raw.FPDFPath_GetPathSegment(path, index)
        raw.FPDFPathSegment_GetPoint(part, px, py)
        x, y = px.value, py.value
        there = turned(matrix.a * x + matrix.c * y + matrix.e, matrix.b * x + matrix.d * y + matrix.f)
        kind = raw.FPDFPathSegment_GetType(part)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = there
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield from _straight(here, there)
        here = there
        if raw.FPDFPathSegment_GetClose(part):
            yield from _straight(here, start)


def _straight(a: tuple[float, float], b: tuple[float, float]) -> Iterator[Stroke]:
    wide, high = abs(a[0] - b[0]), abs(a[1] - b[1])
    if (high < 1 and wide >= SHORTEST) or (wide < 1 and high >= SHORTEST):
        yield Stroke(min(a[0], b[0]), max(a[0], b[0]), min(a[1], b[1]), max(a[1], b[1]))
