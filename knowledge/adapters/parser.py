"""The door to the processes that read files: limits of time and memory for each, and a new one after a bad file."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from knowledge.adapters.child import Child, ChildBroke
from knowledge.ports import Block, Parsed, Unreadable

SECONDS: Final = 60.0
READERS: Final = 2
LARGE: Final = 64 * 1024  # bytes of a PDF whose pages the readers share


class ParserProcess:
    """One file at a time, at the lowest priority, so that the house's other work goes first.

    A long PDF's first half is read by one process, its second by another.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._children = [Child("knowledge.adapters.reading", seconds=seconds) for _ in range(READERS)]

    async def parse(self, name: str, content: bytes) -> Parsed:
        """As Parser.parse."""
        pdf = name.lower().endswith(".pdf")
        children = self._children[: READERS if pdf and len(content) > LARGE else 1]
        shares = [f"{part}/{len(children)} {name}".encode() for part in range(len(children))]
        told = await asyncio.gather(
            *(_ask(child, share, content) for child, share in zip(children, shares, strict=True))
        )
        for one in told:
            if "unreadable" in one:
                raise Unreadable(one["unreadable"], **one["about"])
        parsed = _joined([_parsed(one["parsed"]) for one in told])
        if not any(block.text or block.rows for block in parsed.blocks):
            raise Unreadable("scanned" if pdf else "wordless")
        return parsed

    async def close(self) -> None:
        """End the processes."""
        for child in self._children:
            await child.close()


async def _ask(child: Child, name: bytes, content: bytes) -> dict[str, Any]:
    try:
        return await child.ask(name, content)
    except ChildBroke:
        return {"unreadable": "limits", "about": {"seconds": round(child.seconds)}}


def _joined(parts: Sequence[Parsed]) -> Parsed:
    """One document; the first part has its title, and the pages of the others come after."""
    blocks, pages = list(parts[0].blocks), parts[0].pages
    for part in parts[1:]:
        before = pages or 0
        blocks += (replace(one, page=one.page + before) if one.page else one for one in part.blocks)
        pages = before + part.pages if part.pages else pages
    return replace(parts[0], blocks=tuple(blocks), pages=pages)


def _parsed(told: dict[str, Any]) -> Parsed:
    blocks = (Block(**{**one, "rows": tuple(tuple(row) for row in one["rows"])}) for one in told["blocks"])
    return Parsed(told["title"], tuple(blocks), told["pages"])
