"""`kefu knowledge …` as it is typed."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.commands.knowledge import knowledge

TEXT = "# 售后\n\n## 换货\n\n因质量问题换货的，运费由商城承担。\n"


@pytest.fixture(autouse=True)
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEFU_VAR", str(tmp_path / "var"))


def test_half_a_gigabyte_is_refused_before_it_is_read_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, read = tmp_path / "documents", list[str]()
    folder.mkdir()
    (folder / "policy.md").write_text(TEXT, "utf-8")
    with (folder / "large.pdf").open("wb") as sparse:
        sparse.truncate(500 * 1024 * 1024)
    whole = Path.read_bytes

    def noted(path: Path) -> bytes:
        read.append(path.name)
        return whole(path)

    monkeypatch.setattr(Path, "read_bytes", noted)

    taken = CliRunner().invoke(knowledge, ["import", str(folder)])
    assert taken.exit_code == 1
    assert "large.pdf: the file is larger than 50 MB" in taken.output
    assert "1 new, 1 refused" in taken.output
    assert "policy.md" in read
    assert "large.pdf" not in read

    nowhere = CliRunner().invoke(knowledge, ["propose", "--folder", "nowhere"])
    assert (nowhere.exit_code, nowhere.output) == (1, "there is no published document in nowhere\n")
    proposed = CliRunner().invoke(knowledge, ["propose"])
    assert proposed.exit_code == 0
    assert "质量问题换货" in proposed.output
