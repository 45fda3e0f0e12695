"""Which doors stand open to somebody who has not signed in."""

import re

from fastapi.testclient import TestClient

OPEN = {
    "/health",
    "/api/entry",
    "/api/password",
    "/api/password/forgot",
    "/api/password/{token}",
    "/widget/config",
    "/widget/session",
    "/widget/visit",
    "/widget/files/{id}",  # its token stands in the address
}


def test_only_the_doors_named_here_stand_open(house: TestClient) -> None:
    told = house.get("/api/openapi.json").json()["paths"]
    routes = [(way.upper(), path) for path, ways in told.items() for way in ways]
    answers = {(way, path): house.request(way, re.sub(r"\{[^}]*\}", "1", path)).status_code for way, path in routes}
    assert {route for route, status in answers.items() if status != 401 and route[1] not in OPEN} == {
        ("POST", "/api/session")
    }
    assert len(answers) > 200
