"""Sites are made and changed while the house runs."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.config import Settings
from app.main import create_app
from tests.journeys.people import ROOT, hire, sign_in, until

BOTH = {"zh": "茶铺", "en": "Tea shop"}
SITE = {"title": BOTH, "greeting": BOTH, "origins": ["https://tea.example"]}
OFFER = {"id": "tea", "text": BOTH, "pages": ["/tea"], "after_seconds": 5}


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[TestClient]:
    """A house with an admin."""
    await hire(settings, ROOT)
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


def test_a_sites_customers_go_to_its_group_within_its_hours_in_its_languages(house: TestClient) -> None:
    root, day = sign_in(house, "root"), datetime.now(UTC) + timedelta(2)
    site = {**SITE, "title": {"zh": "茶"}, "greeting": {"zh": "您好"}, "languages": ["zh"], "group": "tea"}
    assert house.put("/api/groups/tea", json={"name": BOTH}, headers=root).status_code == 200
    assert house.put("/api/sites/tea", json=site, headers=root).json()["hours"] is None
    assert house.get("/widget/config?site=tea").json()["languages"] == ["zh"]

    def customer(token: str | None = None) -> dict[str, Any]:
        return house.post("/widget/session", json={"site": "tea", "language": "en", "token": token}).json()  # type: ignore[no-any-return]

    asks, leaves = customer(), customer()
    assert asks["language"] == "zh"
    for one, path, said in (
        (asks, "wishes", {"type": "person", "id": "p"}),
        (leaves, "left-messages", {"id": "l", "text": "茶凉了", "email": "k@example.org"}),
    ):
        bearer = {"Authorization": f"Bearer {one['token']}"}
        assert house.post(f"/widget/{path}", json=said, headers=bearer).status_code == 200
        assert house.get(f"/api/conversations/{one['conversation']}").json()["conversation"]["group"] == "tea"

    mei = sign_in(house, "mei")
    assert house.put("/api/presence", json={"presence": "busy"}, headers=mei).status_code == 200
    assert customer(asks["token"])["away"] is not None  # she is there, and of another group
    root = sign_in(house, "root")
    assert house.patch("/api/staff/a1", json={"groups": ["tea"]}, headers=root).status_code == 200
    until("somebody of the group", lambda: customer(asks["token"])["away"] is None)  # the desk knows within a second
    closed = {"timezone": "UTC", "week": {f"{day:%a}".lower(): [["09:00", "18:00"]]}, "holidays": []}
    assert house.put("/api/sites/tea", json={**site, "hours": closed}, headers=root).json()["hours"] == closed
    assert customer(asks["token"])["away"]["opens_at"].startswith(f"{day:%Y-%m-%d}T09:00")
    assert [customer(one["token"])["queue"]["position"] for one in (asks, leaves)] == [1, 2]


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
        ({"title": {"zh": "茶"}}, "title"),
        ({"languages": []}, "languages"),
        ({"languages": ["zh"], "invitations": [{"id": "x", "text": {"en": "Hi"}}]}, "invitations"),
        ({"group": "nobody"}, "group"),
        ({"hours": {"timezone": "Mars/Base", "week": {}}}, "hours.timezone"),
        ({"invitations": [OFFER, OFFER]}, "invitations"),
    ):
        refused = house.put("/api/sites/demo", json={**SITE, **wrong}, headers=root)
        assert (refused.status_code, refused.json()["error"]["field"]) == (422, field)
