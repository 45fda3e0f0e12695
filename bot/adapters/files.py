"""Training files and scripted conversations on disk."""

import gzip
import zlib
from pathlib import Path
from typing import Final

READ: Final = (".yml", ".yaml", ".jsonl", ".jsonl.gz")


def read_files(path: Path) -> dict[str, str]:
    """Name to text: of the file, or of every YAML and JSON lines file under the folder.

    Raises ValueError, naming the file and where it can the line, and OSError.
    """
    found = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.name.endswith(READ))
    return {str(one): _read(one) for one in found}


def _read(path: Path) -> str:
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ValueError(f"{path}: not a whole gzip file") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}:{content[: error.start].count(bytes([10])) + 1}: this is not UTF-8") from error
