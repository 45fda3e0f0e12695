"""The rules of the demo shop, and what the engine promises."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality_check.rules.document import Rule, read_rubric
from quality_check.rules.engine import Engine
from quality_check.rules.view import Conversation, Role, Turn

SHOP = Path(__file__).parents[2] / "data" / "rubrics" / "shop.yml"
RULES, PROBLEMS = read_rubric(SHOP.read_text("utf-8"), "shop.yml")


def conversation(said: tuple[dict[Role, str], ...]) -> Conversation:
    return Conversation("c", tuple(Turn(role, text) for turn in said for role, text in turn.items()))


def test_the_shop_has_sixty_rules_without_a_problem() -> None:
    assert not PROBLEMS
    assert len(RULES) >= 60


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_examples(rule: Rule) -> None:
    engine = Engine([rule])
    for said in rule.hits:
        assert engine.inspect(conversation(said)), said
    for said in rule.misses:
        assert not engine.inspect(conversation(said)), said


WORDS = st.sampled_from(
    ["您好", "我要投诉", "抱歉", "请您耐心等待一下", "祝您愉快", "已取消订单", "核实", "谢谢", "嗯"]
)
TURNS = st.lists(st.builds(Turn, st.sampled_from(["customer", "agent", "bot"]), WORDS), max_size=20)


@given(TURNS)
def test_what_was_certain_live_is_in_the_whole(turns: list[Turn]) -> None:
    engine = Engine(RULES)
    whole = engine.inspect(Conversation("c", tuple(turns)))
    for cut in range(len(turns) + 1):
        inspection = engine.begin({})
        live = [hit for turn in turns[:cut] for hit in inspection.hear(turn)]
        assert whole[: len(live)] == live


def test_a_slip_is_named_with_its_line_and_the_rest_goes_on() -> None:
    text = """rules:
  - id: good
    when: {a: {keyword: {words: [好]}}}
  - id: circle
    when:
      a: {after: {condition: b}, keyword: {words: [x]}}
      b: {after: {condition: a}, keyword: {words: [y]}}
  - id: odd
    colour: red
    when: {a: {regex: {match: "(?=x)"}}}
"""
    rules, problems = read_rubric(text, "r.yml")
    assert [rule.id for rule in rules] == ["good"]
    assert {(problem.line, problem.field) for problem in problems} == {
        (4, "(whole)"),
        (9, "colour"),
        (10, "when.a.regex"),
    }


def test_spans_hold_in_traditional_and_full_width() -> None:
    [rule] = read_rubric("rules: [{id: r, when: {a: {keyword: {words: [退钱, ABC]}}}}]", "r")[0]
    [hit] = Engine([rule]).inspect(conversation(({"customer": "😀我要退錢！ＡＢＣ"},)))
    assert [place.quote for place in hit.places] == ["退錢", "ＡＢＣ"]


def test_a_long_turn_and_a_long_conversation_are_read() -> None:
    turns = tuple(Turn("customer", "我要投诉" if number == 9999 else f"第{number}句") for number in range(10_000))
    engine = Engine(RULES)
    assert "customer_complaint" in {hit.rule for hit in engine.inspect(Conversation("c", turns))}
    assert engine.inspect(Conversation("c", (Turn("agent", "a" * 100_000),)))
