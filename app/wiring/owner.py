"""This process as an owner of leases, and which earlier owners of this machine are dead."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4


@contextmanager
def mark_of_life(folder: Path) -> Iterator[str]:
    """A name for this process, and in `folder` a locked file of that name.

    The lock ends with the process, however it ends: kill -9 leaves a file that anybody can lock.
    """
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / uuid4().hex
    with mark.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield mark.name
        finally:
            mark.unlink(missing_ok=True)


def dead_owners(folder: Path) -> list[str]:
    """Whose mark nobody holds any more; their marks are removed."""
    dead = []
    for mark in folder.iterdir():
        with suppress(FileNotFoundError, BlockingIOError), mark.open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            mark.unlink(missing_ok=True)
            dead.append(mark.name)
    return dead
