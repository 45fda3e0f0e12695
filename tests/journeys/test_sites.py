"""Sites are made and changed while the house runs."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app.config import Settings
from app.main import create_app
from conversation.database import open_engine
from desk.store.staff import Roster, Staff
from tests.journeys.people import HASHED, sign_in

BOTH = {"zh": "茶铺", "en": "Tea shop"}
SITE = {"title": BOTH, "greeting": BOTH, "origins": ["https://tea.example"]}
OFFER = {"id": "tea", "text": BOTH, "pages": ["/tea"], "after_seconds": 5}


@pytest.fixture
async def house(settings: Settings) -> Iterator[TestClient]:  # type: ignore[misc]
    """A house with an admin."""
    engine = open_engine(settings.database())
    await Roster(engine).add(Staff("root", "root", "Root", "admin", ("en",), (), 0), HASHED)
    await engine.dispose()
    with TestClient(create_app(settings)) as client:
        yield client


def enters(house: TestClient, site: str, origin: str) -> tuple[int, str | None]:
    """The status when a page opens the site's widget, and which origin may read the answer."""
    body = {"site": site, "language": "en"}
    answer = house.post("/widget/session", json=body, headers={"Origin": origin})
    return answer.status_code, answer.headers.get("access-control-allow-origin")


def test_a_site_is_made_changed_removed_and_kept_over_a_restart(house: TestClient, settings: Settings) -> None:
    root, tea = sign_in(house, "root"), "https://tea.example"
    assert [one["id"] for one in house.get("/api/sites").json()["sites"]] == ["demo"]
    assert enters(house, "tea", tea) == (404, None)
    assert house.put("/api/sites/tea", json={**SITE, "invitations": [OFFER]}, headers=root).status_code == 200
    assert enters(house, "tea", tea) == (200, tea)
    assert enters(house, "tea", "https://else.example") == (403, None)
    assert house.get("/widget/config?site=tea").json()["invitations"][0]["pages"] == ["/tea"]
    assert house.put("/api/sites/tea", json={**SITE, "origins": []}, headers=root).status_code == 200
    assert enters(house, "tea", tea) == (403, None)
    acts = [(one["act"], one["subject"]) for one in house.get("/api/audit/changes").json()["changes"]]
    assert acts == [("site.changed", "tea")] * 2
    with TestClient(create_app(settings)) as again:
        sign_in(again, "root")
        assert [one["id"] for one in again.get("/api/sites").json()["sites"]] == ["demo", "tea"]
    assert house.delete("/api/sites/tea", headers=root).status_code == 204
    assert house.delete("/api/sites/tea", headers=root).status_code == 404
    assert house.get("/widget/config?site=tea").status_code == 404
    assert house.put("/api/sites/tea", json=SITE, headers=sign_in(house, "sue")).status_code == 403


def test_a_sites_secret_is_kept_and_never_told(house: TestClient) -> None:
    root, secret = sign_in(house, "root"), "a new secret of at least thirty-two bytes"
    kept = house.put("/api/sites/demo", json=SITE, headers=root).json()
    assert kept["identity_secret"] is True
    assert house.put("/api/sites/demo", json={**SITE, "identity_secret": ""}, headers=root).json() != kept
    told = house.put("/api/sites/demo", json={**SITE, "identity_secret": secret}, headers=root).text
    assert secret not in told + house.get("/api/sites").text + house.get("/api/audit/changes").text
    for wrong, field in (
        ({"identity_secret": "short"}, "identity_secret"),
        ({"origins": ["tea.example/x"]}, "origins.0"),
        ({"color": "red"}, "color"),
        ({"title": {"zh": "茶"}}, "title.en"),
        ({"invitations": [OFFER, OFFER]}, "invitations"),
    ):
        refused = house.put("/api/sites/demo", json={**SITE, **wrong}, headers=root)
        assert (refused.status_code, refused.json()["error"]["field"]) == (422, field)
