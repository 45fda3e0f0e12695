"""`kefu eval …`: how good the models are, on anybody's data in the documented formats (docs/evaluation.md)."""

import typer

from app.commands.assist import eval_assist, eval_summary
from app.commands.dialogue import eval_dialogue
from app.commands.knowledge import eval_extract, eval_search
from app.commands.nlu import eval_entities, eval_nlu, eval_several
from app.commands.quality import eval_quality

evaluation = typer.Typer(no_args_is_help=True, add_completion=False)


@evaluation.callback()
def about() -> None:
    """How good the models are, on your data (formats: docs/evaluation.md)."""


evaluation.command("assist")(eval_assist)
evaluation.command("summary")(eval_summary)
evaluation.command("dialogue")(eval_dialogue)
evaluation.command("quality")(eval_quality)
evaluation.command("search")(eval_search)
evaluation.command("extract")(eval_extract)
evaluation.command("nlu")(eval_nlu)
evaluation.command("entities")(eval_entities)
evaluation.command("several")(eval_several)
