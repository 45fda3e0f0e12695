"""A house that exists takes in rules of a file: its own stay, and nothing counts before it is activated."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.commands.quality import quality
from app.config import Settings
from app.wiring.ground import open_log
from quality_check.rules.blocks import blocks
from quality_check.store.editions import Editions

OWN = "rules:\n  # ours\n  - id: mine\n    score: -7\n    when: {a: {role: agent, keyword: {words: [稍等]}}}\n"
RULE = "  - id: {id}\n    when: {{a: {{role: agent, keyword: {{{words}}}}}}}\n"


@pytest.fixture
async def editions(tmp_path: Path, kefu_db: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Editions]:
    settings = Settings(var=tmp_path, database_url=kefu_db)
    monkeypatch.setattr("app.commands.quality_rules.Settings", lambda: settings)
    async with open_log(settings) as log:
        editions = Editions(log.transactions.engine)
        await editions.write("rubric", OWN, "", "")
        await editions.activate("rubric")
        yield editions


def adopt(file: Path, *rules: str) -> tuple[int, str]:
    file.write_text("lists: {waits: [等]}\nrules:\n" + "".join(rules))
    done = CliRunner().invoke(quality, ["adopt", "--rubric", str(file)])
    return done.exit_code, done.output


async def test_new_rules_go_into_the_draft(editions: Editions, tmp_path: Path) -> None:
    changed, fresh = RULE.format(id="mine", words="words: [等]"), RULE.format(id="theirs", words="words: [没空]")
    code, told = await asyncio.to_thread(adopt, tmp_path / "r.yml", changed, fresh)
    assert (code, "theirs" in told) == (0, True)
    active, draft = await editions.active("rubric"), await editions.draft("rubric")
    assert active
    assert draft
    assert (active.text, list(blocks(draft.text))) == (OWN, ["mine", "theirs"])
    assert draft.text.startswith(OWN)
    assert "all of them" in (await asyncio.to_thread(adopt, tmp_path / "r.yml", changed, fresh))[1]


async def test_a_rule_that_needs_what_the_house_has_not_is_refused(editions: Editions, tmp_path: Path) -> None:
    code, told = await asyncio.to_thread(adopt, tmp_path / "r.yml", RULE.format(id="theirs", words="lists: [waits]"))
    assert (code, "the rubric has no list waits" in told) == (1, True)
    assert await editions.draft("rubric") is None
