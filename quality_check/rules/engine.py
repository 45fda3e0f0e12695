"""All rules over a conversation, turn by turn, the same while it runs and after it.

A rule hits as soon as nothing to come can change that, so what was said live stays true after the close.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from copy import copy, deepcopy
from typing import Any, Final

from language.fold import fold
from quality_check.rules import expression
from quality_check.rules.asking import (
    about,
    applies,
    asserted,
    attribute_holds,
    can_change_unheard,
    holds_unheard,
    steps,
    waits,
)
from quality_check.rules.document import Anchor, Condition, Effective, Rule
from quality_check.rules.finding import LONGEST, Finder, Key
from quality_check.rules.past import Past
from quality_check.rules.view import Conversation, Hit, Opinion, Place, Role, Scalar, Turn

LISTENERS: Final[Mapping[Role, tuple[str, ...]]] = {
    "customer": ("any", "customer"),
    "agent": ("any", "staff", "agent"),
    "bot": ("any", "staff", "bot"),
}


class Engine:
    """Rules made ready once; `inspect` reads a whole conversation, `begin` follows one.

    A rule that is required but not among these counts as one that hits.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules: Final = {rule.id: rule for rule in rules}
        self.conditions: Final = {(id, name): one for id, rule in self.rules.items() for name, one in rule.when.items()}
        self.finder: Final = Finder(self.conditions)
        self.steps: Final = {id: steps(rule) for id, rule in self.rules.items()}
        self.plain: Final = {key: one.times for key, one in self.conditions.items() if self._is_plain(key, one)}
        trees = {id: expression.parse(rule.expression) for id, rule in self.rules.items()}
        self.holds: Final = {id: expression.ready(tree) for id, tree in trees.items()}
        self.shown: Final = {id: asserted(tree) for id, tree in trees.items()}
        self.watched: Final = {
            id for id, tree in trees.items() if can_change_unheard(waits(tree), self.rules[id].when.values())
        }
        self.unfound: Final = {
            id for id, tree in trees.items() if waits(tree) or holds_unheard(self.rules[id].when.values())
        }
        self.repeats: Final = {id for id, tree in trees.items() if not waits(tree)}
        self.limited: Final = [rule for rule in self.rules.values() if rule.only or rule.effective != Effective()]
        self.about: Final = about(self.rules.values())
        required = {id: [one for one in rule.requires if one in self.rules] for id, rule in self.rules.items()}
        self.requires: Final = {id: some for id, some in required.items() if some}
        self.unlocks: Final[dict[str, list[str]]] = defaultdict(list)
        for id, some in self.requires.items():
            for one in some:
                self.unlocks[one].append(id)
        self.attributes: Final = [(key, one.attribute) for key, one in self.conditions.items() if one.attribute]
        self.models: Final = {one.mark.model for one in self.conditions.values() if one.mark}
        self.asks: Final = {key: one.judge.asks for key, one in self.conditions.items() if one.judge}

    def begin(self, attributes: Mapping[str, Scalar]) -> "Inspection":
        """Follow a conversation from its start."""
        return Inspection(self, attributes)

    def inspect(self, conversation: Conversation) -> list[Hit]:
        """All hits in a finished conversation, in the order in which they became certain."""
        inspection, hits, told = self.begin(conversation.attributes), list[Hit](), 0
        for count, changes in conversation.learned:
            hits += [hit for turn in conversation.turns[told:count] for hit in inspection.hear(turn)]
            hits += inspection.learn(changes)
            told = count
        hits += [hit for turn in conversation.turns[told:] for hit in inspection.hear(turn)]
        return hits + inspection.close(conversation.opinions)

    def _is_plain(self, key: Key, one: Condition) -> bool:
        """Does it hold by how often it was found alone?"""
        waits = one.first or one.turns or any(anchor and anchor.nth for anchor in (one.after, one.before))
        return not (one.attribute or one.judge or one.messages or waits or key in self.finder.across)

    def unjudged(self, opinions: Mapping[str, Opinion]) -> set[str]:
        """Rules that ask a language model what it has not answered."""
        return {id for (id, _), asks in self.asks.items() if asks not in opinions}


