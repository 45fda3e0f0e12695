"""The door to the processes that read files: limits of time and memory for each, and a new one after a bad file."""

import asyncio
from typing import Any, Final

import orjson

from knowledge.adapters.child import Child, ChildBroke
from knowledge.ports import Parsed, Piece, Unreadable

SECONDS: Final = 60  # of CPU: on a busy house a file may take far longer, which is not its fault
PATIENCE: Final = 600.0  # seconds until a reader counts as stuck
READERS: Final = 2
LARGE: Final = 64 * 1024  # bytes of a PDF whose pages the readers share


class ParserProcess:
    """One file at a time, of what the house's other work leaves of the cores.

    A long PDF's first half is read by one process, its second by another.
    """

    def __init__(self, seconds: int = SECONDS) -> None:
        self._seconds = seconds
        self._children = [Child("knowledge.adapters.reading", str(seconds), seconds=PATIENCE) for _ in range(READERS)]

    async def parse(self, name: str, content: bytes) -> Parsed:
        """As Parser.parse."""
        if not name.lower().endswith(".pdf") or len(content) <= LARGE:
            return _parsed(await self._ask(0, "whole", name, content))
        shares = (self._ask(part, f"{part}/{READERS}", name, content) for part in range(READERS))
        halves = [told["read"] for told in await asyncio.gather(*shares)]
        return _parsed(await self._ask(0, "join", name, orjson.dumps(halves)))

    async def _ask(self, reader: int, what: str, name: str, content: bytes) -> dict[str, Any]:
        try:
            told = await self._children[reader].ask(f"{what} {name}".encode(), content)
        except ChildBroke:
            raise Unreadable("limits", seconds=self._seconds) from None
        if "unreadable" in told:
            raise Unreadable(told["unreadable"], **told["about"])
        return told

    async def close(self) -> None:
        """End the processes."""
        for child in self._children:
            await child.close()


def _parsed(told: dict[str, Any]) -> Parsed:
    known = told["parsed"]
    return Parsed(**{**known, "pieces": tuple(Piece(**one) for one in known["pieces"])})
