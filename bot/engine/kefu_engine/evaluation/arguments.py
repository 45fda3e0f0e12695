"""What the engine's `eval` understands; apart, since everything else of evaluation is slow to import."""

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add them to the parser of `eval`."""
    parser.add_argument("--train", type=Path, required=True, help="JSON lines, or a folder of Rasa's own files")
    for name in ("--test", "--valid"):
        parser.add_argument(name, type=Path, default=None)
    parser.add_argument("--report", type=Path, required=True, help="where the report is written")
    parser.add_argument("--picture", type=Path, default=None, help="a PNG of the confusions")
    parser.add_argument("--pipeline", choices=("kefu", "diet"), default="kefu")
    parser.add_argument("--epochs", type=int, default=100, help="of DIET")
    parser.add_argument("--folds", type=int, default=0, help="cross-validate on the train file instead")
    parser.add_argument("--slips", action="store_true", help="the test once more, a slip in every message")
    parser.add_argument("--measure", choices=("nlu", "entities", "several"), default="nlu")
