"""Training files on disk."""

from pathlib import Path


def read_files(folder: Path) -> dict[str, str]:
    """Name to text of every YAML file under the folder. Raises ValueError, naming the file, and OSError."""
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (".yml", ".yaml")):
        try:
            found[str(path)] = path.read_text("utf-8")
        except UnicodeDecodeError as error:
            line = path.read_bytes()[: error.start].count(b"\n") + 1
            raise ValueError(f"{path}:{line}: this is not UTF-8") from error
    return found
