"""Rasa's training files, read strictly: whatever would train a bot wrongly is named with its file and line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import yaml

from language.fold import fold

SECTIONS: Final = frozenset({
    "version", "nlu", "rules", "stories", "intents", "entities", "slots", "responses", "forms", "actions",
    "session_config",
})  # fmt: skip
KINDS: Final = ("intent", "regex", "lookup", "synonym")
NOTED: Final = re.compile(
    r'\[(?P<text>[^\]]+)\](?:\((?P<short>[^):]+)[^)]*\)|\{[^}]*"entity":\s*"(?P<long>[^"]+)"[^}]*\})'
)
LONGEST: Final = 1000  # characters of an example
BUILT_IN: Final = frozenset({"nlu_fallback", "restart", "back", "session_start"})


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where; lines count from 1, and 0 is the whole file."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence and its intent; `text` is without the marks of entities, `line` as in Problem."""

    text: str
    intent: str
    file: str
    line: int


@dataclass(slots=True)
class Corpus:
    """What the files hold together: name to (file, line) of where it is declared or first used."""

    examples: list[Example] = field(default_factory=list)
    intents: dict[str, tuple[str, int]] = field(default_factory=dict)
    entities: dict[str, tuple[str, int]] = field(default_factory=dict)
    actions: dict[str, tuple[str, int]] = field(default_factory=dict)
    used: list[tuple[str, str, str, int]] = field(default_factory=list)  # intent, entity or action; name; file; line
    # what is no sentence with an intent: kind, file, line
    beside: list[tuple[str, str, int]] = field(default_factory=list)


def read_corpus(files: Mapping[str, str]) -> tuple[Corpus, list[Problem]]:
    """All of `files` (name to text) together, and everything that is wrong, in the files' order."""
    corpus, problems = Corpus(), []
    for name, text in files.items():
        problems += _Reading(name, corpus).read(text)
    problems += _unknown(corpus)
    problems += _twice(corpus.examples)
    return corpus, sorted(problems, key=lambda one: (one.file, one.line))


def same(text: str) -> str:
    """What two sentences have in common that a reader takes for one."""
    return " ".join(fold(text).split())


def plain(example: str) -> str:
    """An example without the marks of its entities."""
    return NOTED.sub(lambda found: found["text"], example)


