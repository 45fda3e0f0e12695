"""Who was killed is known at once, by the mark that nobody holds any more."""

import subprocess
import sys
from pathlib import Path

from app.config import ROOT
from app.wiring.owner import dead_owners, mark_of_life

HOLD = """
import sys
from pathlib import Path
from app.wiring.owner import mark_of_life
with mark_of_life(Path(sys.argv[1])) as name:
    print(name, flush=True)
    sys.stdin.read()
"""


def test_a_killed_process_is_dead_and_a_living_one_is_not(tmp_path: Path) -> None:
    words = [sys.executable, "-c", HOLD, str(tmp_path)]
    other = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    name = other.stdout.readline().strip()
    with mark_of_life(tmp_path):
        assert dead_owners(tmp_path) == []
        other.kill()
        other.communicate()
        assert dead_owners(tmp_path) == [name]
        assert dead_owners(tmp_path) == []
    assert list(tmp_path.iterdir()) == []
