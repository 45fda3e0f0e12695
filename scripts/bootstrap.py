"""Make a fresh checkout runnable with nothing but Python: fetch uv, then the locked environment.

Usage: python3 scripts/bootstrap.py platform
A second run finds everything in place and takes a moment.
"""

import hashlib
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
OLDEST = (3, 11)


def find_uv() -> str:
    """The uv on PATH, or one of our own in .cache."""
    if found := shutil.which("uv"):
        return found
    own = CACHE / "uv"
    program = own / "bin" / "uv"
    if not program.exists():
        print("fetching uv …", flush=True)
        venv.create(own, with_pip=True, clear=True)
        subprocess.run([own / "bin" / "python", "-m", "pip", "install", "--quiet", "uv"], check=True)
    return str(program)


def platform() -> None:
    """The platform's environment in .venv, exactly as locked."""
    content = (ROOT / "uv.lock").read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    stamp, digest = CACHE / "platform.stamp", hashlib.sha256(content).hexdigest()
    if (ROOT / ".venv" / "bin" / "python").exists() and stamp.exists() and stamp.read_text() == digest:
        return
    print("installing the platform …", flush=True)
    subprocess.run([find_uv(), "sync", "--frozen", "--python", sys.executable], cwd=ROOT, check=True)
    CACHE.mkdir(exist_ok=True)
    stamp.write_text(digest)


STEPS = {"platform": platform}


def main(wanted: list[str]) -> None:
    """Run the named steps in order."""
    if sys.version_info < OLDEST:
        sys.exit(f"kefu needs Python {'.'.join(map(str, OLDEST))} or newer; this is {sys.version.split()[0]}")
    if not wanted or set(wanted) - STEPS.keys():
        sys.exit(f"usage: bootstrap.py {' | '.join(STEPS)}")
    for step in wanted:
        STEPS[step]()


if __name__ == "__main__":
    main(sys.argv[1:])
