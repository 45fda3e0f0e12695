"""How good and how fast the library's search is on anybody's documents and questions, beside plain BM25."""

import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.shelf import Shelf
from knowledge.ports import Passage, Wish
from language.lines import BadLine, objects
from language.segment import words

DEPTH: Final = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the documents that answer it."""

    text: str
    right: frozenset[str]


def read_documents(path: Path) -> dict[str, str]:
    """doc_id to text. Raises BadLine."""
    found = dict[str, str]()
    for number, row in objects(path):
        id, text = row.get("doc_id"), row.get("text")
        if not isinstance(id, str | int) or not isinstance(text, str):
            raise BadLine(f"{path}:{number}: doc_id and text are needed")
        if str(id) in found:
            raise BadLine(f"{path}:{number}: doc_id: {id} stands there twice")
        found[str(id)] = text
    if not found:
        raise BadLine(f"{path}: there is no document in it")
    return found


def read_questions(path: Path, documents: dict[str, str]) -> list[Asked]:
    """Questions with `doc_id` (one or a list) or `doc_ids`. Raises BadLine."""
    found = []
    for number, row in objects(path):
        text, right = row.get("text"), row.get("doc_ids") or row.get("doc_id")
        ids = frozenset(map(str, right if isinstance(right, list) else [right]))
        if not isinstance(text, str) or right is None or not ids:
            raise BadLine(f"{path}:{number}: text and doc_id, or a list of them, are needed")
        if unknown := sorted(ids - documents.keys()):
            raise BadLine(f"{path}:{number}: doc_id: there is no document {unknown[0]}")
        found.append(Asked(text, ids))
    if not found:
        raise BadLine(f"{path}: there is no question in it")
    return found


async def measure_search(
    documents: dict[str, str], asked: Sequence[Asked], folder: Path, server: tuple[str, str] | None = None
) -> dict[str, Any]:
    """Quality, time per question (wall clock, ms), the index's build time (seconds) and size (bytes)."""
    shelf = Shelf(folder, server)
    began = time.perf_counter()
    await shelf.put({id: [Passage(id, 0, text)] for id, text in documents.items()})
    built = time.perf_counter() - began
    try:
        found, times = [], []
        for one in asked:
            began = time.perf_counter()
            hits = await shelf.search.search(Wish(one.text, "staff", limit=DEPTH))
            times.append((time.perf_counter() - began) * 1000)
            found.append([hit.passage.document for hit in hits])
    finally:
        shelf.close()
    times.sort()
    share = {f"p{p}_ms": round(times[min(len(times) - 1, len(times) * p // 100)], 3) for p in (50, 95, 99)}
    told = {"documents": len(documents), "queries": len(asked), **quality(asked, found), **share}
    return {**told, "index_seconds": round(built, 2), "index_bytes": shelf.index.size + shelf.vectors.size}


def quality(asked: Sequence[Asked], found: Sequence[Sequence[str]]) -> dict[str, float]:
    """recall@1/5/10 (is a right document among them?), MRR@10 and nDCG@10 with gains of 0 and 1."""
    sums: dict[str, float] = defaultdict(float)
    for one, ids in zip(asked, found, strict=True):
        places = [place for place, id in enumerate(ids[:DEPTH]) if id in one.right]
        for depth in (1, 5, 10):
            sums[f"recall_at_{depth}"] += bool(places) and places[0] < depth
        sums["mrr_at_10"] += 1 / (places[0] + 1) if places else 0
        ideal = sum(1 / math.log2(place + 2) for place in range(min(len(one.right), DEPTH)))
        sums["ndcg_at_10"] += sum(1 / math.log2(place + 2) for place in places) / ideal
    names = ("recall_at_1", "recall_at_5", "recall_at_10", "mrr_at_10", "ndcg_at_10")
    return {name: round(sums[name] / len(asked), 4) for name in names} if asked else {}


def bm25(
    documents: dict[str, str], asked: Sequence[Asked], cut: Callable[[str], list[str]] = words
) -> dict[str, float]:
    """Plain BM25 (k1 1.2, b 0.75) over the same segmenter's words: what there is to beat.

    Source: Robertson & Zaragoza 2009, with the idf ln(1 + (N - n + ½) / (n + ½)).
    """
    ids, counts = list(documents), [Counter(cut(text)) for text in documents.values()]
    lengths = [sum(count.values()) for count in counts]
    mean = sum(lengths) / (len(lengths) or 1) or 1
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, count in enumerate(counts):
        for term, times in count.items():
            weight = times * 2.2 / (times + 1.2 * (0.25 + 0.75 * lengths[place] / mean))
            postings[term].append((place, weight))
    found = []
    for one in asked:
        scores: dict[int, float] = defaultdict(float)
        for term, times in Counter(cut(one.text)).items():
            having = postings.get(term, [])
            rarity = math.log(1 + (len(ids) - len(having) + 0.5) / (len(having) + 0.5))
            for place, weight in having:
                scores[place] += times * rarity * weight
        best = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:DEPTH]
        found.append([ids[place] for place, _ in best])
    return quality(asked, found)
