"""What people's work rests on: agreement beyond chance, samples, rules edited one by one."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdfium2 import PdfDocument

from quality_check.adapters.print import printed
from quality_check.rules.agreement import complete, kappa, observed, spread
from quality_check.rules.blocks import alone, blocks, drop, failed, lines, put
from quality_check.rules.document import read_rubric
from quality_check.rules.drafts import wrong_with_card, wrong_with_rubric
from quality_check.rules.judging import BadVerdict, Line, Verdict, judge, judged, without
from quality_check.rules.proposing import drafted, propose
from quality_check.rules.sampling import Candidate, falls_on, risk, sample, share_out
from quality_check.rules.scorecard import read_scorecard


def rows(*counts: tuple[tuple[str, str], int]) -> list[list[str]]:
    return [list(pair) for pair, count in counts for _ in range(count)]


def test_two_reviewers_are_measured_by_cohens_kappa() -> None:
    said = rows((("y", "y"), 20), (("y", "n"), 5), (("n", "y"), 10), (("n", "n"), 15))
    assert observed(said) == pytest.approx(0.7)
    assert kappa(said) == pytest.approx(0.4)


def test_more_are_measured_by_fleiss_kappa() -> None:
    """The table of ten subjects and fourteen raters that his measure is commonly shown with."""
    table = (
        *("0 0 0 0 14", "0 2 6 4 2", "0 0 3 5 6", "0 3 9 2 0", "2 2 8 1 1"),
        *("7 7 0 0 0", "3 2 6 3 0", "2 5 3 2 2", "6 5 2 1 0", "0 2 2 3 7"),
    )
    said = [[str(n) for n, count in enumerate(map(int, row.split())) for _ in range(count)] for row in table]
    assert kappa(said) == pytest.approx(0.210, abs=0.0005)


CATEGORIES = st.sampled_from("abc")


@given(st.lists(st.lists(CATEGORIES, min_size=3, max_size=3), min_size=1, max_size=12), st.randoms())
def test_agreement_knows_no_order_and_is_full_only_when_all_agree(said: list[list[str]], chance: object) -> None:
    mixed = [list(row) for row in reversed(said)]
    measured, again = kappa(said), kappa(mixed)
    assert (measured is None) == (again is None)
    if measured is not None:
        assert measured == pytest.approx(again)
        assert measured <= 1
        assert (measured == pytest.approx(1)) == all(len(set(row)) == 1 for row in said)


def test_only_what_all_judged_is_compared_and_distance_is_in_points() -> None:
    said = {"one": {"ann": "x", "bo": "x"}, "two": {"ann": "x"}}
    assert complete(said, ["ann", "bo"]) == [["x", "x"]]
    assert kappa(complete(said, ["ann", "bo"])) is None
    assert kappa([]) is None
    scores = {"c": {"ann": 80.0, "bo": 60.0}, "d": {"ann": 50.0, "bo": 50.0}}
    assert spread(scores) == {"ann": 5.0, "bo": 5.0}
    assert spread(scores, expert="ann") == {"bo": 10.0}


CANDIDATES = st.lists(
    st.builds(Candidate, st.uuids().map(str), st.sampled_from(["a1", "a2", "a3"]), st.floats(1, 300)),
    max_size=30,
    unique_by=lambda one: one.inspection,
)


@given(CANDIDATES, st.sampled_from(["random", "per_agent", "risk"]), st.integers(1, 5), st.text(max_size=5))
def test_a_sample_is_of_the_pool_as_many_as_asked_and_the_same_for_a_seed(
    pool: list[Candidate], how: str, count: int, seed: str
) -> None:
    drawn = sample(pool, how, count, seed)  # type: ignore[arg-type]
    assert set(drawn) <= set(pool)
    assert len(set(drawn)) == len(drawn)
    assert {one.inspection for one in drawn} == {one.inspection for one in sample(reversed(pool), how, count, seed)}  # type: ignore[arg-type]
    if how == "per_agent":
        here, got = Counter(one.subject for one in pool), Counter(one.subject for one in drawn)
        assert got == {agent: min(count, some) for agent, some in here.items()}
    else:
        assert len(drawn) == min(count, len(pool))


def test_risk_is_drawn_more_often_and_shares_are_kept() -> None:
    grave = risk(0.0, True, 2, 1)
    assert grave > risk(100.0, False, 0, None) == 1.0
    pool = [Candidate(f"i{n}", "a", grave if n < 5 else 1.0) for n in range(50)]
    drawn = Counter(
        sample(pool, "risk", 1, str(seed))[0].inspection in {f"i{n}" for n in range(5)} for seed in range(300)
    )
    assert drawn[True] > 270
    fell = sum(falls_on(0.3, "plan", str(n)) for n in range(2000))
    assert 500 < fell < 700
    load = {"ann": 2, "bo": 0}
    assert share_out(3, load) == ["bo", "bo", "ann"]
    assert share_out(1, {"ann": 0, "bo": 9}, barred=("ann",)) == ["bo"]


TEXT = """# ours
rules:
  # about manners
  - id: rude
    score: -20
    fatal: true
    when: {said: {role: staff, keyword: {words: [idiot]}}}
    hits: [[{agent: idiot}]]

  # about farewells
  - id: bye
    score: -5
    hit: not bye
    when:
      bye: {role: agent, keyword: {words: [bye]}}
