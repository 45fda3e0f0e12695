"""The door to the process that reads files: limits of time and memory for each, and a new one after a bad file."""

from typing import Any, Final

from knowledge.adapters.child import Child, ChildBroke
from knowledge.ports import Parsed, Piece, Unreadable

SECONDS: Final = 60  # of CPU: on a busy house a file may take far longer, which is not its fault
PATIENCE: Final = 600.0  # seconds until a reader counts as stuck


class ParserProcess:
    """One file at a time, of what the house's other work leaves of the cores."""

    def __init__(self, seconds: int = SECONDS) -> None:
        self._seconds = seconds
        self._child = Child("knowledge.adapters.reading", str(seconds), seconds=PATIENCE)

    async def parse(self, name: str, content: bytes) -> Parsed:
        """As Parser.parse."""
        try:
            told = await self._child.ask(name.encode(), content)
        except ChildBroke:
            raise Unreadable("limits", seconds=self._seconds) from None
        if "unreadable" in told:
            raise Unreadable(told["unreadable"], **told["about"])
        return _parsed(told["parsed"])

    async def close(self) -> None:
        """End the process."""
        await self._child.close()


def _parsed(known: dict[str, Any]) -> Parsed:
    pieces, scanned = tuple(Piece(**one) for one in known["pieces"]), tuple(known["scanned"])
    return Parsed(**{**known, "pieces": pieces, "scanned": scanned})
