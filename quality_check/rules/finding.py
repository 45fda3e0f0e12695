"""What each operator finds in one message: every list of words in one pass, every pattern in another."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import re2
from rapidfuzz import fuzz, process

from language import pii
from language.fold import fold
from language.lexicon import Lexicon
from quality_check.rules.document import Condition, Keyword, Marked, Similar
from quality_check.rules.past import Past
from quality_check.rules.timing import timing
from quality_check.rules.tokens import ENTITIES
from quality_check.rules.tokens import ready as token_patterns
from quality_check.rules.view import Role, Turn

Key = tuple[str, str]  # rule and condition
Found = list[tuple[int, int]]
Operator = Callable[[Turn, str, "Past"], Found | None]
ROLES: Final[tuple[Role, ...]] = ("customer", "agent", "bot")
NOT: Final = re.compile(r"(?<![特分区级])别(?!人)|不(?!仅|但|过|断|错)|没(?!关系)|无(?!论)|未(?!来)")
NOT_IN_ENGLISH: Final = re.compile(r"\b(?:not(?! only)|no|never|without|cannot)\b|n['’]t\b")
CLAUSE: Final = re.compile(r"[,.!?;:，。！？；：、…\n]")
REACH: Final = 6  # characters before a word in which a negation negates it
REACH_IN_ENGLISH: Final = 5  # words, of at most FAR characters
FAR: Final = 60
LONGEST: Final = 20_000  # characters of a turn that are read
NUMBERS: Final = re.compile(r"@|\d[\d ()-]{6,}")  # without one of these there is no personal number


def hears(role: str, speaker: Role) -> bool:
    """Does a condition for `role` look at this speaker's messages?"""
    return role in ("any", speaker) or (role == "staff" and speaker != "customer")


@dataclass(frozen=True, slots=True)
class Owner:
    """A condition with this word; `sense` is the word all its synonyms stand for."""

    key: Key
    asked: Keyword
    sense: str


class Finder:
    """Conditions made ready once."""

    def __init__(self, conditions: Mapping[Key, Condition]) -> None:
        self._owners: dict[Role, dict[str, list[Owner]]] = {role: defaultdict(list) for role in ROLES}
        self.needed: Final[dict[Key, int]] = {}  # how many different words of a list
        self.across: Final = {key for key, one in conditions.items() if one.keyword and one.keyword.across}
        for key, one in conditions.items():
            if one.keyword:
                self._own(key, one, one.keyword)
        words = {word for owners in self._owners.values() for word in owners}
        self._lexicon = Lexicon([(word, word) for word in sorted(words)]) if words else None
        patterns = [(key, one, pattern) for key, one in conditions.items() if (pattern := _pattern(one))]
        self._patterns = [(key, one, re2.compile(pattern)) for key, one, pattern in patterns]
        self._refused = [re2.compile(one.regex.must_not) if one.regex and one.regex.must_not else None
                         for _, one, _ in patterns]  # fmt: skip
        self._set = re2.Set.SearchSet()
        for _, _, pattern in patterns:
            self._set.Add(pattern)
        if patterns:
            self._set.Compile()
        ready = [(key, one.role, operator(one)) for key, one in conditions.items() if _looks_beside_words(one)]
        self._others = {role: [(key, look) for key, of, look in ready if hears(of, role)] for role in ROLES}

    def _own(self, key: Key, one: Condition, asked: Keyword) -> None:
        senses = {fold(word.strip()): fold(group[0].strip()) for group in asked.synonyms for word in group}
        words = {fold(word.strip()) for word in asked.words}
        meant = {senses.get(word, word) for word in words}
        words |= {word for word, sense in senses.items() if sense in meant}
        self.needed[key] = {"any": 1, "all": len(meant)}.get(str(asked.at_least)) or int(asked.at_least)
        for role in ROLES:
            if hears(one.role, role):
                for word in words:
                    self._owners[role][word].append(Owner(key, asked, senses.get(word, word)))

    def find(self, turn: Turn, folded: str, past: Past) -> tuple[dict[Key, Found], dict[Key, set[str]]]:
        """Where the conditions for this speaker find something, and which words of each list were found."""
        found: dict[Key, Found] = {}
        senses = self._find_words(self._owners[turn.role], folded, found) if self._lexicon else {}
        for index in (self._set.Match(folded) or ()) if self._patterns else ():
            key, one, pattern = self._patterns[index]
            refused = self._refused[index]
            if hears(one.role, turn.role) and not (refused and refused.search(folded)):
                found[key] = [match.span() for match in pattern.finditer(folded)]
        for key, look in self._others[turn.role]:
            if spans := look(turn, folded, past):
                found[key] = spans
        return found, senses

    def _find_words(
        self, owners: Mapping[str, Sequence[Owner]], folded: str, found: dict[Key, Found]
    ) -> dict[Key, set[str]]:
        senses: dict[Key, set[str]] = {}
        assert self._lexicon
        for start, end, word in self._lexicon.inside(folded):
            for owner in owners.get(word, ()):
                if owner.asked.negated or not _negated(folded, start):
                    senses.setdefault(owner.key, set()).add(owner.sense)
                    found.setdefault(owner.key, []).append((start, end))
        for key, distinct in senses.items():
            if len(distinct) < self.needed[key] and key not in self.across:
                del found[key]
        return senses


