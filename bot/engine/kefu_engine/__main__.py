"""python -m kefu_engine serve | train | judge | shell | eval"""

import argparse
import asyncio
import logging
import os
import sys
import warnings
from pathlib import Path

from kefu_engine.evaluation.arguments import arguments

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a message's sums are small: more threads only wait for each other


def main() -> None:
    """Parse the command line and do it."""
    parser = argparse.ArgumentParser(prog="kefu_engine", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("serve", "shell"):
        commands.add_parser(name).add_argument("--model", type=Path, required=True)
    training = commands.add_parser("train")
    for name in ("--data", "--config", "--out"):
        training.add_argument(name, type=Path, required=True)
    training.add_argument("--fixed-name", default=None)
    judging = commands.add_parser("judge")
    for name in ("--model", "--texts", "--out"):
        judging.add_argument(name, type=Path, required=True)
    arguments(commands.add_parser("eval"))
    asked = parser.parse_args()
    import sanic  # noqa: F401
    from rasa.utils.log_utils import configure_structlog

    # Rasa's own, about libraries as old as itself; sanic, when it is imported, asks to see them.
    warnings.filterwarnings("ignore")
    # Rasa's lines at DEBUG and INFO quote customers; without this its default shows them all.
    configure_structlog(logging.WARNING)
    if asked.command in ("serve", "shell", "judge") and not asked.model.exists():
        sys.exit(f"there is no model at {asked.model}; train one first")
    if asked.command == "eval":
        from kefu_engine.evaluation.run import run as evaluate

        evaluate(asked)
    elif asked.command == "train":
        train(asked.data, asked.config, asked.out, asked.fixed_name)
    elif asked.command == "judge":
        from kefu_engine.judging import judge

        judge(asked.model, asked.texts, asked.out)
    elif asked.command == "serve":
        from kefu_engine.nursery import run

        run(asked.model)
    else:
        asyncio.run(shell(asked.model))


def train(data: Path, config: Path, out: Path, name: str | None) -> None:
    """Train a model from Rasa's files and print where it is."""
    from rasa.model_training import train as rasa_train

    if not (data / "domain").exists():
        sys.exit(f"{data} has no folder domain; it should hold domain/, nlu/ and rules.yml")
    files = [str(path) for path in (data / "nlu", data / "rules.yml", data / "stories.yml") if path.exists()]
    print("training the bot …", file=sys.stderr)
    done = rasa_train(str(data / "domain"), str(config), files, str(out), fixed_model_name=name)
    if done.model is None:
        sys.exit("the training failed; the lines above say why")
    print(done.model)


async def shell(model: Path) -> None:
    """Talk on the terminal until an empty line."""
    from kefu_engine.turn import Ask, Engine

    engine, state = Engine(model), None
    while text := (await asyncio.to_thread(input, "> ")).strip():
        turn = await engine.turn(Ask(text, None, {"conversation": "shell", "cause": text}, state))
        state = turn["state"]
        print(f"  [{turn['intent']['name']} {turn['intent']['confidence']:.2f}] {' → '.join(turn['actions'])}")
        for bubble in turn["messages"]:
            card = bubble["card"] or {"title": "", "rows": []}
            lines = [bubble["text"], card["title"], *(f"{label}: {value}" for label, value in card["rows"])]
            print("\n".join(f"  {line}" for line in lines if line))
            print("".join(f"  [{button['title']}]" for button in bubble["buttons"]), end="\n" * bool(bubble["buttons"]))
        if turn["handoff"]:
            print(f"  (to a person: {turn['handoff']['reason']})")


if __name__ == "__main__":
    main()
