"""The small text models, on data of the test's own making."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from quality_check.adapters.labels import read_labels
from quality_check.adapters.models import ModelFolder, load_models, save_model
from quality_check.models.panel import Panel
from quality_check.models.tasks import TASKS, Example, rated
from quality_check.models.text import Unlearnable, count, from_bytes
from quality_check.models.training import train
from quality_check.rules.view import Turn

GOOD = ("谢谢，太好了", "解决了，很满意", "great, thank you", "速度真快，好评")
BAD = ("太慢了，气死我", "垃圾，再也不买", "this is terrible", "等了三天还没到")


def examples() -> list[Example]:
    said = [(text, "positive") for text in GOOD] + [(text, "negative") for text in BAD]
    return [Example(f"{text}{n}", label, f"{n % 7}") for n in range(12) for text, label in said]


MODEL = train(TASKS["mood"], examples())


def test_it_learns_and_says_how_sure_it_is() -> None:
    chances = MODEL.probabilities(count(["真是太慢了", "太好了谢谢您", ""]))
    assert np.allclose(chances.sum(axis=1), 1)
    assert [MODEL.labels[int(row.argmax())] for row in chances[:2]] == ["negative", "positive"]
    assert MODEL.held_out["accuracy"] > 0.9


def test_the_same_examples_make_the_same_model_and_a_file_keeps_it(tmp_path: Path) -> None:
    again = train(TASKS["mood"], examples())
    assert np.array_equal(again.weights, MODEL.weights)
    save_model(tmp_path, MODEL)
    [kept] = load_models(tmp_path).models
    texts = count(["太慢", "good"])
    assert np.array_equal(kept.probabilities(texts), MODEL.probabilities(texts))
    assert kept.held_out == MODEL.held_out


def test_one_message_gets_what_it_gets_among_many() -> None:
    texts = [one.text for one in examples()]
    alone = np.vstack([MODEL.probabilities(count([text])) for text in texts])
    assert np.allclose(alone, MODEL.probabilities(count(texts)))


@pytest.mark.parametrize("content", [b"", b"no model", gzip.compress(b"x", mtime=0)])
def test_a_file_that_is_no_model_is_refused(content: bytes) -> None:
    with pytest.raises(Unlearnable):
        from_bytes(content)


def test_too_few_examples_are_refused_with_what_is_there() -> None:
    with pytest.raises(Unlearnable, match="4 negative, 0 neutral, 4 positive"):
        train(TASKS["mood"], examples()[:8])


def test_a_panel_marks_those_it_reads_and_tells_of_the_end() -> None:
    turns = [Turn("customer", "等了三天，气死我"), Turn("agent", "太慢了"), *[Turn("customer", "谢谢，很满意")] * 3]
    panel = Panel([MODEL])
    marked = panel.mark(turns)
    assert [[mark.label for mark in turn.marks] for turn in marked] == [["negative"], [], *[["positive"]] * 3]
    [reading] = panel.read(turns)
    assert (reading.model, reading.label, [place.turn for place in reading.places]) == ("mood", "positive", [3, 4, 5])
    assert panel.read([Turn("agent", "您好")]) == ()
    assert Panel([]).mark(turns) == turns


def test_every_form_of_labels_is_read_and_slips_are_named(tmp_path: Path) -> None:
    rows = [
        {"text": "好", "label": "positive"},
        {"text": "差", "intent": "negative"},
        {"text": "多任务", "mood": "neutral", "complaint": True},
        {"turns": [{"user": "谢谢", "agent": "不客气", "sat": 2}, {"user": "嗯", "agent": ""}]},
        {"turns": [{"role": "USER", "text": "ok", "sat": [2, 3, 3]}, {"role": "SYSTEM", "text": "hi"}]},
        {"text": "?", "mood": "purple"},
        {"turns": "none"},
    ]
    file = tmp_path / "labels.jsonl.gz"
    file.write_bytes(gzip.compress("\n".join(json.dumps(row) for row in rows).encode() + b"\n{"))
    found, problems = read_labels([file], None)
    told = {name: [(one.text, one.label) for one in some] for name, some in found.items()}
    assert told["mood"] == [("好", "positive"), ("差", "negative"), ("多任务", "neutral")]
    assert told["complaint"] == [("多任务", "complaint")]
    assert told["satisfaction"] == [("谢谢", "satisfied"), ("ok", "dissatisfied")]
    assert [(problem.line, problem.field) for problem in problems] == [(7, ""), (8, ""), (6, "mood")]
    assert list(read_labels([file], TASKS["complaint"])[0]) == ["complaint"]


def test_numbers_are_places_or_points() -> None:
    assert [rated([2, 3, 3]), rated([3, 3, 3]), rated([3, 4])] == ["dissatisfied", "neutral", "satisfied"]


def test_a_house_that_runs_takes_up_new_models_and_keeps_the_old_beside_a_broken_file(tmp_path: Path) -> None:
    models = ModelFolder(tmp_path / "quality")
    assert models().models == ()
    save_model(tmp_path / "quality", MODEL)
    first = models()
    assert [one.task.name for one in first.models] == ["mood"]
    assert models() is first
    (tmp_path / "quality" / "mood.npz").write_bytes(b"half a file")
    assert models() is first
    save_model(tmp_path / "quality", train(TASKS["mood"], examples()[:40]))
    assert models().models[0].digest != first.models[0].digest