class _Reading:
    """One file on its way into the corpus."""

    def __init__(self, name: str, corpus: Corpus) -> None:
        self._name = name
        self._corpus = corpus
        self._problems: list[Problem] = []

    def read(self, text: str) -> list[Problem]:
        """Everything wrong with it by itself."""
        try:
            root = yaml.compose(text, Loader=yaml.CSafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            return [Problem(self._name, mark.line + 1 if mark else 0, f"this is not YAML: {error.problem}")]
        except yaml.YAMLError:
            return [Problem(self._name, 0, "this is not YAML: a character that is not allowed")]
        if not isinstance(root, yaml.MappingNode):
            return [Problem(self._name, 1, "a training file is a mapping such as `nlu:` with a list")]
        for key, value in root.value:
            if not isinstance(key, yaml.ScalarNode) or key.value not in SECTIONS:
                self._wrong(key, f"no section is called {_word(key)}; there are {', '.join(sorted(SECTIONS))}")
            elif key.value == "nlu":
                self._nlu(value)
                continue
            elif key.value in ("rules", "stories"):
                self._steps(value)
            else:
                self._declare(key.value, value)
            self._beside(key, value)
        return self._problems

    def _wrong(self, node: yaml.Node, message: str) -> None:
        self._problems.append(Problem(self._name, _line(node), message))

    def _beside(self, key: yaml.Node, value: yaml.Node) -> None:
        """Each rule or story, and what a section declares."""
        parts = value.value if isinstance(value, yaml.SequenceNode) else [key]
        if _word(key) in SECTIONS - {"version"}:
            self._corpus.beside += [(_word(key), self._name, _line(part)) for part in parts]

    def _declare(self, section: str, node: yaml.Node) -> None:
        tables = {"intents": self._corpus.intents, "entities": self._corpus.entities}
        table = tables.get(section, self._corpus.actions if section in ("actions", "responses", "forms") else None)
        if table is not None:
            for name in _names(node):
                table.setdefault(name.value, (self._name, _line(name)))

    def _nlu(self, node: yaml.Node) -> None:
        if not isinstance(node, yaml.SequenceNode):
            self._wrong(node, "nlu is a list")
            return
        for entry in node.value:
            fields = _fields(entry)
            kind = next((kind for kind in KINDS if kind in fields), None)
            if kind is None:
                self._wrong(entry, f"each entry of nlu names one of {', '.join(KINDS)}")
            elif not _word(fields[kind]):
                self._wrong(fields[kind], f"{kind} has no name")
            elif "examples" not in fields or not isinstance(fields["examples"], yaml.ScalarNode):
                self._wrong(entry, f"{kind} {fields[kind].value} has no examples (`examples: |`, then `- …` lines)")
            else:
                self._examples(kind, fields[kind], fields["examples"])
                if kind != "intent":
                    self._corpus.beside.append((kind, self._name, _line(entry)))

    def _examples(self, kind: str, label: yaml.Node, node: yaml.ScalarNode) -> None:
        if kind == "intent":
            self._corpus.used.append(("intent", label.value, self._name, _line(label)))
        found = 0
        for line, said in enumerate(node.value.split("\n"), _line(node) + (node.style in ("|", ">"))):
            text = said.strip()
            if not text:
                continue
            found += 1
            if not text.startswith("-"):
                self._problems.append(Problem(self._name, line, f"an example begins with `- `: {text[:40]}"))
            elif not plain(text[1:]).strip():
                self._problems.append(Problem(self._name, line, f"an example of {label.value} is empty"))
            elif kind == "intent" and (length := len(text[1:].strip())) > LONGEST:
                long = f"an example of {label.value} has {length} characters; {LONGEST} are the most"
                self._problems.append(Problem(self._name, line, long))
            elif kind == "intent":
                self._example(label.value, text[1:].strip(), line)
        if not found:
            self._wrong(node, f"{kind} {label.value} has no examples")

    def _example(self, intent: str, text: str, line: int) -> None:
        self._corpus.examples.append(Example(plain(text), intent, self._name, line))
        for noted in NOTED.finditer(text):
            self._corpus.used.append(("entity", noted["short"] or noted["long"], self._name, line))
            self._corpus.beside.append(("entity", self._name, line))

    def _steps(self, node: yaml.Node) -> None:
        for step in _walk(node):
            for kind in ("intent", "action"):
                if isinstance(name := _fields(step).get(kind), yaml.ScalarNode):
                    self._corpus.used.append((kind, name.value, self._name, _line(name)))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _fields(node: yaml.Node) -> dict[str, yaml.Node]:
    return {_word(key): value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def _word(node: yaml.Node) -> str:
    """What stands there, "" for a list or a mapping."""
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def _names(node: yaml.Node) -> Iterator[yaml.Node]:
    """The names that a section declares: the keys of a mapping, or a list's items, which may be mappings of one key."""
    if isinstance(node, yaml.MappingNode):
        names = [key for key, _ in node.value]
    elif isinstance(node, yaml.SequenceNode):
        names = [
            name
            for item in node.value
            for name in ([k for k, _ in item.value[:1]] if isinstance(item, yaml.MappingNode) else [item])
        ]
    else:
        names = []
    yield from (name for name in names if _word(name))


def _walk(root: yaml.Node) -> Iterator[yaml.MappingNode]:
    """Every mapping once, however often aliases lead to it."""
    seen, left = set[int](), [root]
    while left:
        node = left.pop()
        if id(node) in seen or isinstance(node, yaml.ScalarNode):
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            yield node
        left += [one[1] for one in node.value] if isinstance(node, yaml.MappingNode) else node.value


def _unknown(corpus: Corpus) -> Iterator[Problem]:
    """Names that are used and declared nowhere, and intents that nobody can learn."""
    known = {"intent": {*corpus.intents, *BUILT_IN}, "entity": {*corpus.entities}, "action": {*corpus.actions}}
    for kind, name, file, line in corpus.used:
        if name not in known[kind] and not (kind == "action" and name.startswith("action_listen")):
            yield Problem(file, line, f"no {kind} is called {name}; the domain declares them")
    learned = {example.intent for example in corpus.examples}
    for intent, (file, line) in corpus.intents.items():
        if intent not in learned:
            yield Problem(file, line, f"intent {intent} has no examples")


def _twice(examples: list[Example]) -> Iterator[Problem]:
    """One sentence under two intents; the same sentence twice under one is harmless."""
    first: dict[str, Example] = {}
    for example in examples:
        before = first.setdefault(same(example.text), example)
        if before.intent != example.intent:
            where = f"{before.file}:{before.line}"
            yield Problem(
                example.file, example.line, f"“{example.text}” is {example.intent} here, {before.intent} at {where}"
            )
