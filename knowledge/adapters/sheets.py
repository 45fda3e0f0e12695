"""A workbook's visible cells as blocks, as they are shown: dates, percents and currencies by their formats."""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Final, TypeAlias
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from knowledge.ports import Block, Unreadable

SHOWN: Final = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "d", 15: "d", 16: "d", 17: "d"}
SHOWN_TIMES: Final = {18: "h", 19: "h", 20: "h", 21: "h", 22: "d h", 45: "h", 46: "h", 47: "h"}
CELLS: Final = 2_000_000  # of a merged range or a sheet's width: beyond, the file is damaged
_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_LITERAL: Final = re.compile(r'"([^"]*)"|\[\$([^\]-]*)[^\]]*\]|\\(.)|\[[^\]]*\]|_.|\*.')
_PLACES: Final = re.compile(r"\.([0#?]+)")
_MONEY: Final = re.compile(r"^([^\d#0?.,-]*)[\d#0?.,-]+(.*)$")

Grid: TypeAlias = dict[int, dict[int, str]]  # rows of cells, both counted from 1


@dataclass(frozen=True, slots=True)
class _Book:
    """What a workbook's sheets share: strings by place, formats by a cell's style, the day that dates count from."""

    strings: Sequence[str]
    formats: Sequence[str]
    since: datetime


def blocks(content: bytes) -> list[Block]:
    """A workbook's blocks, a heading for each sheet; what is hidden in it is not read. Raises Unreadable."""
    try:
        return list(_blocks(zipfile.ZipFile(BytesIO(content))))
    except (
        ElementTree.ParseError,
        KeyError,
        ValueError,
        OverflowError,
        IndexError,
        EOFError,
        zlib.error,
        zipfile.BadZipFile,
    ) as error:
        raise Unreadable("damaged") from error


def _blocks(archive: zipfile.ZipFile) -> Iterator[Block]:
    workbook, parts = _xml(archive, "xl/workbook.xml"), dict[str, str]()
    for relation in _xml(archive, "xl/_rels/workbook.xml.rels"):
        parts[relation.attrib["Id"]] = posixpath.join("/xl", relation.attrib["Target"])[1:]
    told = workbook.find("{*}workbookPr")
    early = told is not None and told.get("date1904") in ("1", "true")
    book = _Book(_strings(archive), _formats(archive), datetime(1904, 1, 1) if early else datetime(1899, 12, 30))
    for sheet in workbook.iterfind("{*}sheets/{*}sheet"):
        part = parts[sheet.attrib[_ID]]
        if sheet.get("state", "visible") != "visible" or "/worksheets/" not in part:
            continue
        if grid := _grid(_xml(archive, part), book):
            yield Block(sheet.attrib["name"], 2)
            yield from _tables(grid)


def _xml(archive: zipfile.ZipFile, name: str) -> Element:
    return ElementTree.fromstring(archive.read(name))


