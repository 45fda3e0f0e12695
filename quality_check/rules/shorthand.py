"""What a rubric says once for many rules, and rules that are written shorter than their conditions.

`knowledge` and `process` become ordinary conditions, so the engine knows nothing of them.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from quality_check.rules.source import Strict, Words


class Shared(Strict):
    """Lists of words by name, which a keyword condition can ask for, and groups of words that mean the same."""

    lists: dict[str, Words] = Field(default_factory=dict)
    synonyms: tuple[Words, ...] = ()


class Knowledge(Strict):
    """A customer asked; within so many turns the known answer is missing, or its contrary was said."""

    asked: Words
    answer: Words | None = None
    contrary: Words | None = None
    within: int = Field(6, ge=1)
    score: float = Field(80, ge=0, le=100)
    hit: Literal["missing", "contradicted"] = "missing"


class Process(Strict):
    """Steps in order, each a condition; it hits when the first was done and the last did not follow in time."""

    steps: list[dict[str, Any]] = Field(min_length=2, max_length=20)
    within: int = Field(1000, ge=1)
    seconds: float | None = Field(None, gt=0)
    hit: Literal["broken", "followed"] = "broken"


class BadLists(ValueError):
    """A keyword asks for lists in a way that cannot be read, or for one that the rubric has not; `path` leads there."""

    def __init__(self, reason: str, path: tuple[str | int, ...]) -> None:
        super().__init__(reason)
        self.path = path


def written_out(rule: Any, shared: Shared) -> Any:
    """The rule in conditions and words alone. Raises BadLists, and ValidationError for a slip in shorthand."""
    if not isinstance(rule, dict):
        return rule
    rule = dict(rule)
    if "knowledge" in rule:
        rule |= _knowledge(Knowledge.model_validate(rule.pop("knowledge")))
    if "process" in rule:
        rule |= _process(Process.model_validate(rule.pop("process")))
    if isinstance(rule.get("when"), dict):
        rule["when"] = {name: _with_words(one, shared, ("when", name)) for name, one in rule["when"].items()}
    return rule


def _knowledge(asked: Knowledge) -> Mapping[str, Any]:
    said = asked.answer if asked.hit == "missing" else asked.contrary
    likely = {"role": "staff", "after": {"condition": "asked", "within": asked.within}}
    conditions = {
        "asked": {"role": "customer", "similar": {"phrases": asked.asked, "score": asked.score}},
        "said": {**likely, "similar": {"phrases": said, "score": asked.score}},
    }
    return {"when": conditions, "hit": "asked and not said" if asked.hit == "missing" else "asked and said"}


def _process(asked: Process) -> Mapping[str, Any]:
    conditions: dict[str, Any] = {}
    for number, step in enumerate(asked.steps, 1):
        anchor = {"condition": f"step{number - 1}", "within": asked.within, "seconds": asked.seconds}
        conditions[f"step{number}"] = {**step, **({"after": anchor} if number > 1 else {})}
    last = f"step{len(asked.steps)}"
    return {"when": conditions, "hit": last if asked.hit == "followed" else f"step1 and not {last}"}


def _with_words(condition: Any, shared: Shared, path: tuple[str | int, ...]) -> Any:
    asked = condition.get("keyword") if isinstance(condition, dict) else None
    if not isinstance(asked, dict) or not isinstance(asked.get("words", []), list):
        return condition
    asked = dict(asked)
    words, lists, here = list(asked.get("words", [])), asked.pop("lists", []), (*path, "keyword", "lists")
    if not isinstance(lists, list):
        raise BadLists("this is a list of names, such as [name]", here)
    for name in lists:
        if not isinstance(name, str) or name not in shared.lists:
            raise BadLists(f"the rubric has no list {name}", here)
        words += shared.lists[name]
    groups = [group for group in shared.synonyms if any(word in group for word in words)]
    return {**condition, "keyword": {**asked, "words": words, **({"synonyms": groups} if groups else {})}}
