"""docx, pptx, csv and html, as xberg reads them."""

import asyncio
import re
from collections.abc import Iterator
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

from knowledge.ports import Block, Unreadable
from knowledge.rules.files import OFFICE

SLIDES: Final = OFFICE[".pptx"][0]
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


def blocks(content: bytes, kind: str) -> list[Block]:
    """In order, those of slides with their numbers as pages. Raises Unreadable."""
    nodes = getattr(_extracted(content, kind).document, "nodes", ())
    return [block for node in nodes for block in _blocks(node, node.page if kind == SLIDES else None)]


def markdown(page: str) -> str:
    """A page with all its words, or those of its main part; as "term: meaning" a definition's. Raises Unreadable.

    The library's structure of a page has no text of div, dl, blockquote and summary; its Markdown has.
    """
    main = _MAIN.search(page)
    html = _MEANS.sub(": ", _HEAD.sub("", main[0] if main else page))
    return _extracted(html.encode(), "text/html").content


def _extracted(content: bytes, kind: str) -> ExtractedDocument:
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


def _blocks(node: Any, page: int | None) -> Iterator[Block]:
    content = orjson.loads(str(node.content))
    if str(node.content_layer) in ("header", "footer"):
        return
    match content["node_type"]:
        case "heading":
            yield Block(_tidy(content["text"]), int(content.get("level") or 1), page)
        case "table":
            grid = content["grid"]
            cells = [[""] * grid["cols"] for _ in range(grid["rows"])]
            for cell in grid["cells"]:
                cells[cell["row"]][cell["col"]] = " ".join(cell["content"].split())
            if rows := tuple(tuple(row) for row in cells if any(row)):
                yield Block(page=page, rows=rows)
        case "list_item":
            yield Block(_tidy(content["text"]), page=page, item=True)
        case _:
            if text := content.get("text", ""):
                yield Block(_tidy(text), page=page)


def _tidy(text: str) -> str:
    return "\n".join(_SPACES.sub(" ", line).strip() for line in text.splitlines() if line.strip())