def _strings(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    return [_said(one) for one in _xml(archive, "xl/sharedStrings.xml").iterfind("{*}si")]


def _said(item: Element) -> str:
    """A string's text, without how it is pronounced."""
    texts = [*item.iterfind("{*}t"), *item.iterfind("{*}r/{*}t")]
    return " ".join("".join(text.text or "" for text in texts).split())


def _formats(archive: zipfile.ZipFile) -> list[str]:
    if "xl/styles.xml" not in archive.namelist():
        return []
    styles = _xml(archive, "xl/styles.xml")
    known = {**SHOWN, **SHOWN_TIMES}
    known |= {int(one.attrib["numFmtId"]): one.attrib["formatCode"] for one in styles.iterfind("{*}numFmts/{*}numFmt")}
    return [known.get(int(one.get("numFmtId", "0")), "") for one in styles.iterfind("{*}cellXfs/{*}xf")]


def _grid(sheet: Element, book: _Book) -> Grid:
    unseen = {
        number
        for column in sheet.iterfind("{*}cols/{*}col")
        if column.get("hidden") in ("1", "true")
        for number in range(int(column.attrib["min"]), min(int(column.attrib["max"]), 16_384) + 1)
    }
    grid: Grid = {}
    for row in sheet.iterfind("{*}sheetData/{*}row"):
        if row.get("hidden") not in ("1", "true"):
            for cell in row.iterfind("{*}c"):
                down, right = _place(cell.attrib["r"])
                if right not in unseen and (text := _text(cell, book)):
                    grid.setdefault(down, {})[right] = text
    for merged in sheet.iterfind("{*}mergeCells/{*}mergeCell"):
        _fill(grid, merged.attrib["ref"], unseen)
    return grid


def _place(name: str) -> tuple[int, int]:
    """Row and column of "C7"."""
    letters = name.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(name[len(letters) :]), column


def _fill(grid: Grid, merged: str, unseen: set[int]) -> None:
    """A merged range says the same in each of its cells."""
    (top, left), (bottom, right) = map(_place, merged.split(":"))
    text = grid.get(top, {}).get(left, "")
    if not text or (bottom - top + 1) * (right - left + 1) > CELLS:
        return
    for row in range(top, bottom + 1):
        if row in grid:
            grid[row] |= {column: text for column in range(left, right + 1) if column not in unseen}


def _text(cell: Element, book: _Book) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        inside = cell.find("{*}is")
        return _said(inside) if inside is not None else ""
    said = (cell.findtext("{*}v") or "").strip()
    if kind == "s":
        return book.strings[int(said)] if said else ""
    if kind == "e" or not said:
        return ""
    if kind == "n":
        style = int(cell.get("s", "0"))
        return shown(float(said), book.formats[style] if style < len(book.formats) else "", book.since)
    return {"0": "FALSE", "1": "TRUE"}.get(said, said) if kind == "b" else said


def shown(value: float, code: str, since: datetime = datetime(1899, 12, 30)) -> str:
    """A number as its format shows it: days as 2026-03-01, 0.1 as 10%, 499.9 as 499.90 €; thousands are not parted."""
    code = code.split(";")[0]
    bare = _LITERAL.sub("", code).lower()
    if re.search(r"[ydhs]", bare) or re.fullmatch(r"[m/. -]+", bare):
        moment = since + timedelta(days=value)
        day, time = f"{moment:%Y-%m-%d}", f"{moment:%H:%M}"
        return " ".join([day] * bool(re.search(r"[yd]|^m+$", bare)) + [time] * bool(re.search(r"[hs]", bare)))
    places = _PLACES.search(bare)
    figures = len(places[1]) if places else 0
    if "%" in bare:
        return f"{value * 100:.{figures}f}%"
    plain = f"{value:.15g}" if not re.search(r"[0#?]", bare) or "e" in bare else f"{value:.{figures}f}"
    money = _MONEY.match(_LITERAL.sub(lambda found: found[1] or found[2] or found[3] or "", code))
    return f"{money[1]}{plain}{money[2]}".strip() if money else plain


def _tables(grid: Grid) -> Iterator[Block]:
    """Rows under one another are a table; a row of one text over them is its heading, one alone says something."""
    heads: tuple[str, ...] = ()
    for run in _runs(grid):
        if len(run) > 1 and all(map(_alone, run)):
            yield from (Block(_alone(row)) for row in run)
            continue
        while run and (text := _alone(run[0])):
            yield Block(text, 3)
            run = run[1:]
        if not run:
            continue
        columns = sorted({column for row in run for column in row})
        rows = [tuple(row.get(column, "") for column in columns) for row in run]
        goes_on = len(heads) == len(columns) and any(map(_figure, rows[0]))
        if len(rows) == 1 and not goes_on:
            yield Block(": ".join(filter(None, rows[0])))
        else:
            heads = heads if goes_on else rows[0]
            yield Block(rows=(heads, *(rows if goes_on else rows[1:])))


def _alone(row: Mapping[int, str]) -> str:
    """The one text of a row; "" when it has several."""
    texts = set(row.values())
    return texts.pop() if len(texts) == 1 else ""


def _figure(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _runs(grid: Grid) -> Iterator[list[Mapping[int, str]]]:
    held: list[Mapping[int, str]] = []
    for number in sorted(grid):
        if held and number - 1 not in grid:
            yield held
            held = []
        held.append(grid[number])
    if held:
        yield held
