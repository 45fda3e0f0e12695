"""Markdown's headings, paragraphs, items and tables, every word as it was written."""

import re
from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.ports import Block
from knowledge.rules.page import joined

PARSER: Final = MarkdownIt("commonmark").enable("table")
_FRONT: Final = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_TAG: Final = re.compile(r"<[^>]*>")
_SOFT: Final = "\n"  # where a line of the file ends and its text goes on


def blocks(text: str, breaks: bool = False) -> Iterator[Block]:
    """In order; what stands before the document to describe it is no part of it. `breaks`: lines end as written."""
    level, items = 0, 0
    rows: list[list[str]] = []
    for token in PARSER.parse(_FRONT.sub("", text)):
        match token.type:
            case "heading_open":
                level = int(token.tag[1:])
            case "heading_close":
                level = 0
            case "list_item_open":
                items += 1
            case "list_item_close":
                items -= 1
            case "tr_open":
                rows.append([])
            case "inline" if rows:
                rows[-1].append(_said(token.children or (), breaks))
            case "inline":
                if said := _said(token.children or (), breaks):
                    yield Block(said, level, item=bool(items) and not level)
            case "table_close":
                yield Block(rows=tuple(map(tuple, rows)))
                rows = []
            case "fence" | "code_block":
                yield Block(token.content.strip())
            case "html_block":
                if said := " ".join(_TAG.sub(" ", token.content).split()):
                    yield Block(said)


def _said(tokens: Sequence[Token], breaks: bool) -> str:
    lines = [""]
    for token in tokens:
        match token.type:
            case "hardbreak":
                lines.append("")
            case "softbreak" if breaks:
                lines.append("")
            case "softbreak":
                lines[-1] += _SOFT
            case "text" | "code_inline" | "image":
                lines[-1] += token.content
    return "\n".join(filter(None, (reduce(joined, map(str.strip, line.split(_SOFT))) for line in lines)))
