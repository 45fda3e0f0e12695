"""A rubric's text, rule by rule, so that one can be edited and the rest, with its comments, stays as it was written."""

from textwrap import dedent, indent

import yaml

from quality_check.rules.document import Example, Known, Rule
from quality_check.rules.engine import Engine
from quality_check.rules.source import Loader
from quality_check.rules.view import Conversation, Turn


def blocks(text: str) -> dict[str, str]:
    """Each rule's own YAML, by id. Only for a text that read_rubric accepts."""
    return {id: _lifted(text, node) for id, node in _nodes(text).items()}


def lines(text: str) -> dict[str, int]:
    """The line each rule begins on, from 1."""
    return {id: node.start_mark.line + 1 for id, node in _nodes(text).items()}


def put(text: str, id: str, block: str) -> str:
    """The text with this rule in the place of the one called `id`, or at the end when there is none."""
    nodes = _nodes(text)
    if id in nodes:
        start, end = nodes[id].start_mark, _end(text, nodes[id])
        return text[: start.index] + _indented(block, start.column) + text[end:]
    column = next(iter(nodes.values())).start_mark.column if nodes else 4
    return text.rstrip("\n") + "\n" + " " * (column - 2) + "- " + _indented(block, column)


def alone(block: str, text: str) -> str:
    """A rubric of this one rule, with the lists of the rubric `text`; its line numbers are one above the rule's own."""
    shared = {key: value for key, value in yaml.load(text, Loader=Loader).items() if key != "rules"}
    rest = yaml.safe_dump(shared, allow_unicode=True, default_style='"') if shared else ""
    return "rules:\n  - " + _indented(block, 4) + rest


def drop(text: str, id: str) -> str:
    """The text without that rule."""
    node = _nodes(text)[id]
    begin = text.rindex("\n", 0, node.start_mark.index) + 1
    return text[:begin] + text[_end(text, node) :]


def failed(rule: Rule) -> list[str]:
    """Its examples that do not come out as they say, such as `hits[0]`; none where a language model is asked."""
    engine = Engine([rule])
    if engine.asks:
        return []

    def found(example: Example) -> bool:
        return bool(engine.inspect(told(example)))

    wrong = [f"hits[{n}]" for n, example in enumerate(rule.hits) if not found(example)]
    return wrong + [f"misses[{n}]" for n, example in enumerate(rule.misses) if found(example)]


def told(example: Example) -> Conversation:
    """The conversation that an example tells."""
    known = {name: value for one in example if isinstance(one, Known) for name, value in one.attributes.items()}
    said = [one for one in example if not isinstance(one, Known)]
    return Conversation("example", tuple(Turn(role, words) for one in said for role, words in one.items()), known)


def joined(text: str, other: str) -> tuple[str, list[str]]:
    """The text with every rule of `other` whose id it has not, and their ids. Rules that it has stay as they are."""
    here = blocks(text)
    fresh = {id: block for id, block in blocks(other).items() if id not in here}
    for id, block in fresh.items():
        text = put(text, id, block)
    return text, list(fresh)


def _indented(block: str, column: int) -> str:
    return indent(block.strip("\n") + "\n", " " * column).lstrip(" ")


def _nodes(text: str) -> dict[str, yaml.Node]:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    listed = next(value for key, value in root.value if key.value == "rules")
    return {
        next(value.value for key, value in node.value if key.value == "id"): node
        for node in listed.value
        if any(key.value == "id" for key, _ in node.value)
    }


def _end(text: str, node: yaml.Node) -> int:
    """Where the rule's own lines end: comments and blank lines before the next rule are not its own."""
    own = text[node.start_mark.index : node.end_mark.index].split("\n")
    while own and (not own[-1].strip() or own[-1].lstrip().startswith("#")):
        own.pop()
    return min(node.start_mark.index + len("\n".join(own)) + 1, len(text))


def _lifted(text: str, node: yaml.Node) -> str:
    own = " " * node.start_mark.column + text[node.start_mark.index : _end(text, node)]
    return dedent(own).strip("\n") + "\n"
