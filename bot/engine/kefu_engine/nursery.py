"""One process loads Rasa and the model, then forks workers that share its memory. Control lines: docs/engine.md."""

import asyncio
import ctypes
import gc
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import uvloop

from kefu_engine.server import serve
from kefu_engine.turn import Engine

PR_SET_PDEATHSIG = 1

_control = 1


def run(model: Path) -> None:
    """Load, then obey lines on stdin until it ends; the workers end with it."""
    global _control
    # Whatever a library prints goes to stderr; the control lines have stdout to themselves.
    _control = os.dup(1)
    os.dup2(2, 1)
    engine = Engine(model)
    gc.collect()
    gc.freeze()  # what is loaded stays shared between the workers
    workers: set[int] = set()

    def bury(*_: object) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            workers.discard(pid)
            _tell({"event": "exited", "pid": pid, "code": os.waitstatus_to_exitcode(status)})

    signal.signal(signal.SIGCHLD, bury)
    _tell({"event": "ready", "model": engine.model})
    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "spawn":
            pid, port = _spawn(engine)
            workers.add(pid)
            _tell({"event": "spawned", "pid": pid, "port": port})
        elif order["do"] == "stop" and order["pid"] in workers:
            os.kill(order["pid"], signal.SIGTERM)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for pid in workers:
        os.kill(pid, signal.SIGKILL)


def _spawn(engine: Engine) -> tuple[int, int]:
    """Fork a worker; gives its pid and port once it listens, port 0 when it never did."""
    hears, says = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(hears)
        _work(engine, says)
    os.close(says)
    with os.fdopen(hears) as pipe:
        return pid, int(pipe.read() or 0)


def _work(engine: Engine, says: int) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.close(_control)

    def listening(port: int) -> None:
        os.write(says, str(port).encode())
        os.close(says)

    try:
        uvloop.install()
        asyncio.run(serve(engine, listening))
    finally:
        os._exit(0)


def _tell(line: dict[str, Any]) -> None:
    # One write per line: a signal may come in the middle of anything else.
    os.write(_control, json.dumps(line).encode() + b"\n")
