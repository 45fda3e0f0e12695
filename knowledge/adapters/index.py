"""The index on disk: Tantivy over terms of our own, shared by the processes of one machine."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

import orjson
import tantivy
from tantivy import Occur, Query

from knowledge.ports import Found, Passage, Wish
from knowledge.rules.rank import cut
from knowledge.rules.sound import sounds
from knowledge.rules.terms import terms

FORM: Final = 3  # raised when terms or fields change: an index of another form is built anew
HEAP_BYTES: Final = 64 * 1024 * 1024
ASKED: Final = 64  # terms of a question that are looked for, in each field
POSTINGS: Final = 60_000  # places of terms that are read for a question, in each field
LEAST: Final = 3
RARITIES: Final = 65_536  # terms whose rarity is known without asking again, until the next revision
LATIN: Final = 2.0  # a word that is one term, against a Chinese one that is found by its characters and pairs too
CODED: Final = 4.0  # a figure or a code: KX001 is not KX002
HEADED: Final = 0.4  # what a term counts in titles and headings, against 1 in the text
MEANT: Final = 0.5  # another word for the same
SOUNDED: Final = 0.15
DISTANT: Final = (date(1, 1, 1).toordinal(), date(9999, 12, 31).toordinal())


class TantivyIndex:
    """One writer at a time, whoever it is; every process reads what was committed last."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / f"form-{FORM}"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, path=str(self._folder))
        self._index.config_reader("manual")
        self._index.register_tokenizer("kefu", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        self._writer: tantivy.IndexWriter | None = None
        self.reload()

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.stat().st_size for file in self._folder.rglob("*") if file.is_file())

    def reload(self) -> int:
        """As Index.reload."""
        self._index.reload()
        self._searcher = self._index.searcher()
        self.revision = self._read_revision()
        self._passages = int(self._searcher.num_docs) - (self.revision > 0)
        self.rarity = lru_cache(RARITIES)(self._rarity)
        return self.revision

    def _read_revision(self) -> int:
        found = self._searcher.search(_term(self._schema, "document", "="), 1).hits
        return int(self._searcher.doc(found[0][1]).get_first("passage") or 0) if found else 0

    def __len__(self) -> int:
        return self._passages

    def lock(self) -> bool:
        """Become the writer; False when another process is."""
        if self._writer is None:
            try:
                self._writer = self._index.writer(HEAP_BYTES, num_threads=1)
            except ValueError:
                return False
        return True

    def unlock(self) -> None:
        """Let others write; what was not committed is forgotten."""
        if self._writer is not None:
            self._writer.rollback()
            self._writer = None

    def replace(self, document: str, passages: Iterable[Passage]) -> None:
        """These are the document's passages from the next commit on; the caller holds the lock."""
        assert self._writer is not None
        self._writer.delete_documents_by_term("document", document)
        for passage in passages:
            self._writer.add_document(_document(passage))

    def clear(self) -> None:
        """Forget everything at the next commit."""
        assert self._writer is not None
        self._writer.delete_all_documents()

    def commit(self, revision: int) -> None:
        """Show what was replaced; the index then stands at this revision of the library."""
        assert self._writer is not None
        self._writer.delete_documents_by_term("document", "=")
        self._writer.add_document(tantivy.Document(document="=", passage=str(revision).encode()))
        self._writer.commit()
        self.reload()

    def search(
        self, wish: Wish, terms: Sequence[str], others: Sequence[str], sounds: Sequence[str], limit: int
    ) -> list[Found]:
        """As Index.search."""
        wanted = list(self._wanted(terms, others, sounds))
        if not wanted:
            return []
        return self._read(self._among(wish, wanted), limit)

    def fetch(self, wish: Wish, ids: Sequence[str]) -> list[Found]:
        """As Index.fetch."""
        if not ids:
            return []
        named = [(Occur.Should, _term(self._schema, "id", id)) for id in ids]
        return [replace(one, score=0.0) for one in self._read(self._among(wish, named), len(ids))]

    def _read(self, query: Query, limit: int) -> list[Found]:
        searcher, found = self._searcher, list[Found]()
        for score, at in searcher.search(query, limit, count=False).hits:
            kept, core, rest = orjson.loads(searcher.doc(at).get_first("passage") or b"")
            found.append(Found(Passage.of(kept), score, core, rest))
        return found

    def _rarity(self, term: str) -> float:
        """As Index.rarity. Source: Robertson's idf as BM25 has it, ln(1 + (N - n + ½) / (n + ½))."""
        have = self._searcher.doc_freq("text", term)
        return math.log(1 + (self._passages - have + 0.5) / (have + 0.5)) if have <= self._passages else 0.0

    def _wanted(
        self, terms: Sequence[str], others: Sequence[str], sounds: Sequence[str]
    ) -> Iterator[tuple[Occur, Query]]:
        for field, asked, weight in (
            ("text", terms, 1.0),
            ("head", terms, HEADED),
            ("text", others, MEANT),
            ("sound", sounds, SOUNDED),
        ):
            for term in self._rarest(field, asked):
                yield Occur.Should, Query.boost_query(_term(self._schema, field, term), weight * _telling(term))

    def _rarest(self, field: str, terms: Sequence[str]) -> list[str]:
        """Those that stand somewhere, the rarest first, as many as can be read in good time.

        What stands everywhere costs most and tells least; in a small library nothing is left out.
        """
        counts = {term: self._searcher.doc_freq(field, term) for term in dict.fromkeys(terms)}
        found, read = list[str](), 0
        for term in sorted((term for term, count in counts.items() if count), key=lambda term: counts[term])[:ASKED]:
            read += counts[term]
            if read > POSTINGS and len(found) >= LEAST:
                break
            found.append(term)
        return found

    def _among(self, wish: Wish, wanted: list[tuple[Occur, Query]]) -> Query:
        """Some of what is wanted, where the wish allows it.

        What is out is named rather than what is in: nearly all is in, and would be gone through for each question.
        """
        asked = [(name, value) for name in ("language", "folder", "tag") if (value := getattr(wish, name))]
        must = [(Occur.Must, _constant(_term(self._schema, name, value))) for name, value in asked]
        out = [(Occur.MustNot, query) for query in self._out(wish)]
        return Query.boolean_query([*([(Occur.Must, Query.boolean_query(wanted)), *must] if must else wanted), *out])

    def _out(self, wish: Wish) -> Iterator[Query]:
        if wish.audience == "public":
            yield _term(self._schema, "audience", "staff")
        if wish.on is not None:
            day, kind = wish.on.toordinal(), tantivy.FieldType.Integer
            yield Query.range_query(self._schema, "since", kind, day + 1, None)
            yield Query.range_query(self._schema, "until", kind, None, day - 1)


