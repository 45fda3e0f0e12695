"""`kefu quality adopt`: rules of a file, brought into a house that has its own."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands.terminal import AsJson, fail, run, tell
from app.config import Settings
from app.wiring.ground import open_log
from app.wiring.quality import SEEDS
from quality_check.rules.blocks import joined
from quality_check.rules.document import read_rubric
from quality_check.rules.drafts import wrong_with_rubric
from quality_check.service.rulebook import Rulebook
from quality_check.store.editions import Editions


def adopt(
    rubric: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="rules in YAML")] = SEEDS["rubric"],
    as_json: AsJson = False,
) -> None:
    """Put the file's rules that this house has not into the draft; the console back-tests and activates it."""
    try:
        added = run(_adopt(rubric.read_text("utf-8"), rubric.name))
    except ValueError as error:
        raise fail(str(error)) from None
    told = f"{len(added)} rules are new in the draft: {', '.join(added)}" if added else "this house has all of them"
    tell({"added": added}, as_json, lambda _: typer.echo(told))


async def _adopt(theirs: str, name: str) -> list[str]:
    """Ids of the rules that are new. Raises ValueError with the slips when the file or the two together are wrong."""
    _refuse([str(one) for one in read_rubric(theirs, name)[1]])
    async with open_log(Settings()) as log:
        editions = Editions(log.transactions.engine)
        await Rulebook(editions, SEEDS).active()
        now = await editions.draft("rubric") or await editions.active("rubric")
        assert now
        text, added = joined(now.text, theirs)
        _refuse([f"together with this house's rules: {one}" for one in wrong_with_rubric(text)])
        if added:
            await editions.write("rubric", text, now.note if now.state == "draft" else name, "")
        return added


def _refuse(slips: list[str]) -> None:
    if slips:
        raise ValueError("\n".join(slips))
