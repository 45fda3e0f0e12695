"""What was learned, on disk: arrays and JSON alone, so that reading a file can run nothing."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Final

import numpy as np

from agent_assist.rules.actions import ActionModel
from agent_assist.rules.forest import Forest
from agent_assist.rules.models import Models, OtherForm
from agent_assist.rules.replies import Contexts, ReplyModel
from agent_assist.rules.space import Vocabulary
from agent_assist.rules.waiting import Waiting
from agent_assist.rules.worth import Scale

FORM: Final = 5  # raised when terms, fields or features change: a file of another form is not read
REPLY_PARTS: Final = ("moment_map", "moment_shift", "reply_map", "reply_shift", "mix", "past_moments", "past_replies")
Get = Callable[[str], Any]


class ModelFile:
    """Read again when it was replaced."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = 0
        self._models = Models()

    def read(self) -> Models:
        """The present models, the same object until the file changes; without a file nothing is known.

        Raises OtherForm.
        """
        try:
            stamp = self._path.stat().st_mtime_ns
        except FileNotFoundError:
            return self._models
        if stamp != self._stamp:
            self._models, self._stamp = _read(self._path), stamp
        return self._models

    def rival(self) -> Models:
        """What newly learned models are compared with: as `read`, but nothing known where that is of another form."""
        try:
            return self.read()
        except OtherForm:
            return Models()

    def write(self, models: Models) -> None:
        """Put it in the place of what was there, whole."""
        told: dict[str, Any] = {"form": FORM, "trained": models.trained, "scale": asdict(models.scale)}
        arrays: dict[str, Any] = {}
        if replies := models.replies:
            told["contexts"] = [_told(one) for one in replies.contexts.vocabularies]
            told["words"] = _told(replies.words)
            for number, one in enumerate(replies.contexts.vocabularies):
                arrays[f"contexts{number}"] = one.rarity
            told["forest"] = replies.forest is not None
            if replies.forest:
                arrays |= {f"forest_{part.name}": getattr(replies.forest, part.name) for part in fields(Forest)}
            arrays |= {"words": replies.words.rarity, **{name: getattr(replies, name) for name in REPLY_PARTS}}
        if models.waiting:
            told["least"] = models.waiting.least
        linear = {"waiting": models.waiting and models.waiting.model, "actions": models.actions}
        for name, model in linear.items():
            if model:
                told[name] = {"names": model.names, "features": _told(model.features)}
                arrays |= {f"{name}_{part}": getattr(model, part) for part in ("weights", "offsets")}
                arrays[f"{name}_rarity"] = model.features.rarity
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        with fresh.open("wb") as file:
            np.savez(file, told=np.frombuffer(json.dumps(told, ensure_ascii=False).encode(), np.uint8), **arrays)
            os.fsync(file.fileno())
        fresh.replace(self._path)


def _read(path: Path) -> Models:
    with np.load(path, allow_pickle=False) as kept:
        told = json.loads(kept["told"].tobytes())
        if told["form"] != FORM:
            raise OtherForm(f"{path} is of form {told['form']}, not {FORM}; run `kefu assist train`")
        get: Get = kept.__getitem__
        return Models(
            _replies(told, get) if "words" in told else None,
            Waiting(waiting, told["least"]) if (waiting := _actions("waiting", told, get)) else None,
            _actions("actions", told, get),
            Scale(**told["scale"]),
            told["trained"],
        )


def _replies(told: Mapping[str, Any], get: Get) -> ReplyModel:
    contexts = (_vocabulary(one, get(f"contexts{number}")) for number, one in enumerate(told["contexts"]))
    words = _vocabulary(told["words"], get("words"))
    forest = Forest(*(get(f"forest_{part.name}") for part in fields(Forest))) if told["forest"] else None
    parts = {name: get(name) for name in REPLY_PARTS}
    return ReplyModel(Contexts(tuple(contexts)), words, **parts, forest=forest)


def _actions(name: str, told: Mapping[str, Any], get: Get) -> ActionModel | None:
    if name not in told:
        return None
    features = _vocabulary(told[name]["features"], get(f"{name}_rarity"))
    return ActionModel(tuple(told[name]["names"]), features, get(f"{name}_weights"), get(f"{name}_offsets"))


def _told(vocabulary: Vocabulary) -> dict[str, Any]:
    return {"terms": list(vocabulary.places), "unseen": vocabulary.unseen}


def _vocabulary(told: Mapping[str, Any], rarity: Any) -> Vocabulary:
    return Vocabulary({term: place for place, term in enumerate(told["terms"])}, rarity, told["unseen"])
