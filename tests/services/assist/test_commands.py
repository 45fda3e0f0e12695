"""`kefu eval …` on files of one's own."""

import gzip
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from agent_assist.adapters.files import read_cases, read_dialogues
from app.commands.assist import eval_assist, eval_summary
from language.lines import BadLine

TOPICS = {
    "zh": {
        "发票": "电子发票已经发到您的邮箱",
        "退款": "退款会在三天内原路返回",
        "快递": "包裹今天由顺丰发出",
        "尺码": "建议您选大一码",
        "密码": "请点忘记密码重新设置",
    },
    "en": {
        "invoice": "The invoice was sent to your mailbox",
        "refund": "We return the money within three days",
        "parcel": "Your parcel left the warehouse today",
        "size": "Take one size larger",
        "password": "Please choose forgotten password",
    },
}
RATES = {"recall@1", "recall@5", "recall@10", "mrr"}
TIMES = {"p50_ms", "p99_ms", "p50_cpu_ms", "p99_cpu_ms"}


def files(folder: Path, language: str, labelled: bool) -> list[str]:
    """Thirty dialogues to learn from and fifteen to ask about: (ABCD-like) turns with actions, or (JDDC-like) pairs."""
    found = []
    for name, start, many in (("train", 0, 30), ("test", 30, 15)):
        rows = [_labelled(n, language) if labelled else _pairs(n, language) for n in range(start, start + many)]
        file = folder / f"{name}.jsonl"
        file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
        found += [f"--{name}", str(file)]
    return found


def _labelled(number: int, language: str) -> dict[str, object]:
    turns: list[dict[str, str]] = []
    for step, (topic, answer) in enumerate(_topics(number, language)):
        turns.append({"speaker": "customer", "text": f"{topic} {number}?"})
        turns.append({"speaker": "agent", "text": f"{answer} {number}"})
        turns.append({"speaker": "action", "text": "", "action": ("look-up", "send", "note")[step]})
    return {"id": f"d{number}", "turns": [*turns, {"speaker": "customer", "text": "thanks"}]}


def _pairs(number: int, language: str) -> dict[str, object]:
    turns = [{"user": f"{topic}呢", "agent": f"{answer} {number}"} for topic, answer in _topics(number, language)]
    return {"id": f"d{number}", "turns": [*turns[:1], {"user": "谢谢", "agent": ""}, *turns[1:]]}


def _topics(number: int, language: str) -> list[tuple[str, str]]:
    known = list(TOPICS[language].items())
    return [known[(number + step) % len(known)] for step in range(3)]


def app() -> typer.Typer:
    made = typer.Typer()
    made.command("assist")(eval_assist)
    made.command("summary")(eval_summary)
    return made


@pytest.mark.parametrize(("language", "labelled"), [("en", True), ("zh", False)])
def test_every_figure_is_told_and_next_actions_only_where_they_are_labelled(
    tmp_path: Path, language: str, labelled: bool
) -> None:
    run = CliRunner().invoke(app(), ["assist", *files(tmp_path, language, labelled), "--json"])
    assert run.exit_code == 0, run.output
    told = json.loads(run.stdout)
    assert told["replies"].keys() >= RATES | {"asked", "bm25", "training_cpu_seconds"}
    assert told["replies"]["bm25"].keys() >= RATES
    assert told["suggestion"].keys() >= TIMES
    assert told["silence"].keys() >= {"precision", "recall", "auroc", "average_precision", "training_cpu_seconds"}
    assert ("next_action" in told) is labelled
    if labelled:
        assert told["next_action"].keys() >= TIMES | {"asked", "accuracy", "recall@3", "training_cpu_seconds"}


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    for args in (["summary", "--cases", empty], ["assist", "--train", empty, "--test", empty]):
        run = CliRunner().invoke(app(), [str(one) for one in args])
        assert run.exit_code == 2, run.output


@pytest.mark.parametrize("cut", [1, 60])
def test_what_is_no_gzip_is_refused_by_file_and_line(tmp_path: Path, cut: int) -> None:
    line = b'{"id": "a", "turns": [{"role": "customer", "text": "hello"}], "summary": "hello"}\n'
    broken = tmp_path / "b.jsonl.gz"
    broken.write_bytes(gzip.compress(line * 90)[:cut])
    for read in (read_dialogues, read_cases):
        with pytest.raises(BadLine, match=r"b\.jsonl\.gz:\d+: "):
            read(broken)
    for args in (["summary", "--cases", broken], ["assist", "--train", broken, "--test", broken]):
        assert CliRunner().invoke(app(), [str(one) for one in args]).exit_code == 2
