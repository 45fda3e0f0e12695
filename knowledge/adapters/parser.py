"""The door to the process that reads files: a limit of time and memory for each, and a new process after a bad one."""

from typing import Any, Final

from knowledge.adapters.child import Child, ChildBroke
from knowledge.ports import Block, Parsed, Unreadable

SECONDS: Final = 60.0


class ParserProcess:
    """One file at a time, at the lowest priority, so that the house's other work goes first."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._child = Child("knowledge.adapters.reading", seconds=seconds)

    async def parse(self, name: str, content: bytes) -> Parsed:
        """As Parser.parse."""
        try:
            told = await self._child.ask(name.encode(), content)
        except ChildBroke as error:
            raise Unreadable(f"the file cannot be read: {error}") from error
        if "unreadable" in told:
            raise Unreadable(told["unreadable"])
        return _parsed(told["parsed"])

    async def close(self) -> None:
        """End the process."""
        await self._child.close()


def _parsed(told: dict[str, Any]) -> Parsed:
    blocks = (Block(**{**one, "rows": tuple(tuple(row) for row in one["rows"])}) for one in told["blocks"])
    return Parsed(told["title"], tuple(blocks), told["pages"])
