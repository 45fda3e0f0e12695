"""Files as the reading process takes them: what is refused says why, nothing executes, a crash costs one file."""

import csv
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import date
from io import BytesIO, StringIO

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from conversation.sql import SqlLog
from knowledge.adapters.parser import ParserProcess
from knowledge.adapters.reading import read
from knowledge.ports import Unreadable
from knowledge.service.library import Library, Options
from knowledge.store.entries import Entries

WRITER = """
import asyncio, sys
from conversation.database import open_engine
from conversation.signals import LocalSignals
from conversation.sql import SqlLog
from knowledge.ports import Piece
from knowledge.store.entries import Entries, Entry

async def main(url):
    entries = Entries(SqlLog(open_engine(url), LocalSignals()).transactions)
    entry = Entry("e", "file", "a.txt", "a", state="published")
    for n in range(1, 10_000):
        entry = await entries.put(entry, [Piece(f"version {n} " + "x" * 100)] * 3000, was=entry.version)
        print(n, flush=True)

asyncio.run(main(sys.argv[1]))
"""


@pytest.fixture
async def parser() -> AsyncIterator[ParserProcess]:
    process = ParserProcess()
    yield process
    await process.close()


def pdf(*, text: str = "", password: str = "") -> bytes:
    sheet = BytesIO()
    canvas = Canvas(sheet, encrypt=StandardEncryption(password) if password else None)
    canvas.rect(50, 50, 400, 600, fill=1)
    canvas.drawString(60, 700, text)
    canvas.showPage()
    canvas.save()
    return sheet.getvalue()


async def test_pages_without_text_locked_and_damaged_ones_are_refused(parser: ParserProcess) -> None:
    for content, reason in (
        (pdf(), "scanned"),
        (pdf(text="secret", password="x"), "encrypted"),
        (pdf(text="hello")[:400], "damaged|cannot be read"),
    ):
        with pytest.raises(Unreadable, match=reason):
            await parser.parse("a.pdf", content)
    assert (await parser.parse("a.pdf", pdf(text="Returns take 7 days."))).pages == 1


def manual() -> bytes:
    """Two pages with a running head and foot, headings of two sizes, and a table over the page's end."""
    sheet = BytesIO()
    canvas = Canvas(sheet)
    parts = [(f"P-{number}", f"Part {number}", f"EUR {number}.50") for number in range(1, 7)]

    def line(x: int, y: int, text: str, size: int = 10) -> None:
        canvas.setFont("Helvetica", size)
        canvas.drawString(x, y, text)

    for page in (1, 2):
        line(60, 815, "City bike, edition 3", 8)
        line(60, 25, f"Page {page} of 2", 8)
        if page == 1:
            line(60, 760, "City bike", 20)
            line(60, 730, "1 Care", 16)
            line(60, 710, "Inflate the front tyre to 3.5 bar and the rear tyre, which carries the load, to")
            line(60, 698, "4.0 bar. Check it every week.")
            line(60, 670, "1.1 Parts", 13)
        for place, row in enumerate([("No.", "Name", "Price"), *parts[(page - 1) * 3 :][:3]]):
            for x, cell in zip((60, 160, 300), row, strict=True):
                line(x, 640 - 14 * place, cell)
        if page == 2:
            line(60, 500, "2 Warranty", 16)
            line(60, 480, "The frame is guaranteed for ten years.")
        canvas.showPage()
    canvas.save()
    return sheet.getvalue()


