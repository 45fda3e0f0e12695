"""What customers and staff do at the doors of a whole house."""

from typing import Any

from argon2 import PasswordHasher
from fastapi.testclient import TestClient

PASSWORD = "correct horse battery"
# As Passwords().hash makes it, but cheap: what is checked is whether it fits, a hundred times in a run.
HASHED = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def sign_in(house: TestClient, login: str) -> dict[str, str]:
    """Sign in; gives the header that changing calls need."""
    answer = house.post("/api/session", json={"login": login, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return {"X-CSRF-Token": answer.json()["csrf"]}


def hear(socket: Any, type: str, kind: str = "") -> dict[str, Any]:
    """The next frame of this type (and, for events, of this kind)."""
    while True:
        frame: dict[str, Any] = socket.receive_json()
        if frame["type"] == type and (not kind or frame["event"]["kind"] == kind):
            return frame