def _pattern(one: Condition) -> str | None:
    if one.regex:
        return one.regex.match
    return ENTITIES.get(one.entity or "")


def _looks_beside_words(one: Condition) -> bool:
    return not (one.keyword or one.attribute or one.messages or one.judge or _pattern(one))


def _negated(folded: str, start: int) -> bool:
    """Is there a negation before it in its clause? Two cancel each other."""
    clause = CLAUSE.split(folded[max(0, start - FAR) : start])[-1]
    near = sum(match.start() >= len(clause) - REACH for match in NOT.finditer(clause))
    words = " ".join(clause.split()[-REACH_IN_ENGLISH:])
    return (near + len(NOT_IN_ENGLISH.findall(words))) % 2 == 1


def _whole(turn: Turn) -> Found:
    return [(0, len(turn.text))]


def operator(one: Condition) -> Operator:
    """The operator of a condition that looks at messages one by one, and is neither words nor a pattern."""
    if length := one.length:
        return lambda turn, folded, past: _whole(turn) if length.holds(len(turn.text)) else None
    if (in_a_row := one.in_a_row) is not None:
        return lambda turn, folded, past: _whole(turn) if past.run == in_a_row else None
    if holds := timing(one):
        return lambda turn, folded, past: _whole(turn) if holds(turn, past) else None
    if one.entity:
        return lambda turn, folded, past: _personal(str(one.entity), folded)
    if repeat := one.repeat:
        return lambda turn, folded, past: (
            _whole(turn)
            if len(stripped := folded.strip()) >= repeat.min_length
            and (said := past.said[turn.role])
            and process.extractOne(stripped, list(said)[-repeat.within :], scorer=fuzz.ratio, score_cutoff=repeat.score)
            else None
        )
    if speakers := one.speakers:
        return lambda turn, folded, past: _whole(turn) if tuple(past.speakers)[-len(speakers) :] == speakers else None
    if one.tokens:
        find = token_patterns(one.tokens)
        return lambda turn, folded, past: find(folded)
    if marked := one.mark:
        return lambda turn, folded, past: _whole(turn) if _marked(marked, turn, past) else None
    assert one.similar
    return _likeness(one.similar)


def _personal(kind: str, folded: str) -> Found:
    if not NUMBERS.search(folded):
        return []
    return [(start, end) for start, end, label in pii.inside(folded) if label == kind]


def _marked(asked: Marked, turn: Turn, past: Past) -> bool:
    for mark in turn.marks:
        if mark.model == asked.model and mark.label in asked.one_of and mark.confidence >= asked.confidence:
            before = past.labels.get(f"{mark.model} {turn.role}")
            return not asked.turned or (before is not None and before not in asked.one_of)
    return False


def _likeness(asked: Similar) -> Operator:
    phrases = tuple(fold(phrase) for phrase in asked.phrases)

    def look(turn: Turn, folded: str, past: Past) -> Found | None:
        if not process.extractOne(folded, phrases, scorer=fuzz.partial_ratio, score_cutoff=asked.score):
            return None  # as nearly always: one call for all phrases
        for phrase in phrases:
            near = fuzz.partial_ratio_alignment(phrase, folded, score_cutoff=asked.score)
            if near and near.dest_end > near.dest_start and 2 * len(folded) >= len(phrase):
                return [(near.dest_start, near.dest_end)]
        return None

    return look