async def test_a_printed_manual_keeps_headings_and_tables_and_has_no_running_heads(parser: ParserProcess) -> None:
    parsed = await parser.parse("bike.pdf", manual())
    assert parsed.title == "City bike"
    rows = [(1 + n // 3, f"No.: P-{n + 1}; Name: Part {n + 1}; Price: EUR {n + 1}.50") for n in range(6)]
    care = (
        "Inflate the front tyre to 3.5 bar and the rear tyre, which carries the load, to 4.0 bar. Check it every week."
    )
    assert [(one.page, one.heading, one.text) for one in parsed.pieces] == [
        (1, "Care", care),
        *((page, "Care › Parts", text) for page, text in rows),
        (2, "Warranty", "The frame is guaranteed for ten years."),
    ]


async def test_a_documents_pages_are_counted(parser: ParserProcess) -> None:
    sheet = BytesIO()
    canvas = Canvas(sheet)
    for page in range(1, 32):
        canvas.drawInlineImage(Image.effect_noise((60, 60), 90), 60, 300)
        canvas.drawString(60, 700, f"Article number {page} is returned within {page} days.")
        canvas.showPage()
    canvas.save()
    parsed = await parser.parse("long.pdf", sheet.getvalue())
    said = [(piece.page, piece.text) for piece in parsed.pieces]
    assert said == [(page, f"Article number {page} is returned within {page} days.") for page in range(1, 32)]
    assert parsed.pages == 31


def test_no_words_of_a_page_are_lost() -> None:
    page = (
        b"<head><title>Tab</title></head><h1>Lamp</h1>bare<div>in a div</div><dl><dt>Red<dd>Empty.</dl>"
        b"<dl><dt>Blue</dt><dd>Full.</dd></dl><blockquote>quoted</blockquote><ul><li>one<ul><li>nested</li></ul></li></ul>"
        b"<details><summary>May I?</summary>Yes.</details>"
    )
    blocks = read("a.html", page).blocks
    said = [block.text for block in blocks]
    assert [*said[:3], *said[-5:]] == ["Lamp", "bare", "in a div", "quoted", "one", "nested", "May I?", "Yes."]
    assert "Blue: Full." in said
    assert "Empty." in "".join(said)


def test_of_a_page_with_a_main_part_the_rest_is_furniture() -> None:
    page = b"<div>We use cookies.</div><main class='a'><h1>Lamp</h1><p>It shines.</p></main><footer>Imprint</footer>"
    assert [block.text for block in read("a.html", page).blocks] == ["Lamp", "It shines."]


def test_an_item_with_items_is_kept() -> None:
    blocks = read("a.md", b"1. one\n   - nested\n2. two\n").blocks
    assert [(block.text, block.item) for block in blocks] == [("one", True), ("nested", True), ("two", True)]


async def test_scripts_and_formulas_are_words_or_nothing(parser: ParserProcess) -> None:
    page = b"<head><script>alert(1)</script></head><body onload='x()'><p>Seven days.</p><script>y()</script></body>"
    (piece,) = (await parser.parse("a.html", page)).pieces
    assert piece.text == "Seven days."
    sheet = StringIO()
    csv.writer(sheet).writerows([["name", "price"], ['=HYPERLINK("http://x.example","a")', "9"], ["@SUM(1)", "8"]])
    rows = (await parser.parse("a.csv", sheet.getvalue().encode())).pieces
    assert [row.text for row in rows] == [
        'name: =HYPERLINK("http://x.example","a"); price: 9',
        "name: @SUM(1); price: 8",
    ]


async def test_after_a_reader_is_killed_the_next_file_is_read(parser: ParserProcess) -> None:
    await parser.parse("a.txt", b"one")
    reader = parser._child._process
    assert reader is not None
    os.kill(reader.pid, signal.SIGKILL)
    try:
        parsed = await parser.parse("b.txt", b"two")
    except Unreadable:  # it was just being killed
        parsed = await parser.parse("b.txt", b"two")
    assert parsed.pieces[0].text == "two"


async def test_a_crash_leaves_the_old_version_or_the_new_one(kefu_db: str, sql_log: SqlLog) -> None:
    process = subprocess.Popen([sys.executable, "-c", WRITER, kefu_db], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = 0
    while told < 4:
        told = int(process.stdout.readline())
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    entries = Entries(sql_log.transactions)
    entry = await entries.find("e")
    assert entry is not None
    assert entry.version >= told
    assert entry.revision == entry.version == await entries.revision()
    pieces = await entries.pieces("e", entry.version)
    assert len(pieces) == entry.passages == 3000
    assert all(piece.text.startswith(f"version {entry.version} ") for piece in pieces)


async def test_the_next_version_of_what_is_for_staff_is_for_staff(sql_log: SqlLog, parser: ParserProcess) -> None:
    library = Library(Entries(sql_log.transactions), parser)
    filed = Options(audience="staff", until=date(2030, 1, 1), link="https://x.example/a")
    await library.take_one("a.txt", b"We open at nine.", filed, "lin")
    taken = await library.take_one("a.txt", b"We open at ten.", Options(), "lin")
    assert taken.outcome == "changed"
    assert taken.entry is not None
    assert (taken.entry.audience, taken.entry.until, taken.entry.link) == ("staff", filed.until, filed.link)


async def test_an_unchanged_file_is_read_again_when_files_are_read_better(
    sql_log: SqlLog, parser: ParserProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library(Entries(sql_log.transactions), parser)
    outcomes = list[str]()
    for reading in (b"1", b"1", b"2"):
        monkeypatch.setattr("knowledge.service.library.READING", reading)
        outcomes.append((await library.take_one("a.txt", b"We open at nine.", Options(), "lin")).outcome)
    assert outcomes == ["new", "same", "changed"]


def test_markdown_keeps_every_character_and_no_line_of_its_front_matter() -> None:
    page = (
        b"---\ntitle: x\n---\n# It's a \"test\" -- 5 * 3...\n\nThe lessee's\n`PX-8` costs [9 EUR](http://a.example).\n"
    )
    assert [block.text for block in read("a.md", page).blocks] == [
        'It\'s a "test" -- 5 * 3...',
        "The lessee's PX-8 costs 9 EUR.",
    ]