def _schema() -> tantivy.Schema:
    build = tantivy.SchemaBuilder()
    for name in ("text", "head", "sound"):
        build.add_text_field(name, tokenizer_name="kefu", index_option="freq")
    for name in ("id", "document", "audience", "language", "folder", "tag"):
        build.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("since", "until"):
        build.add_integer_field(name, indexed=True, fast=True)
    build.add_bytes_field("passage", stored=True)
    return build.build()


def _document(passage: Passage) -> tantivy.Document:
    head = f"{passage.title}\n{passage.heading}"
    since = passage.since.toordinal() if passage.since else DISTANT[0]
    until = passage.until.toordinal() if passage.until else DISTANT[1]
    document = tantivy.Document(
        id=passage.id,
        document=passage.document,
        text=" ".join(terms(f"{passage.question}\n{passage.text}")),
        head=" ".join(terms(head)),
        sound=" ".join(sounds(f"{passage.question or passage.text}\n{head}")),
        audience=passage.audience,
        language=passage.language,
        folder=passage.folder,
        since=since,
        until=until,
        passage=orjson.dumps([passage, *cut(passage)]),
    )
    for tag in passage.tags:
        document.add_text("tag", tag)
    return document


def _telling(term: str) -> float:
    """How much a term counts for what it is."""
    return CODED if any(map(str.isdigit, term)) else LATIN if term.isascii() else 1.0


def _term(schema: tantivy.Schema, field: str, value: str) -> Query:
    return Query.term_query(schema, field, value, "freq" if field in ("text", "head", "sound") else "basic")


def _constant(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)
