"""All rules over a conversation, turn by turn: every list of words in one pass, every pattern in another.

A rule hits as soon as nothing to come can change that, so what was said live stays true after the close.
"""

import ast
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import re2
from rapidfuzz import fuzz, process

from language import pii
from language.fold import fold
from language.lexicon import Lexicon
from quality_check.rules import expression
from quality_check.rules.document import Anchor, Attribute, Condition, Rule
from quality_check.rules.view import Conversation, Hit, Place, Role, Scalar, Turn

Key = tuple[str, str]  # rule and condition
Found = list[tuple[int, int]]
NEGATIONS: Final = ("不", "没", "别", "无", "未", "not ", "n't ", "never ", "no ")
REACH: Final = 6  # characters before a word in which a negation negates it
LONGEST: Final = 20_000  # characters of a turn that are read
ENTITIES: Final[Mapping[str, str]] = {
    "order_number": r"\b(?:[a-z]{1,3}-?)?\d{8,20}\b",
    "amount": r"(?:[¥$€]\s?\d[\d,]*(?:\.\d+)?|\d[\d,]*(?:\.\d+)?\s?(?:元|块|yuan|rmb|dollars|usd))",
}


class Engine:
    """Rules made ready once; `inspect` reads a whole conversation, `begin` follows one."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules: Final = {rule.id: rule for rule in rules}
        self.trees: Final = {id: expression.parse(rule.expression) for id, rule in self.rules.items()}
        self.shown: Final = {id: _asserted(tree) for id, tree in self.trees.items()}
        self.waiting: Final = {
            id for id, tree in self.trees.items() if any(isinstance(node, ast.Not) for node in ast.walk(tree))
        }
        self.order: Final = {id: rule.ordered() for id, rule in self.rules.items()}
        self.conditions: Final = {(id, name): one for id, rule in self.rules.items() for name, one in rule.when.items()}
        self._owners: dict[str, list[Key]] = defaultdict(list)
        for key, one in self.conditions.items():
            for word in {fold(word.strip()) for word in one.keyword.words} if one.keyword else ():
                self._owners[word].append(key)
        self._lexicon = Lexicon([(word, word) for word in self._owners]) if self._owners else None
        self._patterns = [(key, pattern) for key, one in self.conditions.items() if (pattern := _pattern(one))]
        self._regexes = {key: re2.compile(pattern) for key, pattern in self._patterns}
        self._refused = {
            key: re2.compile(one.regex.must_not)
            for key, one in self.conditions.items()
            if one.regex and one.regex.must_not
        }
        self._set = re2.Set.SearchSet()
        for _, pattern in self._patterns:
            self._set.Add(pattern)
        if self._patterns:
            self._set.Compile()
        self._others = [(key, one) for key, one in self.conditions.items() if _looks_beside_words(one)]

    def begin(self, attributes: Mapping[str, Scalar]) -> "Inspection":
        """Follow a conversation from its start."""
        return Inspection(self, attributes)

    def inspect(self, conversation: Conversation) -> list[Hit]:
        """All hits in a finished conversation, in the order in which they became certain."""
        inspection = self.begin(conversation.attributes)
        hits = [hit for turn in conversation.turns for hit in inspection.hear(turn)]
        return hits + inspection.close()

    def find(self, turn: Turn, past: "Past") -> dict[Key, Found]:
        """Where each operator finds something in this turn, whatever its range."""
        folded = fold(turn.text[:LONGEST])
        found: dict[Key, Found] = {}
        self._find_words(folded, found)
        for index in (self._set.Match(folded) or ()) if self._patterns else ():
            key = self._patterns[index][0]
            if key not in self._refused or not self._refused[key].search(folded):
                found[key] = [match.span() for match in self._regexes[key].finditer(folded)]
        for key, one in self._others:
            if spans := _operate(one, turn, folded, past):
                found[key] = spans
        return found

    def _find_words(self, folded: str, found: dict[Key, Found]) -> None:
        words: dict[Key, set[str]] = defaultdict(set)
        for start, end, word in self._lexicon.find(folded) if self._lexicon else ():
            for key in self._owners[word]:
                asked = self.conditions[key].keyword
                assert asked
                if asked.negated or not _negated(folded, start):
                    words[key].add(word)
                    found.setdefault(key, []).append((start, end))
        for key, distinct in words.items():
            asked = self.conditions[key].keyword
            assert asked
            needed = {"any": 1, "all": len(asked.words)}.get(str(asked.at_least)) or int(asked.at_least)
            if len(distinct) < needed:
                del found[key]


@dataclass(slots=True)
class Past:
    """What operators remember: a bounded amount, however long the conversation."""

    said: dict[Role, deque[str]] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=50)))
    last: Turn | None = None
    waiting_since: float | None = None  # since when the other side of the last speaker has to answer
    run: int = 0

    def hear(self, turn: Turn) -> None:
        """Before the turn is looked at: who spoke last, and since when."""
        if self.last is None or self.last.role != turn.role:
            self.waiting_since = self.last_run_began if self.last else None
            self.run = 0
        else:
            self.waiting_since = None
        self.run += 1

    @property
    def last_run_began(self) -> float | None:
        """When the last speaker spoke last."""
        return self.last.at if self.last else None

    def keep(self, turn: Turn) -> None:
        """After it was looked at."""
        self.said[turn.role].append(fold(turn.text[:LONGEST]).strip())
        self.last = turn


class Inspection:
    """One conversation as it goes. A turn costs the same whether it is the tenth or the ten-thousandth."""

    def __init__(self, engine: Engine, attributes: Mapping[str, Scalar]) -> None:
        self._engine = engine
        self._past = Past()
        self._number = 0
        self._began: float | None = None
        self._counts: dict[str, int] = defaultdict(int)
        self._places: dict[Key, list[Place]] = defaultdict(list)
        self._counted: dict[Key, int] = defaultdict(int)
        self._held: dict[Key, list[tuple[int, list[Place]]]] = defaultdict(list)
        self._turns: dict[Key, list[int]] = defaultdict(list)
        self._done: dict[str, int] = {}
        self._known = {
            key: _attribute_holds(one.attribute, attributes) for key, one in engine.conditions.items() if one.attribute
        }
        self._closed = False

    def hear(self, turn: Turn) -> list[Hit]:
        """The hits that are certain now and were not before."""
        self._number += 1
        self._past.hear(turn)
        if self._began is None:
            self._began = turn.at
        roles = ("any", turn.role) if turn.role == "customer" else ("any", "staff", turn.role)
        for role in roles:
            self._counts[role] += 1
        found = self._engine.find(turn, self._past)
        self._past.keep(turn)
        touched = {rule for rule, _ in found if rule not in self._done or self._engine.rules[rule].each}
        for rule in touched:
            for name in self._engine.order[rule]:
                self._take((rule, name), turn, roles, found.get((rule, name)))
        return self._decided(touched | (self._engine.waiting - self._done.keys()))

    def close(self) -> list[Hit]:
        """The hits that only the end makes certain."""
        self._closed = True
        for key, held in self._held.items():
            one = self._engine.conditions[key]
            if one.last:
                for ordinal, places in held:
                    if ordinal > self._counts[one.role] - one.last:
                        self._accept(key, places)
        return self._decided(self._engine.rules)

    def _take(self, key: Key, turn: Turn, roles: Sequence[str], spans: Found | None) -> None:
        one = self._engine.conditions[key]
        if one.before and self._turns[(key[0], one.before.condition)][-1:] == [self._number]:
            self._look_back(key, one.before)
        if not spans or one.role not in roles or not self._in_range(key, one, turn):
            return
        places = [Place(self._number, start, end, turn.text[start:end]) for start, end in spans]
        if one.last:
            self._held[key] = [*self._held[key], (self._counts[one.role], places)][-one.last :]
        elif one.before:
            self._held[key].append((self._number, places))
        else:
            self._accept(key, places)

    def _look_back(self, key: Key, anchor: Anchor) -> None:
        anchored = self._turns[(key[0], anchor.condition)]
        if anchor.nth is None or len(anchored) == anchor.nth:
            for number, places in self._held.pop(key, []):
                if self._number - number <= anchor.within:
                    self._accept(key, places)

    def _in_range(self, key: Key, one: Condition, turn: Turn) -> bool:
        if one.first and self._counts[one.role] > one.first:
            return False
        if one.turns and not one.turns[0] <= self._number <= one.turns[1]:
            return False
        if one.seconds and (
            turn.at is None or self._began is None or not one.seconds[0] <= turn.at - self._began <= one.seconds[1]
        ):
            return False
        return one.after is None or self._follows(key[0], one.after)

    def _follows(self, rule: str, anchor: Anchor) -> bool:
        turns = self._turns[(rule, anchor.condition)]
        if anchor.nth is not None:
            turns = turns[anchor.nth - 1 : anchor.nth]
        elif turns[-1:] == [self._number]:
            turns = turns[-2:-1]
        return bool(turns) and 0 < self._number - turns[-1] <= anchor.within

    def _accept(self, key: Key, places: list[Place]) -> None:
        self._places[key] += places
        self._turns[key].append(places[0].turn)
        self._counted[key] += 1

    def _truth(self, key: Key) -> expression.Truth:
        one = self._engine.conditions[key]
        if one.attribute:
            known = self._known[key]
            return False if known is None and self._closed else known
        if self._counted[key] >= one.times:
            return True
        return False if self._closed or self._over(key, one) else None

    def _over(self, key: Key, one: Condition) -> bool:
        """Can nothing that is still to come count any more?"""
        if one.first and self._counts[one.role] >= one.first and not one.before:
            return True
        if one.turns and self._number >= one.turns[1] and not one.before:
            return True
        if one.after and one.after.nth:
            turns = self._turns[(key[0], one.after.condition)]
            return len(turns) >= one.after.nth and self._number >= turns[one.after.nth - 1] + one.after.within
        return False

    def _decided(self, rules: Iterable[str]) -> list[Hit]:
        hits = []
        for id in sorted(rules):
            rule = self._engine.rules[id]
            if id in self._done and not rule.each:
                continue
            if rule.run == "after" and not self._closed:
                continue
            if id in self._done or self._holds(id):
                hits += self._hit(rule)
        return hits

    def _holds(self, id: str) -> bool:
        return expression.decide(self._engine.trees[id], lambda name: self._truth((id, name))) is True

    def _hit(self, rule: Rule) -> list[Hit]:
        """Once with what made it true, or each time with what is new."""
        keys = [(rule.id, name) for name in self._engine.shown[rule.id]]
        if rule.each:
            turns = sorted({place.turn for key in keys for place in self._places[key]})
            fresh = [turn for turn in turns if turn > self._done.get(rule.id, 0)]
            self._done[rule.id] = fresh[-1] if fresh else self._done.get(rule.id, 0)
            return [self._made(rule, [p for key in keys for p in self._places[key] if p.turn == t]) for t in fresh]
        self._done[rule.id] = self._number
        places: list[Place] = []
        for key in keys:
            made = set(self._turns[key][: self._engine.conditions[key].times])
            places += [place for place in self._places[key] if place.turn in made]
        return [self._made(rule, places)]

    def _made(self, rule: Rule, places: Iterable[Place]) -> Hit:
        return Hit(rule.id, rule.score, rule.fatal, tuple(sorted(set(places))))


def score(hits: Iterable[Hit]) -> float:
    """From 0 to 100: what the hits leave of 100; nothing when one of them is fatal."""
    counted = sorted(hits, key=lambda hit: (hit.rule, hit.places))
    if any(hit.fatal for hit in counted):
        return 0.0
    return max(0.0, min(100.0, 100.0 + sum(hit.score for hit in counted)))


def _asserted(tree: ast.expr) -> list[str]:
    """The conditions whose hits are quoted: those that are not negated."""
    denied = {
        name for node in ast.walk(tree) if isinstance(node, ast.UnaryOp) for name in expression.names(node.operand)
    }
    return [name for name in expression.names(tree) if name not in denied]


def _pattern(one: Condition) -> str | None:
    if one.regex:
        return one.regex.match
    return ENTITIES.get(one.entity or "")


def _looks_beside_words(one: Condition) -> bool:
    return not (one.keyword or one.attribute or _pattern(one))


def _negated(folded: str, start: int) -> bool:
    return any(word in folded[max(0, start - REACH) : start] for word in NEGATIONS)


def _operate(one: Condition, turn: Turn, folded: str, past: Past) -> Found | None:
    whole = [(0, len(turn.text))]
    if one.length:
        return whole if one.length.holds(len(turn.text)) else None
    if one.in_a_row:
        return whole if past.run == one.in_a_row else None
    if one.gap:
        measured = turn.at is not None and past.waiting_since is not None
        return whole if measured and one.gap.holds((turn.at or 0) - (past.waiting_since or 0)) else None
    if one.entity:
        return [(start, end) for start, end, kind in pii.find(turn.text[:LONGEST]) if kind == one.entity]
    if one.repeat:
        said = list(past.said[turn.role])[-one.repeat.within :]
        long = len(folded.strip()) >= one.repeat.min_length
        near = process.extractOne(folded.strip(), said, scorer=fuzz.ratio, score_cutoff=one.repeat.score)
        return whole if long and near else None
    assert one.similar
    for phrase in one.similar.phrases:
        near_part = fuzz.partial_ratio_alignment(fold(phrase), folded, score_cutoff=one.similar.score)
        if near_part and near_part.dest_end > near_part.dest_start and 2 * len(folded) >= len(phrase):
            return [(near_part.dest_start, near_part.dest_end)]
    return None


def _attribute_holds(asked: Attribute, attributes: Mapping[str, Scalar]) -> expression.Truth:
    value = attributes.get(asked.name)
    if value is None:
        return None
    if asked.one_of and value not in asked.one_of:
        return False
    if asked.more_than is None and asked.less_than is None:
        return True
    if isinstance(value, str | bool):
        return False
    above = asked.more_than is None or value > asked.more_than
    return above and (asked.less_than is None or value < asked.less_than)
