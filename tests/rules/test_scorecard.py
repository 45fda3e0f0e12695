"""The demo shop's scorecard, and what scoring promises."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality_check.rules.document import read_rubric
from quality_check.rules.scorecard import Scorecard, read_scorecard
from quality_check.rules.scoring import Known, Result, fill
from quality_check.rules.view import Hit, Place, Reading

DATA = Path(__file__).parents[2] / "data" / "rubrics"
RULES = {rule.id: rule for rule in read_rubric((DATA / "shop.yml").read_text("utf-8"), "shop.yml")[0]}
SERVICE, PROBLEMS = read_scorecard((DATA / "scorecards" / "service.yml").read_text("utf-8"), "service.yml", set(RULES))


def card(text: str) -> Scorecard:
    made, problems = read_scorecard(text, "card.yml")
    assert made, problems
    return made


def hit(rule: str, score: float = 0, fatal: bool = False, turn: int = 1) -> Hit:
    return Hit(rule, score, fatal, (Place(turn, 0, 2, "您好"),))


def answers(result: Result) -> dict[str, str | None]:
    return {answer.question: answer.choice for section in result.sections for answer in section.answers}


SMALL = card("""
id: small
bands: [{id: low, at_least: 0}, {id: high, at_least: 80}]
sections:
  - {id: a, weight: 3, questions: [{id: polite, rules: {rules: [rude]}}, {id: solved, weight: 3}]}
  - id: b
    questions:
      - {id: mood, model: {model: mood, labels: {positive: met, negative: missed}, confidence: 0.6}}
      - {id: why, when: {question: solved, one_of: [missed]}}
""")


def test_the_shop_card_reads_and_a_clean_conversation_is_excellent() -> None:
    assert not PROBLEMS, PROBLEMS
    assert SERVICE
    result = fill(SERVICE, Known())
    assert (result.score, result.band, result.open) == (100.0, "excellent", ("solved", "left_satisfied"))


def test_weights_of_questions_and_sections() -> None:
    known = Known((hit("rude"),), (Reading("mood", "positive", 0.9),))
    assert fill(SMALL, known, {"solved": "met"}).score == 81.25  # (3·(0·1+1·3)/4 + 1·1) / 4
    assert fill(SMALL, known).score == 25.0  # solved is open: polite alone stands for its section


def test_what_does_not_apply_is_left_out_and_a_condition_opens_a_question() -> None:
    sure = (Reading("mood", "positive", 0.9),)
    assert fill(SMALL, Known(readings=sure), {"solved": "na"}).score == 100.0
    assert "why" not in fill(SMALL, Known(readings=sure), {"solved": "met"}).open
    assert "why" in fill(SMALL, Known(readings=sure), {"solved": "missed"}).open


def test_an_unsure_model_asks_a_person_and_the_person_counts() -> None:
    known = Known(readings=(Reading("mood", "negative", 0.4),))
    assert "mood" in fill(SMALL, known).open
    [told] = [a for s in fill(SMALL, known, {"mood": "met"}).sections for a in s.answers if a.question == "mood"]
    assert (told.choice, told.machine, told.source, told.confidence) == ("met", "missed", "person", 0.4)


def test_automatic_fail_of_card_and_section_and_a_person_overrules() -> None:
    assert SERVICE
    rude = fill(SERVICE, Known((hit("rude_word", -20),)))
    assert (rude.score, rude.failed, rude.band) == (0.0, ("no_abuse",), "improve")
    assert fill(SERVICE, Known((hit("rude_word", -20),)), {"no_abuse": "clean"}).score == 100.0
    assert fill(SERVICE, Known((hit("off_platform", -15),))).score == 80.0
    fatal = Known((hit("rude", fatal=True),))
    assert fill(SMALL, fatal).failed == ("rude",)
    assert fill(SMALL, fatal, {"polite": "met"}).failed == ()


def test_points_are_taken_off_hit_by_hit() -> None:
    points = card("{id: p, sections: [{id: a, questions: [{id: q, rules: {rules: [r, s], points: 20}}]}]}")
    assert fill(points, Known((hit("r", -5), hit("s", -10, turn=2)))).score == 25.0
    assert fill(points, Known((hit("r", -50),))).score == 0.0


def test_slips_are_named_with_line_and_field() -> None:
    text = """id: c
sections:
  - id: a
    questions:
      - {id: q, rules: {rules: [nothing]}}
      - {id: r, weight: -1}
"""
    assert [(p.line, p.field) for p in read_scorecard(text, "c")[1]] == [(6, "sections.0.questions.1.weight")]
    fixed = text.replace("-1", "1")
    assert [(p.line, p.reason) for p in read_scorecard(fixed, "c", {"other"})[1]] == [(5, "no rule is called nothing")]
    assert read_scorecard("", "c")[1][0].line == 1


@pytest.mark.parametrize("given", [{"nobody": "met"}, {"solved": "perhaps"}])
def test_answers_that_do_not_exist_are_refused(given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"no (question|choice)"):
        fill(SMALL, Known(), given)


HITS = st.lists(
    st.builds(hit, st.sampled_from(sorted(RULES)), st.floats(-30, 5), st.booleans(), st.integers(1, 30)), max_size=12
)


@given(HITS, st.randoms())
def test_the_order_of_arrival_changes_nothing(hits: list[Hit], chance: random.Random) -> None:
    assert SERVICE
    shuffled = list(hits)
    chance.shuffle(shuffled)
    one, other = fill(SERVICE, Known(tuple(hits))), fill(SERVICE, Known(tuple(shuffled)))
    assert one == other
    assert one.score is not None
    assert 0 <= one.score <= 100
