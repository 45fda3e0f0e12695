"""Files of JSON lines, gzipped or not."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class BadLine(ValueError):
    """A line that cannot be read; the message says file, line and why."""


def lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that are not empty, by number from 1. Raises OSError."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield number, line


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
