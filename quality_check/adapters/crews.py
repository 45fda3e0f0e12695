"""Many processes for one work: those of this machine, or those of a Dask cluster."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import Any, Protocol, TypeVar

Part = TypeVar("Part")
Done = TypeVar("Done")
AHEAD = 2  # parts waiting for each worker


class Crew(Protocol):
    """Does the work on each part and yields what came of it, in whatever order. An error in a part is raised."""

    def __call__(self, work: Callable[[Part], Done], parts: Iterable[Part]) -> Iterator[Done]: ...


@contextmanager
def processes(workers: int) -> Iterator[Crew]:
    """So many processes here. They are started afresh, so that no thread or lock of this one is copied."""
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=fresh, initializer=_end_with_parent) as pool:
        yield lambda work, parts: _flow(pool.submit, work, parts, workers * AHEAD)


def _end_with_parent() -> None:
    """A worker whose run was killed would else wait for its next part for ever."""
    parent = multiprocessing.parent_process()
    assert parent

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def dask(workers: int, address: str) -> Iterator[Crew]:
    """The Dask cluster at an address, or without one a cluster of so many workers on this machine.

    Raises ImportError without the package `distributed`, and OSError when the cluster does not answer.
    """
    from distributed import Client, LocalCluster  # an extra: most houses have no cluster

    with ExitStack() as closing:
        local = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None}
        client = closing.enter_context(Client(address or closing.enter_context(LocalCluster(**local))))
        ahead = AHEAD * max(workers, len(client.scheduler_info()["workers"]))
        executor = client.get_executor(pure=False)
        yield lambda work, parts: _flow(executor.submit, work, parts, ahead)


def _flow(
    submit: Callable[..., Future[Any]], work: Callable[[Part], Done], parts: Iterable[Part], ahead: int
) -> Iterator[Done]:
    """Never more than `ahead` parts are out, however many there are."""
    left = iter(parts)
    out = {submit(work, part) for part in islice(left, ahead)}
    while out:
        done, out = wait(out, return_when=FIRST_COMPLETED)
        out |= {submit(work, part) for part in islice(left, len(done))}
        for one in done:
            yield one.result()
