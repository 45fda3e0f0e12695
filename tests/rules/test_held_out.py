"""What the bot is measured by is not what it was trained on."""

import json

import pytest

from app.config import ROOT
from bot.adapters.files import read_files
from bot.rules.cases import read_cases
from bot.rules.corpus import read_corpus, same


def test_no_measured_sentence_is_trained_on() -> None:
    corpus, problems = read_corpus(read_files(ROOT / "data/training"))
    assert problems == []
    trained = {same(example.text) for example in corpus.examples}
    lines = (ROOT / "data/evaluation/intents.jsonl").read_text("utf-8").splitlines()
    measured = [json.loads(line) for line in lines]
    assert not trained & {same(one["text"]) for one in measured}
    assert {one["intent"] for one in measured} == set(corpus.intents)


@pytest.mark.parametrize("name", ["dialogues", "dialogues_fresh"])
def test_the_cases_are_sound(name: str) -> None:
    cases, problems = read_cases(read_files(ROOT / f"data/evaluation/{name}.yml"))
    assert problems == []
    assert {case.language for case in cases} == {"zh", "en"}
    corpus, _ = read_corpus(read_files(ROOT / "data/training"))
    trained = {same(example.text) for example in corpus.examples}
    # A few openings, such as 申请退款, are what anybody would say; the rest was seen by nobody.
    assert len(trained & {same(case.turns[0].user) for case in cases}) <= len(cases) // 10
