"""What programs know by an id has a name in both languages where people read it."""

import re

import pytest

from app.config import ROOT
from conversation.events import KINDS
from web.permissions import KNOWN

CONSOLE = ROOT / "consoles" / "desk" / "src"


def named(file: str) -> set[str]:
    """The ids of a table of names: `id: ["中文", "English"]`."""
    return set(re.findall(r'^  "?([\w.-]+)"?: \["[^"]+", "[^"]+"\]', (CONSOLE / file).read_text("utf-8"), re.MULTILINE))


def test_every_fact_has_a_name() -> None:
    assert set(KINDS) == named("words/kinds.ts")


def test_every_permission_has_a_name() -> None:
    assert set(KNOWN) <= named("admin/names.ts")


@pytest.mark.parametrize("room", ["app", "channels", "desk", "knowledge", "quality_check"])
def test_every_audited_act_has_a_name(room: str) -> None:
    written = "".join(path.read_text("utf-8") for path in (ROOT / room).rglob("*.py"))
    acts = re.findall(r'(?:note|record)\([^()]*?"([a-z-]+\.[a-z]+)"', written)
    assert set(acts) <= named("admin/names.ts")
