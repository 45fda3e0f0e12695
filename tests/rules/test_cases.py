"""Scripted conversations: how they are read, and what counts as success."""

import json
from typing import Any

import pytest

from bot.ports import Turn
from bot.rules.cases import Case, Played, figures, missed, off_script, read_cases
from conversation.events import BotMessage, Button, Card, TicketAsked

REFUND = ("refund", "KF1", {"reason": "broken"})


def case(**more: Any) -> Case:
    return Case.model_validate({"dialogue": "d", "turns": [{"user": "hello"}], **more})


def turn(text: str = "ok", **more: Any) -> Turn:
    said = BotMessage(text, (Button("Yes", "/affirm"),), card=Card("Order KF1"))
    return Turn((said,), "en", "x", 1.0, (), (), "", "", **more)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.jsonl", "\n" + "[" * 100_000, "a.jsonl:2: this is JSON that no case looks like"),
        ("a.jsonl", '{"dialogue": ' + "9" * 6000 + "}", "a.jsonl:1: this is JSON that no case looks like"),
        ("a.yml", '- dialogue: "\0"', "a.yml:0: this is not YAML: a character that is not allowed"),
        ("a.yml", "", "a.yml:1: a file of cases is a list of dialogues"),
    ],
)
def test_what_is_no_case_at_all_is_named(name: str, text: str, told: str) -> None:
    assert [str(one) for one in read_cases({name: text})[1]] == [told]


def test_cases_come_from_yaml_and_from_json_lines() -> None:
    line = json.dumps({"dialogue": "b", "turns": [{"user": "hi"}]})
    files = {"a.yml": "- dialogue: a\n  turns:\n  - user: 13912345678\n", "x/b.jsonl.gz": f"\n{line}\n"}
    cases, problems = read_cases(files)
    assert problems == []
    assert [(one.dialogue, one.turns[0].user) for one in cases] == [("a", "13912345678"), ("b", "hi")]


def test_what_a_customer_says_is_read_as_it_is_written() -> None:
    cases, problems = read_cases(
        {"a.yml": "- dialogue: a\n  turns: [{user: yes}, {user: 0139}, {user: on}]\n  ends: {closed: true}\n"}
    )
    assert problems == []
    assert [step.user for step in cases[0].turns] == ["yes", "0139", "on"]
    assert cases[0].end().closed


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.yml", "- dialogue: a\n  turns: [{user: x}]\n- dialogue: b\n  turns: []\n", "a.yml:3: turns: "),
        ("a.yml", "- dialogue: a\n  turns: [{user: x, press: y}]\n", "a.yml:1: turns.0: "),
        ("a.yml", "- dialogue: a\n  turns: [{usr: x}]\n", "a.yml:1: turns.0"),
        ("a.yml", "dialogue: a\n", "a.yml:1: a file of cases is a list"),
        ("a.yml", "- dialogue: [\n", "a.yml:2: this is not YAML"),
        ("a.jsonl", "{}\n{", "a.jsonl:1: dialogue: "),
        ("a.jsonl", "\n{", "a.jsonl:2: this is not JSON"),
    ],
)
def test_what_is_no_case_is_named_with_file_and_line(name: str, text: str, expected: str) -> None:
    _, problems = read_cases({name: text})
    assert str(problems[0]).startswith(expected), problems


@pytest.mark.parametrize(
    ("ends", "played", "success"),
    [
        ({}, Played((turn(),), ()), True),
        ({}, Played((turn(),), (REFUND,)), False),
        ({"done": [["refund", "KF1", {"reason": "broken"}]]}, Played((turn(),), (REFUND,)), True),
        ({"done": [["refund", "KF1"]]}, Played((turn(),), (REFUND,)), True),
        ({"done": [["refund", "KF2"]]}, Played((turn(),), (REFUND,)), False),
        ({"done": [["refund", "KF1", {"reason": "late"}]]}, Played((turn(),), (REFUND,)), False),
        ({"done": [["refund", "KF1"]]}, Played((turn(),), (REFUND, REFUND)), False),
        ({"handoff": "asked"}, Played((turn(handoff="asked"),), ()), True),
        ({"handoff": "asked"}, Played((turn(handoff="failed"),), ()), False),
        ({"handoff": "any"}, Played((turn(handoff="failed"),), ()), True),
        ({"handoff": "any"}, Played((turn(),), ()), False),
        ({"ticket": "complaint"}, Played((turn(ticket=TicketAsked("complaint", "t")),), ()), True),
        ({}, Played((turn(ticket=TicketAsked("complaint", "t")),), ()), False),
        ({"closed": True}, Played((turn(close=True),), ()), True),
        ({"closed": True}, Played((turn(),), ()), False),
    ],
)
def test_success_is_what_came_of_it_and_nothing_else(ends: dict[str, Any], played: Played, success: bool) -> None:
    assert (missed(case(ends=ends), played) == []) is success


def test_without_an_end_it_is_what_the_turns_expect_together() -> None:
    turns = [{"user": "a", "done": [["refund", "KF1"]]}, {"user": "b", "handoff": "asked"}]
    assert missed(case(turns=turns), Played((turn(), turn(handoff="asked")), (REFUND,))) == []


def test_the_script_is_words_buttons_and_cards() -> None:
    turns = [{"user": "a", "says": ["o"], "buttons": ["/affirm"], "cards": ["Order"]}]
    assert off_script(case(turns=turns), Played((turn(),), ())) == []
    turns = [{"user": "a", "says": ["x"], "buttons": [], "cards": ["Parcel"]}]
    assert len(off_script(case(turns=turns), Played((turn(),), ()))) == 3


def test_figures_count_handoffs_both_ways() -> None:
    wants, wants_not = case(ends={"handoff": "any"}), case()
    handed, kept = Played((turn(handoff="asked"),), ()), Played((turn(),), ())
    told = figures([(wants, handed), (wants, kept), (wants_not, handed), (wants_not, kept)])
    assert (told["task_success"], told["containment"], told["containment_wanted"]) == (0.5, 0.5, 0.5)
    assert (told["handoff_precision"], told["handoff_recall"], told["handoff_correct"]) == (0.5, 0.5, 0.5)
    assert figures([])["task_success"] == 0
