"""`kefu eval extract` over several sets."""

import json
from pathlib import Path

from typer.testing import CliRunner

from app.commands.evaluate import evaluation


def test_sets_are_counted_together_and_each_is_a_library_by_itself(tmp_path: Path) -> None:
    truths = list[str]()
    for name, text in (("a", "Returning a parcel costs 5 euros."), ("b", "Parking is free for guests.")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "terms.txt").write_text(text)
        fact = {"document": "terms.txt", "question": "What does returning a parcel cost?", "answer": "5 euros"}
        (tmp_path / name / "truth.jsonl").write_text(json.dumps(fact))
        truths += ["--truth", str(tmp_path / name / "truth.jsonl")]
    told = json.loads(CliRunner().invoke(evaluation, ["extract", *truths, "--json"]).stdout)
    assert (told["facts"], told["right"], told["refused"]) == (2, 1, 1)
