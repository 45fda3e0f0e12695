"""The figures of `kefu eval nlu` and the reading of examples."""

import gzip
import json

import pytest

from kefu_engine.evaluation.examples import OOS, Example, Unreadable, contradictions, read
from kefu_engine.evaluation.metrics import auroc, calibration_error, detection, macro_f1
from kefu_engine.evaluation.nlu import cross_validate, evaluate, figures
from kefu_engine.evaluation.pipelines import Parse
from kefu_engine.evaluation.run import examples_of
from kefu_engine.evaluation.slips import slipped


def test_plain_and_gzipped_lines_read_the_same(tmp_path):
    lines = "\n".join(
        json.dumps(row) for row in ({"text": "退款", "intent": "refund"}, {"text": "hi", "intent": "a/b"})
    )
    (tmp_path / "a.jsonl").write_text(lines, "utf-8")
    with gzip.open(tmp_path / "a.jsonl.gz", "wt", encoding="utf-8") as out:
        out.write(lines)
    assert (
        read(tmp_path / "a.jsonl") == read(tmp_path / "a.jsonl.gz") == [Example("退款", "refund"), Example("hi", "a/b")]
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"text": "a", "intent": "b"}\nnot json\n', "a.jsonl:2: not JSON"),
        (b'{"text": "a", "intent": "b"}\n\n{"text": " ", "intent": "b"}\n', "a.jsonl:3: text"),
        (b'{"text": "a"}\n', "a.jsonl:1: intent"),
        (b'["a", "b"]\n', "a.jsonl:1: a line is an object"),
        (b"\xff\xfe{}\n", "a.jsonl:1: not UTF-8"),
        (b"\n", "a.jsonl: no examples"),
        (b"[" * 100_000, "a.jsonl:1: JSON that no example looks like"),
        (b'{"text": "a", "intent": ' + b"9" * 6000 + b"}", "a.jsonl:1: JSON that no example looks like"),
        (b'{"text": ["a"], "intent": "b"}\n', "a.jsonl:1: text"),
    ],
)
def test_a_bad_line_is_named(tmp_path, content, told):
    (tmp_path / "a.jsonl").write_bytes(content)
    with pytest.raises(Unreadable) as caught:
        read(tmp_path / "a.jsonl")
    assert told in str(caught.value)


def test_labels_may_be_numbers_and_half_a_character_is_replaced(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(
        b'\xef\xbb\xbf{"text": "a", "intent": 0}\r\n\r\n{"text": "b \\ud800", "intent": "x"}'
    )
    assert read(tmp_path / "a.jsonl") == [Example("a", "0"), Example("b ?", "x")]


def test_a_broken_gzip_and_a_missing_file_are_named(tmp_path):
    (tmp_path / "a.jsonl.gz").write_bytes(b"no gzip")
    with pytest.raises(Unreadable, match="not a whole gzip"):
        read(tmp_path / "a.jsonl.gz")
    whole = gzip.compress(b'{"text": "a", "intent": "b"}\n' * 500)
    (tmp_path / "a.jsonl.gz").write_bytes(whole[:30] + b"\xff" * 30 + whole[60:])
    with pytest.raises(Unreadable, match="not a whole gzip"):
        read(tmp_path / "a.jsonl.gz")
    with pytest.raises(Unreadable, match="No such file"):
        read(tmp_path / "b.jsonl")
    with pytest.raises(Unreadable, match="Is a directory"):
        read(tmp_path)


def test_no_more_of_a_text_is_read_than_a_message_has(tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "退款" * 10_000, "intent": "a"}), "utf-8")
    assert read(tmp_path / "a.jsonl") == [Example("退款" * 2000, "a")]


def test_a_folder_that_rasa_cannot_read_is_named(tmp_path):
    (tmp_path / "a.yml").write_text("nlu:\n- intent: [\n", "utf-8")
    with pytest.raises(Unreadable, match=f"{tmp_path}: Rasa cannot read"):
        examples_of(tmp_path)


def test_one_text_under_two_intents_is_found():
    assert contradictions([Example("a", "x"), Example("a ", "y"), Example("b", "x")]) == [("a", ["x", "y"])]


def test_auroc_counts_ties_half_and_needs_both_kinds():
    assert auroc([True, True, False, False], [0.9, 0.8, 0.2, 0.1]) == 1
    assert auroc([True, False], [0.5, 0.5]) == 0.5
    assert auroc([True, False, False], [0.5, 0.9, 0.1]) == 0.5
    assert auroc([True, True], [0.1, 0.2]) is None


