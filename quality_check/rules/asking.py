"""What a rule asks, read off the rule alone and of what is known besides the messages."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from quality_check.rules import expression
from quality_check.rules.document import Anchor, Attribute, Condition, Effective, Rule
from quality_check.rules.finding import Key
from quality_check.rules.view import Scalar


def holds_unheard(conditions: Iterable[Condition]) -> bool:
    """May it hold by something else than what was found in messages?"""
    return any(one.attribute or one.messages or one.judge for one in conditions)


def steps(rule: Rule) -> list[tuple[Key, Condition, Anchor | None]]:
    """Its conditions, each after those it is anchored to, and with what is still to come before it is known."""
    return [((rule.id, name), rule.when[name], rule.when[name].later) for name in rule.ordered()]


def asserted(tree: ast.expr) -> list[str]:
    """The conditions whose hits are quoted: those that are not negated."""
    denied = {
        name for node in ast.walk(tree) if isinstance(node, ast.UnaryOp) for name in expression.names(node.operand)
    }
    return [name for name in expression.names(tree) if name not in denied]


def waits(tree: ast.expr) -> bool:
    """Does it ask for something to be missing?"""
    return any(isinstance(node, ast.Not) for node in ast.walk(tree))


def can_change_unheard(waits: bool, conditions: Iterable[Condition]) -> bool:
    """May the rule come to hold though none of its conditions found anything in the message?"""
    return any(
        one.messages
        or (waits and (one.first or one.turns or one.attribute))
        or (waits and one.after and (one.after.nth or one.after.seconds))
        for one in conditions
    )


def about(rules: Iterable[Rule]) -> dict[str, set[str]]:
    """The rules that ask for each attribute."""
    found: dict[str, set[str]] = defaultdict(set)
    for rule in rules:
        asked = {one.attribute.name for one in rule.when.values() if one.attribute} | rule.only.keys()
        for name in asked | ({"date"} if rule.effective != Effective() else set()):
            found[name].add(rule.id)
    return found


def applies(rule: Rule, attributes: Mapping[str, Scalar]) -> bool:
    """Is the conversation one of those the rule is for? One that does not say when it began is never too early."""
    if any(attributes.get(name) not in wanted for name, wanted in rule.only.items()):
        return False
    began, effective = attributes.get("date"), rule.effective
    if not isinstance(began, str) or not (effective.since or effective.until):
        return True
    day = date.fromisoformat(began[:10])
    return (effective.since is None or day >= effective.since) and (effective.until is None or day <= effective.until)


def attribute_holds(asked: Attribute, attributes: Mapping[str, Scalar]) -> expression.Truth:
    """Does what is known hold it? None: it is not known."""
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
