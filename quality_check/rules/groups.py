"""Where a text of rules, or a scorecard, names one of the desk's groups."""

from collections.abc import Iterator

import yaml

from quality_check.rules.blocks import blocks
from quality_check.rules.source import Loader


def rules_of(text: str, group: str) -> list[str]:
    """Ids of a rubric's rules that name the group. Only for a text that read_rubric accepts."""
    return [id for id, block in blocks(text).items() if names(block, group)]


def names(text: str, group: str) -> bool:
    """Does this YAML name it at all?"""
    return bool(_places(text, group))


def renamed(text: str, group: str, to: str) -> str:
    """The text with `to` wherever it named the group; the rest, with its comments, stays as it was written."""
    for node in reversed(_places(text, group)):
        text = f'{text[: node.start_mark.index]}"{to}"{text[node.end_mark.index :]}'
    return text


def _places(text: str, group: str) -> list[yaml.ScalarNode]:
    if group not in text:
        return []
    found = (node for node in _asked(yaml.compose(text, Loader=Loader)) if node.value == group)
    return sorted(found, key=lambda node: node.start_mark.index)


def _asked(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """What is written for a group: `group: …`, and `one_of` of the attribute that is called so."""
    if isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from _asked(one)
    elif isinstance(node, yaml.MappingNode):
        parts = {key.value: value for key, value in node.value}
        about = {str(parts[key].value) for key in ("name", "attribute") if key in parts}
        for key, value in parts.items():
            if key == "group" or (key == "one_of" and "group" in about):
                yield from _scalars(value)
            else:
                yield from _asked(value)


def _scalars(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    some = node.value if isinstance(node, yaml.SequenceNode) else [node]
    yield from (one for one in some if isinstance(one, yaml.ScalarNode))
