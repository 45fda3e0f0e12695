"""Several wishes in one message: questions are answered first, then one task is begun and the next one waits for it."""

from typing import Any, NamedTuple

from kefu_engine.actions.asking import OPENS

ALTERING = frozenset({"change_order", "change_address"})


class Part(NamedTuple):
    """A part of a message, taken as a message of its own; the form that is to follow the one it begins, if any."""

    text: str
    then: str | None = None


def parts_of(wishes: list[dict[str, Any]], open_form: str | None) -> list[Part]:
    """The parts in the order in which they are taken; none where the message is better taken whole.

    That is inside a form, whose answers are free text; when a person is wanted, who hears it all; and beyond two tasks.
    """
    if open_form or any(wish["intent"] == "human" for wish in wishes):
        return []
    meant = _consistent(wishes)
    questions = [wish for wish in meant if wish["intent"] not in OPENS]
    tasks = {OPENS[wish["intent"]]: wish["text"] for wish in reversed(meant) if wish["intent"] in OPENS}
    forms = list(reversed(tasks))
    one_wish = len(questions) + len(forms) < 2 and meant == wishes
    if one_wish or len(forms) > 2:
        return []
    first = [Part(tasks[forms[0]], forms[1] if len(forms) > 1 else None)] if forms else []
    return [*(Part(wish["text"]) for wish in questions), *first]


def _consistent(wishes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Who orders the wrong thing and wants it altered does not want it cancelled too, nor the other way round: of the
    two, what is said last is meant."""
    either = [wish for wish in wishes if wish["intent"] in ALTERING | {"cancel_order"}]
    contradicts = {"cancel_order"} < {wish["intent"] for wish in either}
    return [wish for wish in wishes if wish not in either[:-1]] if contradicts else wishes