"""


def test_a_rule_is_edited_and_the_rest_stays_as_it_was_written() -> None:
    own = blocks(TEXT)
    assert (list(own), lines(TEXT)) == (["rude", "bye"], {"rude": 4, "bye": 11})
    assert all(put(TEXT, id, block) == TEXT for id, block in own.items())
    changed = put(TEXT, "rude", own["rude"].replace("-20", "-30"))
    assert changed == TEXT.replace("-20", "-30")
    added = put(TEXT, "late", own["bye"].replace("id: bye", "id: late"))
    assert [rule.id for rule in read_rubric(added, "r")[0]] == ["rude", "bye", "late"]
    gone = drop(TEXT, "rude")
    assert [rule.id for rule in read_rubric(gone, "r")[0]] == ["bye"]
    assert "# about farewells" in gone


def test_examples_are_run_and_a_cards_rules_must_be_there() -> None:
    assert wrong_with_rubric(TEXT) == []
    (wrong,) = wrong_with_rubric(TEXT.replace("agent: idiot", "agent: hello"))
    assert (wrong.line, wrong.field) == (4, "rude.hits[0]")
    card = "id: c\nsections: [{id: s, questions: [{id: q, rules: {rules: [nobody]}}]}]\n"
    assert "nobody" in str(wrong_with_card(card, TEXT)[0])


CARD, _ = read_scorecard(
    "id: c\nsections: [{id: s, questions: [{id: q, rules: {rules: [rude]}}, {id: p, rules: {rules: [bye]}}]}]\n", "c"
)
RULES = {rule.id: rule for rule in read_rubric(TEXT, "r")[0]}
LINES = (Line("rude", -20, True, "severe"), Line("bye", -5, False, "minor"))


def test_what_people_call_wrong_does_not_count_and_what_they_say_was_missed_does() -> None:
    assert judge(CARD, LINES, (), {}).fatal
    better = judged(LINES, Verdict({0: False}), RULES)
    assert (judge(CARD, better, (), {}).score, judge(None, better, (), {}).score) == (50.0, 95.0)
    worse = judged(LINES[1:], Verdict(missed=[("rude", ())]), RULES)
    assert judge(CARD, worse, (), {}).score == 0.0
    assert [line.found for line in judged(worse, Verdict(), RULES)] == [True]
    for verdict in (Verdict({7: True}), Verdict(missed=[("nobody", ())])):
        with pytest.raises(BadVerdict):
            judged(LINES, verdict, RULES)
    with pytest.raises(BadVerdict, match="maybe"):
        judge(CARD, LINES, (), {}, answers={"q": "maybe"})


def test_an_accepted_appeal_takes_the_lines_and_the_answers_about_them_away() -> None:
    lines = judged(LINES, Verdict({0: True, 1: True}, {"q": "no", "p": "no"}), RULES)
    verdict = without(lines, {"q": "no", "p": "no"}, (0,), CARD)
    assert (verdict.lines, verdict.answers) == ({0: False, 1: True}, {"p": "no"})


def test_a_rule_is_proposed_for_marked_messages_and_holds_its_examples() -> None:
    marked = [
        "这个我也没办法，你找厂家吧",
        "没有办法处理的，你自己去找厂家",
        "您得联系厂家，我们没有办法",
        "找厂家问问吧亲",
    ]
    others = ["您好，请问有什么可以帮您", "厂家已经发货，请您耐心等待", "我帮您联系快递", "没有问题的"] * 5
    words, pattern = propose(marked, others)
    assert (words.kind, words.found, words.wrong) == ("words", 4, 0)
    assert (pattern.kind, pattern.wrong) == ("pattern", 0)
    for one in (words, pattern):
        [rule] = read_rubric(alone(drafted(one, "推诿", "agent", marked, others[:4]), "{}"), "r")[0]
        assert (failed(rule), len(rule.hits), len(rule.misses)) == ([], one.found, 4)


@given(st.lists(st.text(max_size=20), max_size=6), st.lists(st.text(max_size=20), max_size=6))
def test_whatever_is_marked_proposals_tell_the_truth(marked: list[str], others: list[str]) -> None:
    for one in propose(marked, others):
        assert 0 < one.found <= len(marked)
        assert one.wrong <= len(others)
        [rule] = read_rubric(alone(drafted(one, "x", "agent", marked, others), "{}"), "r")[0]
        assert failed(rule) == []


def test_the_printed_report_names_the_days_of_its_line() -> None:
    columns = {"inspections": 2, "score": 80.0, "machine": 80.0, "fatal": 0, "reviewed": 0, "appealed": 0}
    told = {
        "total": columns,
        "rows": [{"key": f"2026-11-{day:02}", "score": 80.0 + day} for day in (1, 2, 3)],
        "distribution": [0] * 8 + [3, 0],
        "by_subject": [],
        "by_group": [],
        "rules": [],
        "rule_names": {},
        "appeals": {"accepted": 0, "partly": 0, "rejected": 0, "open": 0},
    }
    page = PdfDocument(printed(told, {}, "zh", datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 4, tzinfo=UTC)))[0]
    text = page.get_textpage().get_text_range()
    assert all(day in text for day in ("质检报告", "2026-11-02", "2026-11-03"))
