"""The rules of the demo shop, and what the engine promises."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality_check.adapters.files import read_conversations
from quality_check.rules.blocks import told
from quality_check.rules.document import Rule, read_rubric
from quality_check.rules.engine import Engine, score
from quality_check.rules.source import Problem
from quality_check.rules.view import Conversation, Mark, Role, Scalar, Turn

SHOP = Path(__file__).parents[2] / "data" / "rubrics" / "shop.yml"
RULES, PROBLEMS = read_rubric(SHOP.read_text("utf-8"), "shop.yml")


def test_the_shop_has_sixty_rules_without_a_problem() -> None:
    assert not PROBLEMS
    assert len(RULES) >= 60


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_examples(rule: Rule) -> None:
    engine = Engine([rule])
    for said in rule.hits:
        assert engine.inspect(told(said)), said
    for said in rule.misses:
        assert not engine.inspect(told(said)), said


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


LIMITED = """
rules:
  - {id: valuable, when: {said: {keyword: {words: [投诉]}}, worth: {attribute: {name: order_value, more_than: 1000}}}}
  - {id: of_group, only: {group: [vip]}, each: true, when: {said: {keyword: {words: [谢谢]}}}}
  - {id: unhurried, hit: said and not urgent, when: {
      said: {keyword: {words: [投诉]}}, urgent: {attribute: {name: urgent, one_of: [true]}}}}
  - {id: warned, run: live, when: {said: {keyword: {words: [抱歉]}}}}
