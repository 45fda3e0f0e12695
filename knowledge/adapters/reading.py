"""Reads one file after another in a process of its own: bytes in, blocks out. Started by adapters/parser.py."""

import os
import re
import resource
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from math import ceil
from pathlib import PurePosixPath
from time import process_time
from typing import Any, Final

import orjson
import pypdfium2 as pdfium
from kreuzberg import ConcurrencyConfig, ExtractionConfig, KreuzbergError, PageConfig, extract_bytes_sync

from knowledge.adapters.child import idly, serve
from knowledge.ports import Block, Parsed, Unreadable
from knowledge.rules.files import PAGES, TEXTS, media_type, text_of
from knowledge.rules.passages import cut
from knowledge.rules.tags import repeated
from language.detect import language_of

MEMORY_BYTES: Final = 3 * 1024**3
SHORT: Final = 20  # pages that are not worth sharing
TOLD: Final = 200  # pieces that tell the language and what it is about
CONFIG: Final = ExtractionConfig(
    use_cache=False,
    disable_ocr=True,  # type: ignore[call-arg]  # known to the library, not to its stubs
    output_format="markdown",
    include_document_structure=True,
    pages=PageConfig(extract_pages=True),
    concurrency=ConcurrencyConfig(max_threads=1),
)
_SPACES: Final = re.compile(r"[ \t\u3000]+")
_HEADING: Final = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]+[章节条篇部]|[一二三四五六七八九十]+、|\d+(?:\.\d+)*[.、\s])\s*[^。；;，,]{1,40}$"
)
_MARKED: Final = re.compile(r"^\s*(?:[-*•·●◆■]|[（(]?\d+[.)、）．]|[（(][一二三四五六七八九十]+[)）])\s*")
_HEAD: Final = re.compile(r"<title\b[^>]*>.*?</title\s*>|<meta\b[^>]*>", re.IGNORECASE | re.DOTALL)
_MEANS: Final = re.compile(r"\s*</dt\s*>\s*<dd\b[^>]*>\s*", re.IGNORECASE)
_NESTED: Final = re.compile(r"^[ \t]+(?=(?:[-*+]|\d+[.)])[ \t])", re.MULTILINE)
_ENDED: Final = ("。", "！", "？", "；", "：", ".", "!", "?", ";", ":")


@dataclass(frozen=True, slots=True)
class Read:
    """What stands in a file, or in a part of a long PDF's pages, counted from 1 there."""

    title: str
    blocks: Sequence[Block]
    pages: int | None = None


def read(name: str, content: bytes, part: int = 0, parts: int = 1) -> Read:
    """A file, or its part of a long PDF's pages. Raises Unreadable."""
    kind = media_type(name, content)
    if kind == "application/pdf" and parts > 1:
        content = _pages(content, part, parts)
        if not content:
            return Read("", ())
    if kind in TEXTS.values() or kind in PAGES.values():
        content = text_of(content).encode()
    try:
        if kind == "text/html":
            content, kind = _markdown(content), "text/markdown"
        if kind == "text/markdown":
            content = _NESTED.sub("", content.decode()).encode()  # the library drops an item that has items
        found = extract_bytes_sync(content, kind, config=CONFIG)
    except KreuzbergError as error:
        low = str(error).lower()
        raise Unreadable("encrypted" if "password" in low or "encrypt" in low else "damaged") from error
    if kind == "text/plain":
        blocks = list(_plain(text_of(content)))
    else:
        document: dict[str, Any] = dict(found.document or {})
        blocks = [block for node in document.get("nodes", ()) for block in _blocks(node, kind)]
    pages = (found.metadata.get("pages") or {}).get("total_count") if kind == "application/pdf" else None
    return Read(_title(blocks) or PurePosixPath(name).stem, blocks, pages)


def joined(parts: Sequence[Mapping[str, Any]]) -> Read:
    """One document; the first part has its title, and the pages of the others come after."""
    blocks, pages = list[Block](), 0
    for part in parts:
        for one in part["blocks"]:
            page = one["page"] + pages if one["page"] else None
            blocks.append(Block(**{**one, "page": page, "rows": tuple(map(tuple, one["rows"]))}))
        pages += part["pages"] or 0
    return Read(parts[0]["title"], blocks, pages)


def understood(name: str, read: Read) -> Parsed:
    """What the library keeps of it. Raises Unreadable when there are no words."""
    if not any(block.text or block.rows for block in read.blocks):
        raise Unreadable("scanned" if name.lower().endswith(".pdf") else "wordless")
    pieces = cut(read.blocks, read.title)
    text = "\n".join(piece.text for piece in pieces[:TOLD])
    return Parsed(read.title, tuple(pieces), language_of(text), repeated(f"{read.title}\n{text}"), read.pages)


def _markdown(page: bytes) -> bytes:
    """A page with all its words, as "term: meaning" those of a definition. Raises KreuzbergError.

    The library's structure of a page has no text of div, dl, blockquote and summary; its Markdown has.
    """
    html = _MEANS.sub(": ", _HEAD.sub("", page.decode()))
    return extract_bytes_sync(html.encode(), "text/html", config=CONFIG).content.encode()