class Inspection:
    """One conversation as it goes. A turn costs the same whether it is the tenth or the ten-thousandth."""

    def __init__(self, engine: Engine, attributes: Mapping[str, Scalar]) -> None:
        self._engine = engine
        self._past = Past()
        self._number = 0
        self._began: float | None = None
        self._now: float | None = None
        self._counts: dict[str, int] = defaultdict(int)
        self._places: dict[Key, list[Place]] = defaultdict(list)
        self._counted: dict[Key, int] = defaultdict(int)
        self._held: dict[Key, list[tuple[int, list[Place]]]] = defaultdict(list)
        self._turns: dict[Key, list[int]] = defaultdict(list)
        self._words: dict[Key, set[str]] = {}
        self._at: dict[int, float | None] = {}
        self._done: dict[str, int] = {}
        self._attributes = dict(attributes)
        self._off = {rule.id for rule in engine.limited if not applies(rule, attributes)}
        self._heard: set[str] = set()
        self._known = {key: attribute_holds(one, attributes) for key, one in engine.attributes}
        self._closed = False
        self._opinions: Mapping[str, Opinion] = {}

    def hear(self, turn: Turn) -> list[Hit]:
        """The hits that are certain now and were not before."""
        self._number += 1
        self._past.hear(turn)
        if self._began is None:
            self._began = turn.at
        self._now = turn.at
        listeners = LISTENERS[turn.role]
        for role in listeners:
            self._counts[role] += 1
        engine, done = self._engine, self._done
        folded = fold(turn.text[:LONGEST])
        found, words = engine.finder.find(turn, folded, self._past)
        self._past.keep(turn, folded)
        touched = {id for id, _ in found if id not in done or engine.rules[id].each}
        self._heard |= touched
        for key in engine.finder.across & words.keys():
            if key[0] in touched:
                self._words.setdefault(key, set()).update(words[key])
        for id in touched:
            for key, one, later in engine.steps[id]:
                if later and self._turns[(id, later.condition)][-1:] == [self._number]:
                    self._look_back(key, later)
                if (spans := found.get(key)) and self._in_range(key, one, turn):
                    self._take(
                        key, one, [Place(self._number, start, end, turn.text[start:end]) for start, end in spans]
                    )
        touched |= engine.watched - done.keys()
        touched -= self._off
        return self._decided(touched) if touched else []

    def foresee(self, turn: Turn) -> list[Hit]:
        """What `hear` would give, and what would hit had it not hit before, by something in this turn; nothing is kept.

        What hit and asks for something to be missing is not told again: that it came since is not followed.
        """
        hits = self._fork().hear(turn)
        if again := self._done.keys() & self._engine.repeats - {hit.rule for hit in hits}:
            anew = self._fork()
            anew._done = {id: number for id, number in self._done.items() if id not in again}
            hits += [hit for hit in anew.hear(turn) if hit.rule in again and anew._has_part(hit.rule)]
        return hits

    def _has_part(self, rule: str) -> bool:
        """Is something in the turn heard last part of why the rule holds?"""
        return any(self._turns[(rule, name)][-1:] == [self._number] for name in self._engine.shown[rule])

    def _fork(self) -> "Inspection":
        """The same so far, going its own way from here."""
        other = copy(self)
        vars(other).update({name: _apart(value) for name, value in vars(self).items()})
        return other

    def learn(self, changes: Mapping[str, Scalar]) -> list[Hit]:
        """As `hear`, when something else of the conversation is known from now on; None is known no longer."""
        self._attributes |= changes
        asking = {id for name in changes for id in self._engine.about.get(name, ())}
        if not asking:
            return []
        self._off = {rule.id for rule in self._engine.limited if not applies(rule, self._attributes)}
        self._known |= {
            key: attribute_holds(one, self._attributes) for key, one in self._engine.attributes if key[0] in asking
        }
        return self._decided(asking - self._off)

    def close(self, opinions: Mapping[str, Opinion] | None = None) -> list[Hit]:
        """The hits that only the end makes certain, and those by a language model's opinions."""
        self._closed = True
        self._opinions = opinions or {}
        for key, asks in self._engine.asks.items():
            if asks in self._opinions:
                self._places[key] = list(self._opinions[asks].places)
        for key, held in self._held.items():
            one = self._engine.conditions[key]
            if one.last:
                for ordinal, places in held:
                    if ordinal > self._counts[one.role] - one.last:
                        self._accept(key, places)
        return self._decided((self._heard | self._engine.unfound) - self._off)

    def _take(self, key: Key, one: Condition, places: list[Place]) -> None:
        if one.last:
            self._held[key] = [*self._held[key], (self._counts[one.role], places)][-one.last :]
        elif one.before or (one.around and not self._near(key[0], one.around)):
            self._held[key].append((self._number, places))
        else:
            self._accept(key, places)

    def _look_back(self, key: Key, anchor: Anchor) -> None:
        anchored = self._turns[(key[0], anchor.condition)]
        if anchor.nth is None or len(anchored) == anchor.nth:
            for number, places in self._held.pop(key, []):
                if self._number - number <= anchor.within and self._soon(number, anchor):
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
        turns = self._anchors(rule, anchor)
        if anchor.nth is None and turns[-1:] == [self._number]:
            turns = turns[:-1]
        return bool(turns) and 0 < self._number - turns[-1] <= anchor.within and self._soon(turns[-1], anchor)

    def _near(self, rule: str, anchor: Anchor) -> bool:
        """The anchor has hit shortly before, or in this turn."""
        turns = self._anchors(rule, anchor)
        return bool(turns) and self._number - turns[-1] <= anchor.within and self._soon(turns[-1], anchor)

    def _anchors(self, rule: str, anchor: Anchor) -> Sequence[int]:
        turns = self._turns[(rule, anchor.condition)]
        return turns if anchor.nth is None else turns[anchor.nth - 1 : anchor.nth]

    def _soon(self, number: int, anchor: Anchor) -> bool:
        if anchor.seconds is None:
            return True
        at = self._at.get(number)
        return at is not None and self._now is not None and self._now - at <= anchor.seconds

    def _accept(self, key: Key, places: list[Place]) -> None:
        self._places[key] += places
        self._turns[key].append(places[0].turn)
        self._at[places[0].turn] = self._now
        self._counted[key] += 1

    def _truth(self, key: Key) -> expression.Truth:
        if (times := self._engine.plain.get(key)) is not None:
            return True if self._counted.get(key, 0) >= times else False if self._closed else None
        one = self._engine.conditions[key]
        if one.attribute:
            known = self._known[key]
            return False if known is None and self._closed else known
        if one.judge:
            opinion = self._opinions.get(one.judge.asks)
            return opinion.holds if opinion else None
        if one.messages:
            return self._messages(one)
        finder = self._engine.finder
        enough = key not in finder.across or len(self._words.get(key, ())) >= finder.needed[key]
        if self._counted[key] >= one.times and enough:
            return True
        return False if self._closed or self._over(key, one) else None

    def _messages(self, one: Condition) -> expression.Truth:
        """So many messages so far; fewer than a number only the end can tell."""
        asked, number = one.messages, self._counts[one.role]
        assert asked
        if asked.less_than is not None and number >= asked.less_than:
            return False
        if asked.less_than is None and asked.holds(number):
            return True
        return asked.holds(number) if self._closed else None

    def _over(self, key: Key, one: Condition) -> bool:
        """Can nothing that is still to come count any more?"""
        if one.first and self._counts[one.role] >= one.first and not one.later:
            return True
        if one.turns and self._number >= one.turns[1] and not one.later:
            return True
        if one.before and one.before.nth:
            return bool(self._anchors(key[0], one.before))
        if one.after and one.after.nth:
            turns = self._anchors(key[0], one.after)
            return bool(turns) and (self._number >= turns[0] + one.after.within or not self._soon(turns[0], one.after))
        return False

    def _decided(self, ids: Iterable[str]) -> list[Hit]:
        """What hits now, and then what was waiting for that."""
        hits = []
        for id in sorted(ids):
            rule = self._engine.rules[id]
            before = id in self._done
            if (before and not rule.each) or rule.run == ("live" if self._closed else "after"):
                continue
            if before or self._holds(id):
                hits += self._hit(rule)
                if not before and id in self._engine.unlocks:
                    hits += self._decided(set(self._engine.unlocks[id]) - self._off)
        return hits

    def _holds(self, id: str) -> bool:
        if id in self._engine.requires and not self._done.keys() >= set(self._engine.requires[id]):
            return False
        return self._engine.holds[id](lambda name: self._truth((id, name))) is True

    def _hit(self, rule: Rule) -> list[Hit]:
        """Once with what made it true, or each time with what is new."""
        keys = [(rule.id, name) for name in self._engine.shown[rule.id]]
        if rule.each:
            fresh = [place for key in keys for place in self._places.pop(key, ())]
            self._done[rule.id] = self._number
            turns = sorted({place.turn for place in fresh})
            return [self._made(rule, [place for place in fresh if place.turn == turn]) for turn in turns]
        self._done[rule.id] = self._number
        places: list[Place] = []
        for key in keys:
            one = self._engine.conditions[key]
            made = set(self._turns[key][: one.times])
            places += [place for place in self._places[key] if one.judge or place.turn in made]
        return [self._made(rule, places)]

    def _made(self, rule: Rule, places: Iterable[Place]) -> Hit:
        return Hit(rule.id, rule.score, rule.fatal, tuple(sorted(set(places))))


def score(hits: Iterable[Hit]) -> float:
    """From 0 to 100: what the hits leave of 100; nothing when one of them is fatal."""
    counted = sorted(hits, key=lambda hit: (hit.rule, hit.places))
    if any(hit.fatal for hit in counted):
        return 0.0
    return max(0.0, min(100.0, 100.0 + sum(hit.score for hit in counted)))


def _apart(value: Any) -> Any:
    """What changes while a conversation goes on, copied no deeper than that."""
    if isinstance(value, Past):
        return deepcopy(value)
    if isinstance(value, dict):
        other = copy(value)
        other.update({key: copy(one) for key, one in value.items() if isinstance(one, list | set)})
        return other
    return copy(value) if isinstance(value, set) else value