"""
CHANGES: st.SearchStrategy[dict[str, Scalar]] = st.sampled_from(
    [{"order_value": 1299.0}, {"order_value": 59.0}, {"order_value": None}, {"group": "vip"}, {"urgent": False}]
)


@given(TURNS, st.lists(st.tuples(st.integers(0, 20), CHANGES), max_size=5))
def test_what_becomes_known_counts_from_then_on_live_and_after(
    turns: list[Turn], learned: list[tuple[int, dict[str, Scalar]]]
) -> None:
    engine = Engine(read_rubric(LIMITED, "r.yml")[0])
    told = sorted(((min(count, len(turns)), changes) for count, changes in learned), key=lambda one: one[0])
    whole = engine.inspect(Conversation("c", tuple(turns), learned=told))
    inspection, live = engine.begin({}), []
    for number in range(len(turns) + 1):
        live += [hit for count, changes in told if count == number for hit in inspection.learn(changes)]
        live += inspection.hear(turns[number]) if number < len(turns) else []
    assert whole[: len(live)] == live


def test_a_value_that_comes_late_makes_what_was_said_before_hit() -> None:
    inspection = Engine(read_rubric(LIMITED, "r.yml")[0]).begin({})
    assert not inspection.hear(Turn("customer", "我要投诉，谢谢"))
    assert not inspection.learn({"order_value": 59.0})
    [valuable] = inspection.learn({"order_value": 1299.0})
    assert (valuable.rule, valuable.places[0].quote) == ("valuable", "投诉")
    assert [hit.rule for hit in inspection.learn({"group": "vip"})] == ["of_group"]
    assert [hit.rule for hit in inspection.hear(Turn("customer", "谢谢"))] == ["of_group"]
    assert not inspection.learn({"group": "sales"})
    assert not inspection.hear(Turn("customer", "谢谢"))


def test_what_had_to_be_said_before_is_missed_at_once() -> None:
    inspection = Engine([rule for rule in RULES if rule.id == "verify_before_order"]).begin({})
    assert [hit.rule for hit in inspection.hear(Turn("agent", "已取消订单"))] == ["verify_before_order"]
    inspection = Engine([rule for rule in RULES if rule.id == "verify_before_order"]).begin({})
    assert inspection.hear(Turn("agent", "先核实一下手机号")) == inspection.hear(Turn("agent", "已取消订单")) == []


def test_live_rules_say_nothing_at_the_end() -> None:
    never = rule("a: {keyword: {words: [x]}}", ", run: live, hit: not a")
    assert not hits(never, {"agent": "y"})


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
    [hit] = Engine([rule]).inspect(told(({"customer": "😀我要退錢！ＡＢＣ"},)))
    assert [place.quote for place in hit.places] == ["退錢", "ＡＢＣ"]


def test_a_long_turn_and_a_long_conversation_are_read() -> None:
    turns = tuple(Turn("customer", "我要投诉" if number == 9999 else f"第{number}句") for number in range(10_000))
    engine = Engine(RULES)
    assert "customer_complaint" in {hit.rule for hit in engine.inspect(Conversation("c", turns))}
    assert engine.inspect(Conversation("c", (Turn("agent", "a" * 100_000),)))


def hits(rule: str, *said: dict[Role, str], at: tuple[float, ...] = (), **attributes: Scalar) -> list[tuple[int, ...]]:
    """The turns of each hit of the rules of a rubric in YAML."""
    rules, problems = read_rubric(rule, "r.yml")
    assert not problems, problems
    turns = [Turn(role, text) for turn in said for role, text in turn.items()]
    if at:
        turns = [Turn(turn.role, turn.text, seconds) for turn, seconds in zip(turns, at, strict=True)]
    found = Engine(rules).inspect(Conversation("c", tuple(turns), attributes))
    return [tuple(place.turn for place in hit.places) for hit in found]


def rule(when: str, rest: str = "") -> str:
    return f"rules: [{{id: r, when: {{{when}}}{rest}}}]"


def test_words_across_messages_and_synonyms_count_as_one() -> None:
    across = rule("a: {keyword: {words: [退款, 地址], at_least: all, across: true}}")
    assert hits(across, {"customer": "我要退款"}, {"agent": "好"}, {"customer": "地址没变"}) == [(1,)]
    assert not hits(across, {"customer": "我要退款"}, {"customer": "退款退款"})
    same = "synonyms: [[退款, 退钱, refund]]\n" + rule("a: {keyword: {words: [退款, 地址], at_least: 2}}")
    assert hits(same, {"customer": "Refund 到原地址"}) == [(1, 1)]
    assert not hits(same, {"customer": "退款就是退钱"})


def test_lists_are_shared_by_name() -> None:
    rubric = "lists: {bye: [再见, 祝您]}\n" + rule("a: {role: agent, keyword: {lists: [bye]}}")
    assert hits(rubric, {"agent": "再见"}) == [(1,)]
    unknown = rule("a: {keyword: {lists: [hello]}}")
    assert [str(one) for one in read_rubric(unknown, "r.yml")[1]] == [
        "r.yml:1: when.a.keyword.lists: the rubric has no list hello"
    ]


def test_first_and_later_answers() -> None:
    said: tuple[dict[Role, str], ...] = ({"customer": "1"}, {"agent": "2"}, {"customer": "3"}, {"agent": "4"})
    at = (0.0, 100.0, 110.0, 400.0)
    assert hits(rule("a: {role: agent, gap: {more_than: 60, which: first}}"), *said, at=at) == [(2,)]
    assert hits(rule("a: {role: agent, gap: {more_than: 60, which: later}}"), *said, at=at) == [(4,)]


def test_how_many_messages_and_who_spoke() -> None:
    many = rule("a: {role: customer, messages: {more_than: 1}}")
    few = rule("a: {role: agent, messages: {less_than: 2}}")
    two: tuple[dict[Role, str], ...] = ({"customer": "1"}, {"customer": "2"}, {"agent": "3"})
    assert hits(many, *two) == [()]
    assert hits(few, *two) == [()]
    assert not hits(few, *two, {"agent": "4"})
    order = rule("a: {speakers: [bot, customer, agent]}")
    assert hits(order, {"bot": "hi"}, {"customer": "?"}, {"agent": "!"}) == [(3,)]


def test_around_counts_before_after_and_in_the_same_message() -> None:
    around = rule(
        "a: {keyword: {words: [投诉]}}, b: {keyword: {words: [抱歉]}, around: {condition: a, within: 1}}", ", hit: b"
    )
    for said in (["抱歉", "投诉"], ["投诉", "抱歉"], ["投诉，抱歉"]):
        assert hits(around, *({"agent": one} for one in said)), said
    assert not hits(around, {"agent": "抱歉"}, {"agent": "嗯"}, {"agent": "投诉"})


NEGATED = rule("a: {role: agent, keyword: {words: [可以退款, 满意, 收到, can refund, happy], negated: false}}")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("可以退款", True),
        ("没问题，可以退款", True),
        ("别急，可以退款", True),
        ("不好意思，您收到了吗", True),
        ("特别满意", True),
        ("不是不可以退款", True),
        ("现在不可以退款", False),
        ("您还没有收到", False),
        ("No problem, we can refund it", True),
        ("I know, we can refund", True),
        ("Not only can refund, but more", True),
        ("I am not sure that you are happy", False),
        ("we don’t think we can refund it", False),
    ],
)
def test_a_negation_reaches_as_far_as_its_clause(said: str, found: bool) -> None:
    assert bool(hits(NEGATED, {"agent": said})) is found


def test_around_the_second_hit_and_within_seconds() -> None:
    around = rule(
        "a: {keyword: {words: [投诉]}}, b: {keyword: {words: [抱歉]}, around: {condition: a, within: 1, nth: 2}}",
        ", hit: b",
    )
    second: tuple[dict[Role, str], ...] = ({"customer": "投诉"}, {"agent": "嗯"}, {"customer": "投诉"})
    assert hits(around, *second, {"agent": "抱歉"}) == [(4,)]
    assert hits(around, second[0], {"agent": "抱歉"}, {"customer": "投诉"}) == [(2,)]
    assert not hits(around, {"customer": "投诉"}, {"agent": "抱歉"})
    early = rule("a: {role: customer, seconds: [0, 60], keyword: {words: [催]}}")
    assert hits(early, {"agent": "您好"}, {"customer": "催"}, at=(100.0, 160.0)) == [(2,)]
    assert not hits(early, {"agent": "您好"}, {"customer": "催"}, at=(100.0, 161.0))


def test_once_or_each_time_and_fatal() -> None:
    said: tuple[dict[Role, str], ...] = ({"customer": "催"}, {"agent": "好"}, {"customer": "催一催"})
    assert hits(rule("a: {role: customer, keyword: {words: [催]}}"), *said) == [(1,)]
    assert hits(rule("a: {role: customer, keyword: {words: [催]}}", ", each: true"), *said) == [(1,), (3, 3)]
    [fatal] = read_rubric(rule("a: {keyword: {words: [滚]}}", ", fatal: true, score: -5"), "r")[0]
    assert score(Engine([fatal]).inspect(told(({"agent": "滚"},)))) == 0


def test_a_model_says_so_and_the_mood_turns() -> None:
    rules, problems = read_rubric(
        rule("a: {role: customer, mark: {model: mood, one_of: [negative], confidence: 0.6, turned: true}}"), "r"
    )
    assert not problems

    def turned(*marks: tuple[str, float]) -> bool:
        turns = tuple(Turn("customer", "x", None, (Mark("mood", label, sure),)) for label, sure in marks)
        return bool(Engine(rules).inspect(Conversation("c", turns)))

    assert turned(("neutral", 0.9), ("negative", 0.9))
    assert not turned(("negative", 0.9), ("negative", 0.9))
    assert not turned(("neutral", 0.9), ("negative", 0.5))


def test_required_rules_go_first_whatever_their_order() -> None:
    rubric = """rules:
  - {id: b, requires: [a], when: {x: {keyword: {words: [抱歉]}}}}
  - {id: a, when: {x: {keyword: {words: [投诉]}}}}
