"""A nursery that speaks the engine's control lines, with workers that echo; `hang` as text makes one hang."""

import json
import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer


class Echo(BaseHTTPRequestHandler):
    """One worker's HTTP."""

    def do_GET(self) -> None:
        """Health."""
        self._answer({"ready": True, "model": sys.argv[-1], "pid": os.getpid()})

    def do_POST(self) -> None:
        """A turn."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if asked["text"] == "hang":
            time.sleep(3600)
        with open(sys.argv[-1]) as model:
            said = f"{model.read()}: {asked['text']}"
        turn = {"messages": [{"text": said}], "intent": {"name": "echo", "confidence": 1.0}, "entities": []}
        turn |= {"actions": [], "slots": {}, "policy": "", "language": "zh", "handoff": None, "close": False}
        self._answer({**turn, "state": "s", "state_reset": False})

    def _answer(self, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Quiet."""


def tell(**line: object) -> None:
    """One control line out."""
    os.write(1, f"{json.dumps(line)}\n".encode())  # unlike print, this may be interrupted by `bury`, which tells too


def spawn() -> None:
    """Fork a worker."""
    server = HTTPServer(("127.0.0.1", 0), Echo)
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        server.serve_forever()
    server.server_close()
    tell(event="spawned", pid=pid, port=server.server_port)


def bury(*_: object) -> None:
    """Say which workers are gone."""
    while True:
        try:
            pid, code = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        tell(event="exited", pid=pid, code=code)


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, bury)
    tell(event="ready", model=sys.argv[-1])
    for asked in sys.stdin:
        order = json.loads(asked)
        spawn() if order["do"] == "spawn" else os.kill(order["pid"], signal.SIGTERM)
    os.killpg(0, signal.SIGKILL)