def _pages(content: bytes, part: int, parts: int) -> bytes:
    """A document of the part's pages; a short one, and one that cannot be opened, is all part 0's."""
    try:
        whole = pdfium.PdfDocument(content)
    except pdfium.PdfiumError:
        return b"" if part else content
    if len(whole) <= SHORT:
        return b"" if part else content
    share, written = pdfium.PdfDocument.new(), BytesIO()
    share.import_pages(whole, range(len(whole) * part // parts, len(whole) * (part + 1) // parts))
    share.save(written)
    return written.getvalue()


def _title(blocks: list[Block]) -> str:
    """The first heading, when it stands over the whole: no other is as high, or nothing stands under it alone."""
    tops = [place for place, block in enumerate(blocks) if block.level == 1]
    if not tops or tops[0] > 1:
        return ""
    alone = len(tops) == 1 or tops[1] == tops[0] + 1
    return blocks[tops[0]].text if alone else ""


def _blocks(node: dict[str, Any], kind: str) -> Iterator[Block]:
    content, page = node["content"], node.get("page") if kind == "application/pdf" else None
    match content["node_type"]:
        case "heading":
            yield Block(_tidy(content["text"]), int(content.get("level") or 1), page)
        case "table":
            grid = content["grid"]
            cells = [[""] * grid["cols"] for _ in range(grid["rows"])]
            for cell in grid["cells"]:
                cells[cell["row"]][cell["col"]] = " ".join(cell["content"].split())
            if cells and grid["cols"]:
                yield Block(page=page, rows=tuple(tuple(row) for row in cells))
        case "list_item":
            yield Block(_tidy(content["text"]), page=page, item=True)
        case "group" | "list":
            return
        case _:
            if text := content.get("text", ""):
                yield from _paragraph(text, page, kind)


def _paragraph(text: str, page: int | None, kind: str) -> Iterator[Block]:
    if kind != "application/pdf":
        yield Block(_tidy(text), page=page)
        return
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if rows := _table(lines):
        yield Block(page=page, rows=rows)
        return
    for line in _rejoined(lines):
        heading = len(lines) > 1 or len(text) < 40
        yield Block(line, 2 if heading and _HEADING.match(line) else 0, page)


def _table(lines: list[str]) -> tuple[tuple[str, ...], ...]:
    """Lines of as many short words each are a table whose lines the page did not draw; else ()."""
    cells = [tuple(line.split()) for line in lines]
    width = len(cells[0]) if cells else 0
    short = all(len(row) == width and all(len(cell) <= 16 for cell in row) for row in cells)
    figures = any(any(one.isdigit() for one in cell) for row in cells[1:] for cell in row)
    headed = not any(any(one.isdigit() for one in cell) for cell in cells[0]) if cells else False
    return tuple(cells) if width > 1 and len(cells) > 1 and short and figures and headed else ()


def _rejoined(lines: list[str]) -> Iterator[str]:
    """Paragraphs out of lines that a page broke."""
    held = ""
    for line in lines:
        if held and (held.endswith(_ENDED) or _MARKED.match(line) or _HEADING.match(held)):
            yield _tidy(held)
            held = ""
        joint = "" if not held or not (held[-1].isascii() and line[0].isascii()) else " "
        held = f"{held}{joint}{line}"
    if held:
        yield _tidy(held)


def _plain(text: str) -> Iterator[Block]:
    """A plain text's paragraphs; a short numbered line is a heading."""
    for piece in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        lines = [line.strip() for line in piece.splitlines() if line.strip()]
        while lines and _HEADING.match(lines[0]) and len(lines[0]) <= 42:
            yield Block(lines.pop(0), 1)
        if lines:
            yield Block("\n".join(lines))


def _tidy(text: str) -> str:
    return "\n".join(_SPACES.sub(" ", line).strip() for line in text.splitlines() if line.strip())


def tell(name: bytes, content: bytes) -> dict[str, Any]:
    """What parser.py asks: to read a part of a PDF ("0/2 a.pdf"), to join parts, or to read all ("whole a.pdf")."""
    what, _, file = name.decode().partition(" ")
    try:
        match what:
            case "whole":
                return {"parsed": understood(file, read(file, content))}
            case "join":
                return {"parsed": understood(file, joined(orjson.loads(content)))}
            case _:
                return {"read": read(file, content, *map(int, what.split("/")))}
    except Unreadable as error:
        return {"unreadable": error.code, "about": error.about}
    except Exception as error:  # a library's slip with one file; the next one is read
        return {"unreadable": "unread", "about": {"error": type(error).__name__}}


def main(seconds: int) -> None:
    """The child's side; each file may take so many seconds of CPU."""
    idly()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer

    def timed(name: bytes, content: bytes) -> dict[str, Any]:
        resource.setrlimit(resource.RLIMIT_CPU, (ceil(process_time()) + seconds, resource.RLIM_INFINITY))
        return tell(name, content)

    serve(sys.stdin.buffer, out, timed)


if __name__ == "__main__":
    main(int(sys.argv[1]))