"""
    assert hits(rubric, {"agent": "抱歉"}) == []
    assert hits(rubric, {"agent": "抱歉"}, {"customer": "投诉"}) == [(2,), (1,)]
    circle = rubric.replace("id: a,", "id: a, requires: [b],")
    assert {(one.line, one.field) for one in read_rubric(circle, "r")[1]} == {(2, "requires"), (3, "requires")}


def test_only_in_some_conversations_and_on_some_days() -> None:
    only = rule(
        "a: {keyword: {words: [x]}}", ", only: {channel: [web]}, effective: {since: 2026-11-01, until: 2026-11-30}"
    )
    assert hits(only, {"agent": "x"}, channel="web", date="2026-11-30")
    assert not hits(only, {"agent": "x"}, channel="web", date="2026-12-01")
    bot = rule("a: {keyword: {words: [x]}}", ", only: {agent: [bot], group: [vip, sales]}")
    assert hits(bot, {"bot": "x"}, agent="bot", group="sales")
    assert not hits(bot, {"bot": "x"}, agent="a1", group="sales")
    assert hits(only, {"agent": "x"}, channel="web", date="2026-11-02T09:00")
    assert not hits(only, {"agent": "x"}, channel="web", date="2026-10-31")
    assert not hits(only, {"agent": "x"}, channel="mail", date="2026-11-02")


def test_the_known_answer_is_missing_or_contradicted() -> None:
    known = "rules: [{id: r, knowledge: {asked: [几天可以退货], answer: [七天无理由退货], contrary: [不能退货], %s}}]"
    asked: dict[Role, str] = {"customer": "请问几天可以退货"}
    assert hits(known % "hit: missing", asked, {"agent": "不知道"}) == [(1,)]
    assert not hits(known % "hit: missing", asked, {"agent": "支持七天无理由退货"})
    assert hits(known % "hit: contradicted", asked, {"agent": "我们不能退货"}) == [(1, 2)]


def test_steps_in_order_and_in_time() -> None:
    steps = """rules:
  - id: r
    process:
      seconds: 60
      steps:
        - {role: customer, keyword: {words: [改地址]}}
        - {role: agent, keyword: {words: [核实]}}
        - {role: agent, keyword: {words: [已修改]}}
