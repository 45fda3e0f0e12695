"""`kefu eval` with what cannot be used: said with file and line, and the exit code of a wrong option."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.commands.evaluate import evaluation

CASE = "- dialogue: a\n  turns: [{user: hi}]\n"


@pytest.mark.parametrize(
    ("command", "name", "content", "told"),
    [
        ("dialogue --cases FILE", "a.yml", b"- dialogue: a\n- dialogue: b\n", "a.yml:1: turns: Field required"),
        ("dialogue --cases FILE", "a.jsonl.gz", b"no gzip", "a.jsonl.gz: not a whole gzip file"),
        ("dialogue --cases FILE --model /nowhere.tar.gz", "a.yml", CASE.encode(), "there is no model at /nowhere"),
        ("dialogue --cases FILE --shop FILE", "a.yml", CASE.encode(), "a.yml: this is not JSON"),
        ("nlu --cross-validate --picture /nowhere/a.png --train FILE", "a.jsonl", b"{}", "nothing can be written in"),
        ("nlu --test FILE", "", b"", "is a"),
        ("nlu --test FILE", "a.jsonl", b"{}\n", "a.jsonl:1: text:"),
        (
            "nlu --cross-validate --train FILE",
            "a.jsonl",
            b'{"text":"a","intent":"b"}\n' * 9,
            "a.jsonl: a classifier needs",
        ),
    ],
)
def test_what_cannot_be_used_is_named(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], command: str, name: str, content: bytes, told: str
) -> None:
    file = tmp_path / name
    if name:
        file.write_bytes(content)
    done = CliRunner().invoke(evaluation, command.replace("FILE", str(file)).split(), terminal_width=400)
    assert (done.exit_code, type(done.exception)) == (2, SystemExit)
    assert told in " ".join([done.output, capfd.readouterr().err])


@pytest.mark.parametrize(
    ("docs", "queries", "told"),
    [
        ("", '{"text":"a","doc_id":"1"}', "docs.jsonl: there is no document in it"),
        ('{"doc_id":"1","text":"a"}\n{"doc_id":1,"text":"b"}', "", "docs.jsonl:2: doc_id: 1 stands there twice"),
        ('{"doc_id":"1","text":"a"}', "", "queries.jsonl: there is no question in it"),
        (
            '{"doc_id":"1","text":"a"}',
            '{"text":"a","doc_id":["1","9"]}',
            "queries.jsonl:1: doc_id: there is no document 9",
        ),
        (
            '{"doc_id":"1","text":"a"}',
            '{"text":"a","doc_id":[]}',
            "queries.jsonl:1: text and doc_id, or a list of them",
        ),
    ],
)
def test_what_search_cannot_be_measured_on_is_named(tmp_path: Path, docs: str, queries: str, told: str) -> None:
    for name, content in (("docs.jsonl", docs), ("queries.jsonl", queries)):
        (tmp_path / name).write_text(content)
    command = f"search --docs {tmp_path}/docs.jsonl --queries {tmp_path}/queries.jsonl"
    done = CliRunner().invoke(evaluation, command.split(), terminal_width=400)
    assert (done.exit_code, type(done.exception)) == (1, SystemExit)
    assert told in done.output


def test_facts_of_an_empty_file_are_not_measured(tmp_path: Path) -> None:
    (tmp_path / "truth.jsonl").touch()
    done = CliRunner().invoke(evaluation, ["extract", "--truth", str(tmp_path / "truth.jsonl")], terminal_width=400)
    assert (done.exit_code, type(done.exception)) == (1, SystemExit)
    assert "there is no question in it" in done.output
