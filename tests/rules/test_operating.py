"""docs/operating.md tells of every setting, and of none that is not there."""

import re
from pathlib import Path

from app.config import Settings


def test_operating_tells_of_every_setting() -> None:
    told = set(re.findall(r"`(KEFU_[A-Z_]+)`", Path("docs/operating.md").read_text()))
    assert told == {f"KEFU_{name.upper()}" for name in Settings.model_fields}
