"""What was learned, on disk."""

import json
from pathlib import Path

import numpy as np
import pytest

from agent_assist.adapters.models import FORM, ModelFile
from agent_assist.rules.models import Models, OtherForm


def test_models_of_another_form_say_what_to_do_and_give_way(tmp_path: Path) -> None:
    path = tmp_path / "models.npz"
    told = json.dumps({"form": FORM - 1, "trained": "2026-01-01", "scale": {}})
    with path.open("wb") as file:
        np.savez(file, told=np.frombuffer(told.encode(), np.uint8))
    kept = ModelFile(path)
    with pytest.raises(OtherForm, match="run `kefu assist train`"):
        kept.read()
    assert kept.rival() == Models()
    kept.write(Models(trained="2026-02-02"))
    assert (kept.read().trained, kept.rival().trained) == ("2026-02-02", "2026-02-02")
