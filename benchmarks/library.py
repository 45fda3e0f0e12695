"""The library at size: 100,000 passages asked, opened and changed; a 100-page document from upload to answer."""

import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import psutil
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from app.wiring.knowledge import SYNONYMS
from benchmarks.extraction import passages
from benchmarks.shelf import Shelf
from knowledge.adapters.parser import ParserProcess
from knowledge.ports import Passage, Wish
from knowledge.service.search import Search

SEED: Final = 7
WORDS: Final = tuple(
    word.replace("_", " ")
    for line in SYNONYMS.read_text("utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
    if word != ">"
)
LETTERS: Final = (
    "的是在有人我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好"
)
LINES: Final = 34


def sentence(chance: random.Random) -> str:
    """Words of customer service between frequent characters, about 60 letters."""
    said = (chance.choice(WORDS) + "".join(chance.choices(LETTERS, k=chance.randint(1, 4))) for _ in range(12))
    return "，".join("".join(said).split()) + f"，编号{chance.randint(10_000, 99_999)}。"


def large(count: int) -> list[Passage]:
    """Passages of two sentences each, a hundred to a document."""
    chance = random.Random(SEED)
    return [Passage(f"d{n // 100}", n % 100, sentence(chance) + sentence(chance), language="zh") for n in range(count)]


def articles(count: int) -> list[str]:
    """Documents of ten paragraphs."""
    chance = random.Random(SEED)
    return ["\n\n".join(sentence(chance) + sentence(chance) for _ in range(10)) for _ in range(count)]


def questions(passages: Sequence[Passage], count: int) -> list[str]:
    """Pieces of passages as customers would ask them."""
    chance = random.Random(SEED + 1)
    return [chance.choice(passages).text[chance.randint(0, 30) :][: chance.randint(6, 18)] for _ in range(count)]


def pdf(pages: int) -> bytes:
    """A Chinese document with headings, paragraphs and, on every page, one fact of its own."""
    chance, sheet = random.Random(SEED), BytesIO()
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(sheet)
    for page in range(1, pages + 1):
        canvas.setFont("STSong-Light", 16)
        canvas.drawString(60, 790, f"第{page}章 产品型号 KX{page:03d}")
        canvas.setFont("STSong-Light", 10)
        lines = [f"型号 KX{page:03d} 的额定功率是 {1000 + 7 * page} 瓦。"]
        lines += [sentence(chance)[:44] for _ in range(LINES)]
        for place, line in enumerate(lines):
            canvas.drawString(60, 760 - 20 * place, line)
        canvas.showPage()
    canvas.save()
    return sheet.getvalue()


async def measure_document(pages: int = 100) -> dict[str, Any]:
    """Seconds from the file's bytes to the right answer about its last page, and how many pages are answered right."""
    content, parser = await asyncio.to_thread(pdf, pages), ParserProcess()
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder))
        began = time.perf_counter()
        parsed = await parser.parse("manual.pdf", content)
        read = time.perf_counter() - began
        await shelf.put({"manual": passages("manual", parsed.title, "zh", parsed.pieces)})
        right = int(await _asks(shelf.search, pages))
        took = time.perf_counter() - began
        rest = sum([await _asks(shelf.search, page) for page in range(1, pages)])
        shelf.close()
    await parser.close()
    told = {
        "pages": pages,
        "passages": len(parsed.pieces),
        "read_seconds": round(read, 2),
        "answered_seconds": round(took, 2),
    }
    return {**told, "pages_answered_right": right + rest}


async def _asks(search: Search, page: int) -> bool:
    answer = await search.answer(Wish(f"KX{page:03d} 的额定功率是多少", "staff"))
    return f"{1000 + 7 * page} 瓦" in answer.text


async def measure_size(count: int, asked: int) -> dict[str, Any]:
    """Built here, then opened and asked in a fresh process, whose memory is its own."""
    with tempfile.TemporaryDirectory() as folder:
        documents: dict[str, list[Passage]] = {}
        for passage in large(count):
            documents.setdefault(passage.document, []).append(passage)
        shelf = Shelf(Path(folder))
        began = time.perf_counter()
        await shelf.put(documents)
        built = time.perf_counter() - began
        shelf.close()
        every = [passage for passages in documents.values() for passage in passages]
        told = json.dumps(questions(every, asked))
        await asyncio.to_thread(Path(folder, "questions.json").write_text, told, "utf-8")
        size = shelf.index.size + shelf.vectors.size
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.library", folder, stdout=asyncio.subprocess.PIPE
        )
        answer, _ = await child.communicate()
        return {"passages": count, "built_seconds": round(built, 1), "index_bytes": size, **json.loads(answer)}


async def _ask(folder: Path) -> dict[str, Any]:
    asked = json.loads(await asyncio.to_thread((folder / "questions.json").read_text, "utf-8"))
    process = psutil.Process()
    bare = process.memory_info().rss
    began = time.perf_counter()
    shelf = Shelf(folder)
    await shelf.search.search(Wish(asked[0], "staff"))
    opened = time.perf_counter() - began
    times, work = [], time.process_time()
    for question in asked:
        began = time.perf_counter()
        await shelf.search.search(Wish(question, "staff"))
        times.append((time.perf_counter() - began) * 1000)
    work = time.process_time() - work
    memory = process.memory_info().rss
    began = time.perf_counter()
    await shelf.put({"fresh": [Passage("fresh", 0, "量子退款编号零零七")]}, 2)
    seen = (await shelf.search.search(Wish("量子退款编号零零七", "staff")))[0].passage.document == "fresh"
    changed = time.perf_counter() - began
    shelf.close()
    times.sort()
    share = {f"p{p}_ms": round(times[len(times) * p // 100], 2) for p in (50, 95, 99)}
    told = {**share, "cpu_ms": round(1000 * work / len(asked), 2), "opened_seconds": round(opened, 2)}
    memories = {"rss_mb": round(memory / 2**20), "own_mb": round((memory - bare) / 2**20)}
    return {**told, **memories, "change_seconds": round(changed, 3), "change_seen": seen}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_ask(Path(sys.argv[1])))))
