"""Files of JSON lines, gzipped or not."""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class BadLine(ValueError):
    """A line that cannot be read; the message says file, line and why."""


def lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that are not empty, by number from 1. Raises BadLine for what is no gzip, OSError."""
    number = 0
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        try:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, line
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise BadLine(f"{path}:{number + 1}: {error}") from error


def objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects there, by the number of their line. Raises BadLine, OSError."""
    for number, line in lines(path):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BadLine(f"{path}:{number}: {error}") from error
        if not isinstance(row, dict):
            raise BadLine(f"{path}:{number}: a line is an object")
        yield number, row