"""
    good: tuple[dict[Role, str], ...] = ({"customer": "改地址"}, {"agent": "先核实"}, {"agent": "已修改"})
    assert not hits(steps, *good, at=(0.0, 10.0, 20.0))
    assert hits(steps, *good, at=(0.0, 10.0, 200.0)) == [(1,)]
    assert hits(steps, good[0], good[2], good[1], at=(0.0, 10.0, 20.0)) == [(1,)]


def test_patterns_of_tokens_and_entities() -> None:
    pattern = rule("a: {tokens: [[{LOWER: {IN: [退款, refund]}}, {OP: '?'}, {ENT_TYPE: amount, OP: '+'}]]}")
    [rule_read] = read_rubric(pattern, "r")[0]
    [hit] = Engine([rule_read]).inspect(told(({"agent": "我给您退款 50 元吧"},)))
    assert [place.quote for place in hit.places] == ["退款 50 元"]
    assert not hits(pattern, {"agent": "退款进度"})
    assert hits(pattern, {"agent": "a REFUND of $20"})


@pytest.mark.parametrize(
    ("wrong", "reason"), [("{LOWER: {REGEX: '(a+)+b'}}", "exponential"), ("{NOPE: x}", "no pattern")]
)
def test_a_pattern_of_tokens_that_is_none_is_refused(wrong: str, reason: str) -> None:
    [problem] = read_rubric(rule(f"a: {{tokens: [[{wrong}]]}}"), "r")[1]
    assert reason in problem.reason
    assert problem.field == "when.a"


def test_conversations_in_a_file_know_their_day(tmp_path: Path) -> None:
    file = tmp_path / "c.jsonl"
    rows = [{"date": "2026-11-01"}, {}, {"date": "soon"}]
    turns = [{"role": "agent", "text": "x", "at": "2026-11-03T10:00:00+00:00"}]
    file.write_text("\n".join(json.dumps({"turns": turns, **row}) for row in rows))
    first, second, third = read_conversations(file)
    assert isinstance(first, Conversation)
    assert isinstance(second, Conversation)
    assert (first.attributes["date"], second.attributes["date"]) == ("2026-11-01", "2026-11-03")
    assert isinstance(third, Problem)
    assert (third.line, third.reason) == (3, "date is no ISO date")


def spoken(when: str, *turns: tuple[Role, float, float | None, str]) -> list[tuple[int, ...]]:
    """The turns of each hit, of turns with begin and end."""
    rules, problems = read_rubric(rule(when), "r.yml")
    assert not problems, problems
    said = tuple(Turn(role, text, at, until=until) for role, at, until, text in turns)
    return [tuple(place.turn for place in hit.places) for hit in Engine(rules).inspect(Conversation("c", said))]


def test_silence_is_since_the_last_who_spoke_was_done() -> None:
    silence = "a: {silence: {more_than: 5}}"
    assert not spoken(silence, ("agent", 0, 10, "…"), ("customer", 14, 15, "…"))
    assert spoken(silence, ("agent", 0, 10, "…"), ("agent", 16, 18, "…")) == [(2,)]
    assert spoken(silence, ("agent", 0, None, "…"), ("customer", 9, None, "…")) == [(2,)]


def test_speech_is_too_fast_or_too_slow() -> None:
    fast = "a: {role: agent, rate: {more_than: 300}}"
    assert spoken(fast, ("agent", 0, 2, "您好这里是客服中心请讲")) == [(1,)]
    assert not spoken(fast, ("agent", 0, 4, "您好这里是客服中心请讲"), ("agent", 5, 5.1, "好的"))
    assert not spoken(fast, ("agent", 0, None, "您好这里是客服中心请讲"))


def test_an_interruption_is_of_the_other_side() -> None:
    cut = "a: {role: agent, interruption: {more_than: 0.5}}"
    assert spoken(cut, ("customer", 0, 10, "我想问"), ("agent", 9, 11, "听我说")) == [(2,)]
    assert not spoken(cut, ("customer", 0, 10, "我想问"), ("agent", 9.8, 11, "请讲"))
    assert not spoken(cut, ("bot", 0, 10, "您好"), ("agent", 5, 11, "您好"))
