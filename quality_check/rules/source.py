"""YAML that people write, read so that a slip is named with file, line and field."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Words = Annotated[tuple[Word, ...], Field(min_length=1)]
BOOLEAN: Final = "tag:yaml.org,2002:bool"


class Strict(BaseModel):
    """A part of a document: no field that is not known, and nothing changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Problem:
    """What was refused, and where."""

    file: str
    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (f"{self.file}:{self.line}", self.field, self.reason)))


class Unreadable(ValueError):
    """The text is no YAML; `problem` says where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class Loader(yaml.SafeLoader):
    """Only true and false are booleans (YAML 1.2): "no" in a list of words stays a word."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != BOOLEAN or first in "tTfF"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def compose(text: str, file: str) -> tuple[yaml.Node | None, Any]:
    """The text's tree, which knows its lines, and its plain values. Raises Unreadable."""
    try:
        return yaml.compose(text, Loader=Loader), yaml.load(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Unreadable(Problem(file, line, "", error.problem or "no YAML")) from error
    except yaml.YAMLError as error:
        raise Unreadable(Problem(file, 1, "", str(error))) from error


def problems_of(file: str, node: yaml.Node, error: ValidationError) -> Iterator[Problem]:
    """What is wrong with the part of the tree at `node`, slip by slip, not also the whole around a slip."""
    slips = error.errors()
    for slip in slips:
        inside = any(len(other["loc"]) > len(slip["loc"]) and _begins(other["loc"], slip["loc"]) for other in slips)
        if not inside:
            reason = "there is no such field" if slip["type"] == "extra_forbidden" else slip["msg"]
            yield at(file, node, slip["loc"], reason.removeprefix("Value error, "))


def _begins(path: tuple[str | int, ...], start: tuple[str | int, ...]) -> bool:
    return path[: len(start)] == start


def at(file: str, node: yaml.Node, path: tuple[str | int, ...], reason: str) -> Problem:
    """A problem at the deepest node of the path that is there."""
    for step in path:
        node = child(node, step) or node
    return Problem(file, node.start_mark.line + 1, ".".join(map(str, path)) or "(whole)", reason)


def child(node: yaml.Node | None, step: str | int) -> yaml.Node | None:
    """The node one step down, None when there is none."""
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        found: yaml.Node = node.value[step]
        return found
    return None
