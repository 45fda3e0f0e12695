"""Several wishes or orders in one message: questions are answered first, then one task is begun and the next waits."""

from typing import Any, NamedTuple

from kefu_engine.actions.asking import OPENS
from kefu_engine.actions.turn import orders_in

ALTERING = frozenset({"change_order", "change_address"})
LOOKING_UP = frozenset({"order_status_form", "return_status_form"})
MOST_ORDERS = 3
"""Orders that are looked up one after the other."""


class Part(NamedTuple):
    """A part of a message, taken as a message of its own; the task that waits for the one it begins, as in `paused`."""

    text: str
    then: dict[str, Any] | None = None


def parts_of(parsed: dict[str, Any], open_form: str | None) -> list[Part]:
    """The parts of a message as Rasa parsed it, in the order in which they are taken; none where it is better taken
    whole.

    That is inside a form, whose answers are free text; when a person is wanted, who hears it all; when somebody
    complains, whose story sounds like questions; and beyond two tasks.
    """
    wishes = parsed.get("wishes", [])
    if not wishes:
        return _each_order(parsed, open_form)
    if open_form or any(wish["intent"] == "human" for wish in wishes) or _is_story(parsed):
        return []
    meant = _consistent(wishes)
    questions = [wish for wish in meant if _is_question(wish, parsed)]
    tasks = {OPENS[wish["intent"]]: wish for wish in reversed(meant) if wish not in questions}
    forms = list(reversed(tasks))
    one_wish = len(questions) + len(forms) < 2 and meant == wishes
    if one_wish or len(forms) > 2:
        return []
    then = _waiting(forms[1], tasks[forms[1]], parsed) if len(forms) > 1 else None
    first = [Part(tasks[forms[0]]["text"], then)] if forms else []
    return [*(Part(wish["text"]) for wish in questions), *first]


def _each_order(parsed: dict[str, Any], open_form: str | None) -> list[Part]:
    """Orders that are only looked up are looked up one after the other; of others, a form asks which."""
    intent = parsed["intent"]["name"]
    looks_up = intent == "inform" or OPENS.get(intent) in LOOKING_UP
    if not looks_up or open_form not in (None, *LOOKING_UP):
        return []
    numbers = orders_in(parsed)
    if not 1 < len(numbers) <= MOST_ORDERS:
        return []
    first = parsed["text"]
    for entity in reversed(parsed["entities"]):
        if entity["entity"] == "order_id" and entity["value"] != numbers[0]:
            first = first[: entity["start"]] + first[entity["end"] :]
    return [Part(first), *map(Part, numbers[1:])]


def _is_story(parsed: dict[str, Any]) -> bool:
    """Is it a complaint to be registered, with what happened, and no other task?"""
    tasks = {OPENS.get(wish["intent"]) for wish in parsed["wishes"]} - {None}
    return parsed["intent"]["name"] == "file_complaint" and tasks == {"complaint_form"}


def _is_question(wish: dict[str, Any], parsed: dict[str, Any]) -> bool:
    """Is it answered at once? So is what looks up an order that it names."""
    form = OPENS.get(wish["intent"])
    return form is None or (form in LOOKING_UP and bool(orders_in(parsed, wish["start"], wish["end"])))


def _waiting(form: str, wish: dict[str, Any], parsed: dict[str, Any]) -> dict[str, Any]:
    told = orders_in(parsed, wish["start"], wish["end"])
    return {"form": form, "slots": {"order_id": told[0]} if len(told) == 1 else {}}


def _consistent(wishes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Who orders the wrong thing and wants it altered does not want it cancelled too, nor the other way round: of the
    two, what is said last is meant."""
    either = [wish for wish in wishes if wish["intent"] in ALTERING | {"cancel_order"}]
    contradicts = {"cancel_order"} < {wish["intent"] for wish in either}
    return [wish for wish in wishes if wish not in either[:-1]] if contradicts else wishes
