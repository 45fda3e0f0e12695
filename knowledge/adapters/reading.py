"""Reads one file after another in a process of its own: bytes in, blocks out. Started by adapters/parser.py."""

import asyncio
import os
import re
import resource
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import PurePosixPath
from time import process_time
from typing import Any, Final

import orjson
from xberg import (
    ConcurrencyConfig,
    ContentFilterConfig,
    ExtractedDocument,
    ExtractInput,
    ExtractInputKind,
    ExtractionConfig,
    XbergError,
    extract,
)

from knowledge.adapters import marked, sheets
from knowledge.adapters.child import idly, serve
from knowledge.adapters.pdf import pages
from knowledge.ports import Block, Parsed, Unreadable
from knowledge.rules.files import OFFICE, PAGES, TEXTS, media_type, text_of
from knowledge.rules.layout import NUMBERED, blocks
from knowledge.rules.passages import cut
from knowledge.rules.tags import repeated
from language.detect import language_of

SHEETS: Final = OFFICE[".xlsx"][0]
SLIDES: Final = OFFICE[".pptx"][0]
MEMORY_BYTES: Final = 3 * 1024**3
TOLD: Final = 200  # pieces that tell the language and what it is about
CONFIG: Final = ExtractionConfig(
    use_cache=False,
    disable_ocr=True,
    output_format="markdown",
    include_document_structure=True,
    content_filter=ContentFilterConfig(include_footnotes=True),
    concurrency=ConcurrencyConfig(max_threads=1),
)
_SPACES: Final = re.compile(r"[ \t\u3000]+")
_HEAD: Final = re.compile(r"<title\b[^>]*>.*?</title\s*>|<meta\b[^>]*>", re.IGNORECASE | re.DOTALL)
_MAIN: Final = re.compile(r"<main\b.*</main\s*>", re.IGNORECASE | re.DOTALL)
_MEANS: Final = re.compile(r"\s*</dt\s*>\s*<dd\b[^>]*>\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Read:
    """What stands in a file; `scanned` are pages of pictures without text."""

    title: str
    blocks: Sequence[Block]
    pages: int | None = None
    scanned: tuple[int, ...] = ()


def read(name: str, content: bytes) -> Read:
    """Raises Unreadable."""
    kind = media_type(name, content)
    if kind == "application/pdf":
        printed = list(pages(content))
        scanned = tuple(number for number, page in enumerate(printed, 1) if page.scanned)
        return replace(_read(name, blocks(printed), len(printed)), scanned=scanned)
    if kind == SHEETS:
        return _read(name, sheets.blocks(content))
    if kind in TEXTS.values() or kind in PAGES.values():
        content = text_of(content).encode()
    if kind == "text/plain":
        return _read(name, list(_plain(content.decode())))
    if kind == "text/html":
        return _read(name, list(marked.blocks(_markdown(content.decode()), breaks=True)))
    if kind == "text/markdown":
        return _read(name, list(marked.blocks(content.decode())))
    nodes = getattr(_extracted(content, kind).document, "nodes", ())
    found = [replace(block, page=node.page if kind == SLIDES else None) for node in nodes for block in _blocks(node)]
    return _read(name, found, max((one.page for one in found if one.page), default=None))


def _read(name: str, found: Sequence[Block], count: int | None = None) -> Read:
    return Read(_title(found) or PurePosixPath(name).stem, found, count)


def understood(name: str, read: Read) -> Parsed:
    """What the library keeps of it. Raises Unreadable when there are no words."""
    if not any(block.text or block.rows for block in read.blocks):
        raise Unreadable("scanned" if name.lower().endswith(".pdf") else "wordless")
    pieces = cut(read.blocks, read.title)
    text = "\n".join(piece.text for piece in pieces[:TOLD])
    return Parsed(
        read.title, tuple(pieces), language_of(text), repeated(f"{read.title}\n{text}"), read.pages, read.scanned
    )


def _extracted(content: bytes, kind: str) -> ExtractedDocument:
    """What the library makes of it. Raises Unreadable."""
    asked = ExtractInput(kind=ExtractInputKind.BYTES, bytes=content, mime_type=kind)

    async def ask() -> ExtractedDocument:
        told = await extract(asked, CONFIG)
        if told.errors:
            raise Unreadable("damaged")
        return told.results[0]

    try:
        return asyncio.run(ask())
    except (XbergError, RuntimeError) as error:
        raise Unreadable("damaged") from error


def _markdown(page: str) -> str:
    """A page with all its words, or those of its main part; as "term: meaning" a definition's. Raises Unreadable.

    The library's structure of a page has no text of div, dl, blockquote and summary; its Markdown has.
    """
    main = _MAIN.search(page)
    html = _MEANS.sub(": ", _HEAD.sub("", main[0] if main else page))
    return _extracted(html.encode(), "text/html").content


def _title(found: Sequence[Block]) -> str:
    """The first heading, when it stands over the whole: no other is as high, or nothing stands under it alone."""
    tops = [place for place, block in enumerate(found) if block.level == 1]
    if not tops or tops[0] > 1:
        return ""
    alone = len(tops) == 1 or tops[1] == tops[0] + 1
    return found[tops[0]].text if alone else ""


def _blocks(node: Any) -> Iterator[Block]:
    content = orjson.loads(str(node.content))
    if str(node.content_layer) in ("header", "footer"):
        return
    match content["node_type"]:
        case "heading":
            yield Block(_tidy(content["text"]), int(content.get("level") or 1))
        case "table":
            grid = content["grid"]
            cells = [[""] * grid["cols"] for _ in range(grid["rows"])]
            for cell in grid["cells"]:
                cells[cell["row"]][cell["col"]] = " ".join(cell["content"].split())
            if rows := tuple(tuple(row) for row in cells if any(row)):
                yield Block(rows=rows)
        case "list_item":
            yield Block(_tidy(content["text"]), item=True)
        case _:
            if text := content.get("text", ""):
                yield Block(_tidy(text))


def _plain(text: str) -> Iterator[Block]:
    """A plain text's paragraphs; a short numbered line is a heading."""
    for piece in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        lines = [line.strip() for line in piece.splitlines() if line.strip()]
        while lines and NUMBERED.match(lines[0]) and len(lines[0]) <= 42:
            yield Block(lines.pop(0), 1)
        if lines:
            yield Block("\n".join(lines))


def _tidy(text: str) -> str:
    return "\n".join(_SPACES.sub(" ", line).strip() for line in text.splitlines() if line.strip())


def tell(name: bytes, content: bytes) -> dict[str, Any]:
    """What parser.py asks."""
    file = name.decode()
    try:
        return {"parsed": understood(file, read(file, content))}
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
