"""`kefu knowledge …`, `kefu eval search` and `kefu eval extract`."""

import json
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from benchmarks import retrieval


def eval_search(
    docs: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="JSON lines of doc_id and text")],
    queries: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="JSON lines of text and doc_id or doc_ids")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="print JSON alone")] = False,
    beside: Annotated[bool, typer.Option("--bm25", help="also plain BM25 over the same words")] = False,
) -> None:
    """Is the right document found: recall, MRR, nDCG, time per question, the index's build time and size."""
    try:
        documents = retrieval.read_documents(docs)
        asked = retrieval.read_questions(queries, documents)
    except (retrieval.BadData, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    with tempfile.TemporaryDirectory() as folder:
        told = retrieval.measure_search(documents, asked, Path(folder))
    if beside:
        told["bm25"] = retrieval.bm25(documents, asked)
    if as_json:
        typer.echo(json.dumps(told, indent=1))
        return
    for name, value in told.items():
        typer.echo(f"{name}\t{value}")
