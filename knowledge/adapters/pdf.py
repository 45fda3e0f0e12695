"""What stands on the pages of a PDF and where, as PDFium reads it: words and the straight lines that are drawn."""

import ctypes
from collections.abc import Iterator
from contextlib import closing
from math import hypot
from typing import Any, Final, NamedTuple

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


class Box(NamedTuple):
    """Where a character stands."""

    left: float
    right: float
    top: float
    bottom: float

    def touches(self, before: "Box") -> bool:
        """Whether it goes on with a word that ends so."""
        height = self.bottom - self.top
        shared = min(self.bottom, before.bottom) - max(self.top, before.top)
        near = -0.5 * height < self.left - before.right < GAP * height
        return near and shared > 0.5 * min(height, before.bottom - before.top)

    def with_(self, other: "Box") -> "Box":
        """Around both."""
        return Box(self.left, max(self.right, other.right), min(self.top, other.top), max(self.bottom, other.bottom))


class _Turned:
    """From a page's own coordinates, up from its lower left corner, to the reader's: down from the upper left one."""

    def __init__(self, page: Any) -> None:
        self.left, self.bottom, self.right, self.top = page.get_mediabox()
        self.turn = page.get_rotation() // 90 % 4
        wide, high = self.right - self.left, self.top - self.bottom
        self.width, self.height = (high, wide) if self.turn % 2 else (wide, high)

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
    held, before = "", Box(0, 0, 0, 0)
    around, first, spaced, apart = before, 0, False, False
    for index, one, box in (*_characters(text, turned), (-1, "x", Box(0, 0, 0, 0))):  # the last ends the last word
        if not one:
            spaced = True
            continue
        if held and not spaced and box.touches(before):
            held, around = held + one, around.with_(box)
        else:
            if held and (kind := _type(text, first)):
                yield Word(held, *around, *kind, apart)
            held, around, first, apart = one, box, index, spaced
        before, spaced = box, False


def _characters(text: Any, turned: _Turned) -> Iterator[tuple[int, str, Box]]:
    """With their places; of one that is only space, "" and no place."""
    box, nowhere = raw.FS_RECTF(), Box(0, 0, 0, 0)
    for index in range(raw.FPDFText_CountChars(text)):
        code = raw.FPDFText_GetUnicode(text, index)
        code = ord("-") if code == BROKEN else code
        if code < 32 or (one := chr(code)) in _SPACES or 0xD800 <= code < 0xE000:
            yield index, "", nowhere
            continue
        raw.FPDFText_GetLooseCharBox(text, index, box)
        (x, y), (other_x, other_y) = turned(box.left, box.top), turned(box.right, box.bottom)
        yield index, one, Box(min(x, other_x), max(x, other_x), min(y, other_y), max(y, other_y))


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
