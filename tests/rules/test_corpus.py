"""Training files are read strictly: what is wrong is named with file and line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.corpus import read_corpus

DOMAIN = """version: "3.1"
intents:
- greet
- buy: {use_entities: []}
entities:
- product
actions:
- action_sell
responses:
  utter_greet:
  - text: hello
"""
NLU = """version: "3.1"
nlu:
- intent: greet
  examples: |
    - hi
    - 你好
- intent: buy
  examples: |
    - I want [headphones](product)
    - 买[耳机]{"entity": "product", "value": "headphones"}
"""
RULES = """rules:
- rule: greet
  steps:
  - intent: greet
  - action: utter_greet
- rule: buy
  steps:
  - or:
    - intent: buy
    - intent: nlu_fallback
  - action: action_sell
"""


def wrong(**files: str) -> list[str]:
    """The problems of these files beside a sound domain."""
    told = read_corpus({"domain": DOMAIN, **files})[1]
    return [str(one) for one in told]


def test_sound_files_give_their_examples_without_marks() -> None:
    corpus, problems = read_corpus({"domain": DOMAIN, "nlu": NLU, "rules": RULES})
    assert problems == []
    assert [(one.text, one.intent, one.line) for one in corpus.examples] == [
        ("hi", "greet", 5),
        ("你好", "greet", 6),
        ("I want headphones", "buy", 9),
        ("买耳机", "buy", 10),
    ]


@pytest.mark.parametrize(
    ("nlu", "expected"),
    [
        (
            NLU.replace("- intent: buy", "- intent: byu"),
            ["nlu:7: no intent is called byu", "domain:4: intent buy has no"],
        ),
        (NLU.replace("    - 你好", "    - ＨＩ\n    -  "), ["nlu:7: an example of greet is empty"]),
        (NLU + "    - Hi\n", ["nlu:11: “Hi” is buy here, greet at nlu:5"]),
        (NLU.replace("(product)", "(prodct)"), ["nlu:9: no entity is called prodct"]),
        (NLU.replace("    - 你好", "    你好"), ["nlu:6: an example begins with"]),
        (NLU.replace("- intent: greet\n", "- intnt: greet\n"), ["nlu:3: each entry of nlu names one of intent"]),
        (NLU + "- regex: phone\n", ["nlu:11: regex phone has no examples"]),
        (NLU + "  oops: [", ["nlu:12: this is not YAML"]),
        (NLU + "\x07", ["nlu:0: this is not YAML: a character"]),
        ("- a\n- b\n", ["nlu:1: a training file is a mapping"]),
        (NLU.replace("nlu:", "nlo:"), ["nlu:2: no section is called nlo"]),
        (NLU.replace("    - 你好", "    - " + 1001 * "好"), ["nlu:6: an example of greet has 1001 characters; 1000"]),
        ("", ["nlu:1: a training file is a mapping"]),
        ("nlu: 3\n", ["nlu:1: nlu is a list"]),
        (NLU + "? [a]\n: b\n", ["nlu:11: no section is called"]),
        (NLU.replace("- intent: buy", "- intent: [buy]"), ["nlu:7: intent has no name"]),
        (NLU.replace("- intent: buy", "- intent:"), ["nlu:7: intent has no name"]),
        (NLU + "intents: [{}, [a], x]\n", ["nlu:11: intent x has no examples"]),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(nlu: str, expected: list[str]) -> None:
    told = wrong(nlu=nlu)
    for message in expected:
        assert any(one.startswith(message) for one in told), told


def test_a_rule_about_something_unknown() -> None:
    told = wrong(nlu=NLU, rules=RULES.replace("action_sell", "action_sel").replace("intent: buy", "intent: bye"))
    assert [one.split(";")[0] for one in told] == [
        "rules:9: no intent is called bye",
        "rules:11: no action is called action_sel",
    ]


def test_files_whose_aliases_go_in_circles_are_read() -> None:
    assert wrong(rules="rules: &all [*all, {steps: [{intent: bye}]}]")[0].startswith("domain:3")


@given(st.text())
def test_no_text_at_all_makes_the_reading_fail(text: str) -> None:
    read_corpus({"nlu": text, "more": NLU[:60] + text})
