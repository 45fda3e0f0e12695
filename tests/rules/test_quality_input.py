"""Bad input to quality inspection: each slip is named with file and line, and the rest goes on."""

import json
from pathlib import Path

import pytest

from app.commands.quality import eval_quality
from quality_check.adapters.files import read_conversations
from quality_check.rules.document import Rule, read_rubric
from quality_check.rules.engine import Engine
from quality_check.rules.scorecard import read_scorecard
from quality_check.rules.source import Problem
from quality_check.rules.view import Conversation, Turn

SHOP = Path(__file__).parents[2] / "data" / "rubrics" / "shop.yml"
RULES = read_rubric(SHOP.read_text("utf-8"), "shop.yml")[0]
GOOD = "  - {id: good, when: {a: {keyword: {words: [好]}}}}\n"
ARABIC = "أريد تقديم شكوى من المدير"


def told(body: str) -> tuple[list[str], list[str]]:
    """The ids of the good rules, and each slip as file:line: field."""
    rules, problems = read_rubric("rules:\n" + GOOD + body, "r.yml")
    return [rule.id for rule in rules], [f"{one.file}:{one.line}: {one.field}" for one in problems]


@pytest.mark.parametrize("pattern", [r"(?=x)a", r"(a)\\1", "(?<=x)a", "(", "a{1,100000}"])
def test_a_regular_expression_that_is_not_linear_is_refused(pattern: str) -> None:
    assert told(f'  - id: odd\n    when:\n      a: {{regex: {{match: "{pattern}"}}}}\n') == (
        ["good"],
        ["r.yml:5: when.a.regex"],
    )


def test_a_pattern_that_is_exponential_elsewhere_takes_linear_time_here() -> None:
    rules, problems = read_rubric('rules: [{id: r, when: {a: {regex: {match: "(a+)+$"}}}}]', "r.yml")
    assert not problems
    # Python's own re would need longer for this than the universe has been there.
    assert not Engine(rules).inspect(Conversation("c", (Turn("agent", "a" * 19_000 + "b"),)))


def test_anchors_in_a_circle_are_refused() -> None:
    body = """  - id: circle
    when:
      a: {after: {condition: b}, keyword: {words: [x]}}
      b: {before: {condition: a}, keyword: {words: [y]}}
"""
    assert told(body) == (["good"], ["r.yml:3: (whole)"])


def test_an_anchor_to_nothing_is_refused() -> None:
    body = "  - id: lost\n    when:\n      a: {after: {condition: z}, keyword: {words: [x]}}\n"
    assert told(body) == (["good"], ["r.yml:3: (whole)"])


def test_an_unknown_field_is_named_where_it_stands() -> None:
    body = "  - id: odd\n    when:\n      a:\n        keyword: {words: [x]}\n        colour: red\n"
    assert told(body) == (["good"], ["r.yml:7: when.a.colour"])


@pytest.mark.parametrize(
    "when",
    [
        'keyword: {words: ["  "]}',
        "keyword: {words: [{x: y}]}",
        "keyword: {words: [x], at_least: 2}",
        "keyword: {words: [x], at_least: 0}",
        "keyword: {lists: nope}",
        "keyword: {lists: [[x]]}",
        "turns: [5, 2], keyword: {words: [x]}",
        "seconds: [5, 2], keyword: {words: [x]}",
        "length: {more_than: 10, less_than: 5}",
        "attribute: {name: wait, more_than: 10, less_than: 5}",
    ],
)
def test_what_could_never_hit_is_refused_at_its_line(when: str) -> None:
    good, slips = told(f"  - id: odd\n    when:\n      a: {{{when}}}\n")
    assert (good, {slip.split(": ")[0] for slip in slips}) == (["good"], {"r.yml:5"})


def test_days_that_never_come_are_refused() -> None:
    body = "  - id: odd\n    effective: {since: 2026-12-01, until: 2026-11-01}\n    when: {a: {entity: phone}}\n"
    assert told(body) == (["good"], ["r.yml:4: effective"])


def test_a_problem_says_no_more_than_there_is() -> None:
    assert str(Problem("c.jsonl", 3, "", "no JSON")) == "c.jsonl:3: no JSON"
    [slip] = read_rubric("rules: [{id: a, colour: red, when: {a: {entity: phone}}}]", "r.yml")[1]
    assert str(slip) == "r.yml:1: colour: there is no such field"


