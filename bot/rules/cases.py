"""Scripted conversations (docs/evaluation.md, Dialogues): what a customer says, and what must come of it; pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from bot.ports import Turn
from bot.rules.corpus import Problem

Deed = Annotated[list[Any], Field(min_length=2, max_length=3)]  # what, of which order, and with what if that matters
Text = Annotated[str, BeforeValidator(lambda told: str(told) if isinstance(told, int) else told)]
NOT_HANDED: Final = ""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(_Strict):
    """A customer's message (or a button, by its payload or title), and what is expected of the answer to it."""

    user: Text = ""
    press: str = ""
    shop: Literal["", "away", "back"] = ""
    bot: list[str] | None = None  # names of responses, for the engine's own tests
    says: list[str] = []
    buttons: list[str] | None = None
    cards: list[str] | None = None
    done: list[Deed] = []
    handoff: str = NOT_HANDED
    ticket: str = ""
    closed: bool = False
    repeated: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if bool(self.user) == bool(self.press):
            raise ValueError("a turn has either user or press")
        return self


class Ends(_Strict):
    """What must have come of a conversation, however it went."""

    done: list[Deed] = []
    handoff: str = NOT_HANDED
    ticket: str = ""
    closed: bool = False


class Case(_Strict):
    """A conversation; without `ends` its end is what its turns expect together."""

    dialogue: str
    language: Literal["zh", "en"] = "zh"
    turns: Annotated[list[Step], Field(min_length=1)]
    ends: Ends | None = None

    def end(self) -> Ends:
        """What must have come of it."""
        if self.ends is not None:
            return self.ends
        return Ends(
            done=[deed for turn in self.turns for deed in turn.done],
            handoff=next((turn.handoff for turn in self.turns if turn.handoff), NOT_HANDED),
            ticket=next((turn.ticket for turn in self.turns if turn.ticket), ""),
            closed=any(turn.closed for turn in self.turns),
        )


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a case: all that the shop did, and the bot's answers."""

    turns: tuple[Turn, ...]
    done: tuple[tuple[str, str, Mapping[str, Any]], ...]

    @property
    def handoff(self) -> str:
        """Why a person was needed first; "" when none was."""
        return next((turn.handoff for turn in self.turns if turn.handoff), NOT_HANDED)


def read_cases(files: Mapping[str, str]) -> tuple[list[Case], list[Problem]]:
    """The cases of files (name to text): lists in YAML, or a case a line in JSON (`.jsonl`)."""
    found = [
        one
        for name, text in files.items()
        for one in (_json_lines(name, text) if ".jsonl" in name.rsplit("/", 1)[-1] else _yaml(name, text))
    ]
    return [one for one in found if isinstance(one, Case)], [one for one in found if isinstance(one, Problem)]


def _json_lines(name: str, text: str) -> Iterator[Case | Problem]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield _case(name, number, json.loads(line))
            except json.JSONDecodeError as error:
                yield Problem(name, number, f"this is not JSON: {error.msg}")
            except (RecursionError, ValueError):  # brackets in brackets, or a number of thousands of digits
                yield Problem(name, number, "this is JSON that no case looks like")


def _yaml(name: str, text: str) -> Iterator[Case | Problem]:
    try:
        # As written: a customer's "yes", "on" or 0139 is no truth and no number.
        root, plain = yaml.compose(text, Loader=yaml.CBaseLoader), yaml.load(text, Loader=yaml.CBaseLoader)
    except yaml.MarkedYAMLError as error:
        yield Problem(
            name, error.problem_mark.line + 1 if error.problem_mark else 0, f"this is not YAML: {error.problem}"
        )
        return
    except yaml.YAMLError:
        yield Problem(name, 0, "this is not YAML: a character that is not allowed")
        return
    if not isinstance(root, yaml.SequenceNode):
        yield Problem(name, 1, "a file of cases is a list of dialogues")
        return
    for node, one in zip(root.value, plain, strict=True):
        yield _case(name, node.start_mark.line + 1, one)