def test_macro_f1_weighs_every_intent_the_same():
    assert macro_f1(["a", "a", "a", "b"], ["a", "a", "a", "a"]) == pytest.approx((6 / 7 + 0) / 2)


def test_confidence_that_keeps_its_word_has_no_calibration_error():
    assert calibration_error([0.75] * 4, [True, True, True, False]) == 0
    assert calibration_error([1.0] * 4, [True, True, False, False]) == 0.5


def test_detection_without_anything_said_is_zero():
    assert detection([True, False], [False, False]) == {"precision": 0, "recall": 0, "f1": 0}


def _parse(best, confidence, refused=False, language=None):
    return Parse(best, confidence, refused, language, (), 0.1, 0.1)


def test_refusing_counts_where_something_is_out_of_scope_and_only_there():
    test = [Example("1", "a"), Example("2", "b")]
    parses = [_parse("a", 0.9), _parse("b", 0.2, refused=True)]
    closed = figures(test, parses, {"a", "b"})
    assert closed["accuracy"] == 1
    assert closed["in_scope_refused"] == 0.5
    assert "oos_auroc" not in closed
    opened = figures([*test, Example("3", OOS)], [*parses, _parse("a", 0.1, refused=True)], {"a", "b"})
    assert opened["accuracy"] == pytest.approx(2 / 3)
    assert opened["in_scope_accuracy"] == 1
    assert (opened["oos_auroc"], opened["oos_recall"], opened["oos_precision"]) == (1, 1, 0.5)


def test_unknown_intents_and_languages_are_counted():
    test = [Example("1", "a", "en"), Example("2", "new", "zh")]
    told = figures(test, [_parse("a", 0.9, language="en"), _parse("a", 0.4, language="en")], {"a"})
    assert told["test_examples_of_unknown_intents"] == 1
    assert told["language_accuracy"] == 0.5
    assert told["confusions"] == [{"intent": "new", "taken_for": "a", "times": 1}]


THINGS = {
    "fruit/eat": ["apple", "pear", "plum", "peach"],
    "tool": ["hammer", "saw", "drill", "wrench"],
    OOS: ["moon", "sun", "star", "sky"],
}


def test_the_whole_way_through_rasa():
    training = [
        Example(f"{verb} the {word}", intent)
        for intent, words in THINGS.items()
        for word in words
        for verb in ("see", "buy")
    ]
    test = [Example("get the pears", "fruit/eat"), Example("where is the hammer", "tool"), Example("the moon", OOS)]
    report, right, said = evaluate(training, test, test, "kefu", 1)
    assert (report["in_scope_accuracy"], report["oos_auroc"]) == (1, 1)
    assert right == ["fruit/eat", "tool", OOS]
    assert said[2] == OOS
    assert report["train_seconds"] > 0
    assert report["parse_cpu_p50_ms"] > 0
    assert 0 <= report["at_valid_threshold"]["accuracy"] <= 1
    crossed, right, _ = cross_validate(training, 2, "kefu", 1)
    assert len(crossed["accuracy_of_folds"]) == 2
    assert len(right) == len(training)


def test_a_few_examples_are_enough_and_no_text_is_a_payload():
    training = [Example("close my account", "close"), Example("play music", "music"), Example("/fly me", "fly")]
    report, _, said = evaluate(training, [Example("/fly me", "fly"), Example("music", "music")], None, "kefu", 1)
    assert report["accuracy"] == 1
    assert said == ["fly", "music"]


def test_what_cannot_be_trained_is_said():
    with pytest.raises(Unreadable, match="two intents"):
        evaluate([Example("a", "x"), Example("b", OOS)], [Example("a", "x")], None, "kefu", 1)
    with pytest.raises(Unreadable, match="3 examples are too few for 5 folds"):
        cross_validate([Example(text, text) for text in "abc"], 5, "kefu", 1)


def test_every_message_gets_one_slip_and_always_the_same():
    said = [Example(text, "a") for text in ("查订单", "where is my order", "ok", "123", "刷")]
    wrong = slipped(said)
    assert wrong == slipped(said)
    assert (
        next(
            len(a.text) == len(b.text) and sum(x != y for x, y in zip(a.text, b.text, strict=True))
            for a, b in zip(said, wrong, strict=True)
        )
        == 1
    )
    assert wrong[1].text != said[1].text
    assert [e.text for e in wrong[2:4]] == ["ok", "123"]
