"""Many documents at once: what else the house does goes first."""

import os
import time
from typing import Any, cast

import pytest

from knowledge.adapters.parser import ParserProcess
from knowledge.ports import Parsed, Piece, Unreadable
from knowledge.service.library import RESTS, Library, Options
from knowledge.store.entries import Entries, Entry

KEEPING = 0.004  # seconds


class Store:
    """Entries that take their time to be kept."""

    def __init__(self) -> None:
        self.times: list[tuple[float, float]] = []

    async def named(self, folder: str, name: str) -> Entry | None:
        """Nothing is known."""

    async def put(self, entry: Entry, *_: Any, **__: Any) -> Entry:
        """As Entries.put."""
        began = time.monotonic()
        time.sleep(KEEPING)  # noqa: ASYNC251  # a commit
        self.times.append((began, time.monotonic()))
        return entry


class Reader:
    """Reads at once."""

    async def parse(self, name: str, content: bytes) -> Parsed:
        """As Parser.parse."""
        return Parsed(name, (Piece(content.decode()),), "en", {})


async def test_between_documents_the_store_is_left_to_conversations() -> None:
    store = Store()
    library = Library(cast(Entries, store), Reader())
    for number in range(4):
        assert (await library.take_one(f"{number}.txt", b"text", Options(), "me")).outcome == "new"
    rests = [later[0] - earlier[1] for earlier, later in zip(store.times, store.times[1:], strict=False)]
    assert min(rests) >= RESTS * KEEPING


async def test_a_file_is_read_in_the_idle_class() -> None:
    parser = ParserProcess()
    await parser.parse("short.txt", b"Headphones are under warranty for a year.")
    reader = parser._child._process
    assert reader is not None
    assert os.sched_getscheduler(reader.pid) == os.SCHED_IDLE
    await parser.close()


async def test_a_file_that_takes_too_much_of_a_core_is_refused_and_the_next_one_is_read() -> None:
    parser = ParserProcess(seconds=1)
    sentence = "耳机保修一年，充电器保修半年，客户凭订单号办理退货退款。"
    with pytest.raises(Unreadable) as refused:
        await parser.parse("long.txt", f"{sentence}\n".encode() * 200_000)
    assert (refused.value.code, refused.value.about) == ("limits", {"seconds": 1})
    parsed = await parser.parse("short.txt", sentence.encode())
    assert ([piece.text for piece in parsed.pieces], parsed.language) == ([sentence], "zh")
    await parser.close()