def _case(name: str, line: int, told: Any) -> Case | Problem:
    try:
        return Case.model_validate(told)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        return Problem(name, line, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")


def missed(case: Case, played: Played) -> list[str]:
    """What should have come of it and did not, or did and should not have; [] is success."""
    end = case.end()
    done = [list(deed) for deed in played.done]
    tickets = [turn.ticket.type for turn in played.turns if turn.ticket]
    found = []
    if len(done) != len(end.done) or not all(map(_same_deed, end.done, done)):
        found.append(f"done {done} instead of {end.done}")
    if played.handoff != end.handoff and not (end.handoff == "any" and played.handoff):
        found.append(f"handoff {played.handoff or 'none'} instead of {end.handoff or 'none'}")
    if tickets != ([end.ticket] if end.ticket else []):
        found.append(f"tickets {tickets} instead of {[end.ticket] if end.ticket else []}")
    if any(turn.close for turn in played.turns) != end.closed:
        found.append("closed" if not end.closed else "not closed")
    return found


def _same_deed(wanted: Sequence[Any], done: Sequence[Any]) -> bool:
    if wanted[:2] != done[:2]:
        return False
    return len(wanted) == 2 or {key: done[2].get(key) for key in wanted[2]} == wanted[2]


def off_script(case: Case, played: Played) -> list[str]:
    """Turns whose words, buttons or cards are others than the case expects."""
    found = []
    for number, (step, turn) in enumerate(zip(case.turns, played.turns, strict=True), 1):
        texts = [message.text for message in turn.messages]
        buttons = [button.payload for message in turn.messages for button in message.buttons]
        cards = [message.card.title for message in turn.messages if message.card]
        unsaid = [words for words in step.says if not any(words in text for text in texts)]
        if unsaid:
            found.append(f"turn {number} does not say {unsaid}: {texts}")
        if step.buttons is not None and step.buttons != buttons:
            found.append(f"turn {number} offers {buttons} instead of {step.buttons}")
        if step.cards is not None and not _begin(cards, step.cards):
            found.append(f"turn {number} shows {cards} instead of {step.cards}")
    return found


def _begin(titles: Sequence[str], beginnings: Sequence[str]) -> bool:
    return len(titles) == len(beginnings) and all(map(str.startswith, titles, beginnings))


def figures(results: Sequence[tuple[Case, Played]]) -> dict[str, float | int]:
    """What `kefu eval dialogue` prints; shares are of 1, and 0 where nothing was there to count."""
    succeeded = [(case, played) for case, played in results if not missed(case, played)]
    wanted = [case.end().handoff != NOT_HANDED for case, _ in results]
    handed = [played.handoff != NOT_HANDED for _, played in results]
    right = sum(map(lambda one, other: one and other, wanted, handed))
    turns = sorted(len(case.turns) for case, _ in succeeded)
    return {
        "dialogues": len(results),
        "task_success": _share(len(succeeded), len(results)),
        **{
            f"task_success_{language}": _share(
                sum(case.language == language for case, _ in succeeded),
                sum(case.language == language for case, _ in results),
            )
            for language in ("zh", "en")
        },
        "on_script": _share(sum(not off_script(*one) for one in results), len(results)),
        "turns_mean": round(sum(turns) / len(turns), 2) if turns else 0,
        "turns_p90": turns[int(len(turns) * 0.9)] if turns else 0,
        "containment": _share(handed.count(False), len(handed)),
        "containment_wanted": _share(wanted.count(False), len(wanted)),
        "handoff_correct": _share(sum(_handed_right(*one) for one in results), len(results)),
        "handoff_precision": _share(right, sum(handed)),
        "handoff_recall": _share(right, sum(wanted)),
    }


def _handed_right(case: Case, played: Played) -> bool:
    wanted = case.end().handoff
    return played.handoff == wanted or (wanted == "any" and played.handoff != NOT_HANDED)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
