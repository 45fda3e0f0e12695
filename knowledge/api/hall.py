"""What the library's doors work with, and how things look on the wire."""

from dataclasses import asdict, dataclass
from typing import Any

from conversation.codec import timestamp
from knowledge.ports import Answer, Hit, Passage
from knowledge.service.following import Following
from knowledge.service.grounded import Grounded
from knowledge.service.library import Library, Taken
from knowledge.service.search import Search
from knowledge.store.entries import Entries, Entry, Version
from knowledge.store.ranking import Ranking
from knowledge.store.uses import Uses


@dataclass(frozen=True, slots=True)
class KnowledgeHall:
    """The library, and how it is asked."""

    entries: Entries
    library: Library
    search: Search
    answers: Grounded
    following: Following
    uses: Uses
    ranking: Ranking


def entry_of(entry: Entry) -> dict[str, Any]:
    """An entry in a list."""
    told = {**asdict(entry), "tags": list(entry.tags), "scanned": list(entry.scanned), "at": timestamp(entry.at)}
    for name in ("since", "until"):
        told[name] = told[name].isoformat() if told[name] else None
    told.pop("revision")
    return told


def version_of(version: Version) -> dict[str, Any]:
    """One version in an entry's history."""
    return {"version": version.version, "note": version.note, "by": version.by, "at": timestamp(version.at)}


def taken_of(taken: Taken) -> dict[str, Any]:
    """What became of a file; a refused one's `code` and what it is about are for pages to word, `reason` is English."""
    entry, refusal = entry_of(taken.entry) if taken.entry else None, taken.refusal
    told = {"name": taken.name, "outcome": taken.outcome, "reason": str(refusal or ""), "entry": entry}
    return {**told, "code": refusal.code, "about": refusal.about} if refusal else told


def hit_of(hit: Hit) -> dict[str, Any]:
    """A passage that was found."""
    return {**source_of(hit.passage), "score": round(hit.score, 4), "carries": round(hit.carries, 4)}


def source_of(passage: Passage) -> dict[str, Any]:
    """A passage with where it stands."""
    names = ("number", "text", "kind", "question", "title", "heading", "page", "language", "audience", "folder", "link")
    return {"entry": passage.document, **{name: getattr(passage, name) for name in names}, "tags": list(passage.tags)}


def answer_of(answer: Answer) -> dict[str, Any]:
    """An answer with its source, or that there is none."""
    return {
        "known": answer.known,
        "text": answer.text,
        "sure": round(answer.sure, 4),
        "language": answer.language,
        "source": hit_of(answer.hit) if answer.hit else None,
        "others": [hit_of(hit) for hit in answer.others],
    }
