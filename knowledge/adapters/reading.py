"""Reads one file after another in a process of its own: bytes in, blocks out. Started by adapters/parser.py."""

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
MEMORY_BYTES: Final = 3 * 1024**3
TOLD: Final = 200  # pieces that tell the language and what it is about


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
    if kind == "text/markdown":
        return _read(name, list(marked.blocks(content.decode())))
    from knowledge.adapters import office  # its library costs a start 0.3 s, which a PDF need not wait for

    if kind == "text/html":
        return _read(name, list(marked.blocks(office.markdown(content.decode()), breaks=True)))
    found = office.blocks(content, kind)
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


def _title(found: Sequence[Block]) -> str:
    """The first heading, when it stands over the whole: no other is as high, or nothing stands under it alone."""
    tops = [place for place, block in enumerate(found) if block.level == 1]
    if not tops or tops[0] > 1:
        return ""
    alone = len(tops) == 1 or tops[1] == tops[0] + 1
    return found[tops[0]].text if alone else ""


def _plain(text: str) -> Iterator[Block]:
    """A plain text's paragraphs; a short numbered line is a heading."""
    for piece in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        lines = [line.strip() for line in piece.splitlines() if line.strip()]
        while lines and NUMBERED.match(lines[0]) and len(lines[0]) <= 42:
            yield Block(lines.pop(0), 1)
        if lines:
            yield Block("\n".join(lines))


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