@pytest.mark.parametrize("keyword", ["{lists: rude}", "{lists: {rude: x}, words: [好]}"])
def test_lists_that_are_no_list_are_named_so(keyword: str) -> None:
    text = f"lists: {{rude: [滚]}}\nrules:\n  - id: odd\n    when: {{a: {{keyword: {keyword}}}}}"
    reason = "r.yml:4: when.a.keyword.lists: this is a list of names, such as [name]"
    assert list(map(str, read_rubric(text, "r.yml")[1])) == [reason]


@pytest.mark.parametrize("text", ["", "rules: []", "rules:", "[]", "rules: {a: b}", "# nothing"])
def test_an_empty_rubric_is_named(text: str) -> None:
    rules, problems = read_rubric(text, "r.yml")
    assert (rules, [str(one).split(": ", 1)[0] for one in problems]) == ([], ["r.yml:1"])


def test_what_is_no_yaml_is_named_with_its_line() -> None:
    rules, [problem] = read_rubric("rules:\n  - id: a\n    when: [", "r.yml")
    assert (rules, problem.file, problem.line) == ([], "r.yml", 3)


def test_a_card_without_sections_is_named() -> None:
    assert [str(one)[:17] for one in read_scorecard("id: c\nsections: []", "c.yml")[1]] == ["c.yml:2: sections"]


def test_ten_thousand_turns_are_read_to_the_end() -> None:
    said = ["我要投诉" if number == 9_998 else f"第{number}句" for number in range(10_000)]
    turns = tuple(Turn("agent" if n % 2 else "customer", text, n * 5.0) for n, text in enumerate(said))
    found = Engine(RULES).inspect(Conversation("c", turns))
    assert 9_999 in {place.turn for hit in found if hit.rule == "customer_complaint" for place in hit.places}


def test_a_turn_of_a_hundred_kilobytes_is_read_as_far_as_the_limit() -> None:
    turns = (Turn("customer", "我要投诉" + "好" * 100_000), Turn("agent", "a" * 100_000))
    found = {hit.rule for hit in Engine(RULES).inspect(Conversation("c", turns))}
    assert "customer_complaint" in found


def test_right_to_left_and_emoji_keep_their_places() -> None:
    rule = Rule.model_validate({"id": "r", "when": {"a": {"keyword": {"words": ["شكوى", "👍🏽", "refund"]}}}})
    text = f"😀 {ARABIC} 👨‍👩‍👧 👍🏽 refund"
    [hit] = Engine([rule]).inspect(Conversation("c", (Turn("customer", text),)))
    assert [place.quote for place in hit.places] == ["شكوى", "👍🏽", "refund"]
    assert all(text[place.start : place.end] == place.quote for place in hit.places)
    assert isinstance(Engine(RULES).inspect(Conversation("c", (Turn("customer", text),))), list)


def test_lines_that_cannot_be_read_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "c.jsonl"
    lines = [
        '{"turns": [{"role": "agent", "text": "a"}]}',
        "{",
        '{"turns": [{"role": "ghost", "text": "a"}]}',
        '{"turns": [{"role": "agent", "text": 3}]}',
        '{"turns": [{"role": "agent", "text": "a", "at": 5, "until": 2}]}',
        '{"turns": [{"role": "agent", "text": "a", "at": 2, "until": 5}]}',
    ]
    lines.append(json.dumps({"turns": [{"role": "agent", "text": "好" * 100_000}]}))
    file.write_text("\n".join(lines), "utf-8")
    read = list(read_conversations(file))
    assert [one.line for one in read if isinstance(one, Problem)] == [2, 3, 4, 5, 7]
    assert [one.turns[0].until for one in read if not isinstance(one, Problem)] == [None, 5, None]


def test_labels_that_cannot_be_measured_are_named_with_their_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    turns = [{"role": "customer", "text": "好"}]
    rows = [{"turns": turns, "hits": ["good"]}, {"turns": turns}, {"turns": turns, "hits": ["goood"]}]
    labels, rubric = tmp_path / "l.jsonl", tmp_path / "r.yml"
    labels.write_text("\n".join(json.dumps({"id": "same", **row}) for row in rows), "utf-8")
    rubric.write_text("rules:\n" + GOOD, "utf-8")
    eval_quality(labels, rubric)
    told = capsys.readouterr()
    assert told.err.splitlines() == [
        f"{labels}:2: hits: a list of rule ids is missing",
        f"{labels}:3: hits: the rubric has no rule goood",
    ]
    assert told.out == "good\tprecision 0.5\trecall 1\tf1 0.6667\tsupport 1\n"
