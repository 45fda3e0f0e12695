"""How staff come in: second factor, invitation and forgotten password by mail, an identity provider."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pyotp
import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from app.config import Settings
from app.main import create_app
from desk.store.staff import Staff
from tests.journeys.people import PASSWORD, PATIENCE, ROOT, hear, hire, sign_in, until
from tests.servers.mail import Kept, mail_server
from tests.servers.oidc import CLIENT, SECRET, Provider, provider


@pytest.fixture
def mail() -> Iterator[Kept]:
    """A mail server of the test's own."""
    with mail_server() as kept:
        yield kept


@pytest.fixture
def elsewhere() -> Iterator[Provider]:
    """An identity provider of the test's own."""
    with provider() as known:
        yield known


@pytest.fixture
async def house(settings: Settings, mail: Kept, elsewhere: Provider) -> AsyncIterator[TestClient]:
    """A house with an admin, mail and an identity provider."""
    ann = Staff("m1", "ann", "Ann", "agent", ("en",), (), 2, email="Ann@shop.example")
    await hire(settings, ROOT, ann)
    made = {
        "smtp_url": SecretStr(mail.url),
        "mail_from": "kefu <kefu@shop.example>",
        "public_url": "http://testserver",
        "oidc_issuer": elsewhere.issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SecretStr(SECRET),
    }
    with TestClient(create_app(settings.model_copy(update=made))) as client:
        yield client


def enrol(house: TestClient, headers: dict[str, str]) -> tuple[pyotp.TOTP, list[str], str]:
    """A phone that knows the secret, the recovery codes, and the code that was used up."""
    told = house.post("/api/second-factor", headers=headers).json()
    totp = pyotp.TOTP(told["secret"])
    assert told["secret"] in told["uri"]
    assert told["qr"].startswith("data:image/svg+xml")
    code = totp.now()
    answer = house.post("/api/second-factor/confirm", json={"code": code}, headers=headers)
    assert answer.status_code == 200, answer.text
    return totp, answer.json()["codes"], code


def come_in(house: TestClient, login: str, code: str = "", password: str = PASSWORD) -> tuple[int, str, str | None]:
    """The status, and what was refused."""
    answer = house.post("/api/session", json={"login": login, "password": password, "code": code})
    error: dict[str, Any] = answer.json().get("error", {})
    return answer.status_code, error.get("code", ""), error.get("field")


def test_with_a_second_factor_the_password_alone_is_not_enough(house: TestClient) -> None:
    mei = sign_in(house, "mei")
    wrong = house.post("/api/second-factor/confirm", json={"code": "000000"}, headers=mei)
    assert wrong.status_code == 422
    totp, codes, used = enrol(house, mei)
    assert house.get("/api/session").json()["second_factor"] == {"on": True, "needed": False, "codes": 10}
    assert house.post("/api/second-factor", headers=mei).status_code == 409
    assert come_in(house, "mei") == (401, "second_factor", "code")
    assert come_in(house, "mei", used) == (401, "second_factor", "code")  # a code is used once
    later = totp.at(datetime.now(UTC) + timedelta(seconds=30))
    assert come_in(house, "mei", later)[0] == 200
    assert come_in(house, "mei", later)[0] == 401
    assert come_in(house, "mei", codes[0].upper())[0] == 200
    assert come_in(house, "mei", codes[0])[0] == 401
    assert come_in(house, "mei", codes[1], "a wrong password") == (401, "unauthenticated", None)
    root = sign_in(house, "root")
    assert house.delete("/api/staff/a1/second-factor", headers=root).status_code == 204
    assert come_in(house, "mei")[0] == 200


def test_one_may_switch_it_off_with_a_code(house: TestClient) -> None:
    mei = sign_in(house, "mei")
    _, codes, used = enrol(house, mei)
    assert house.post("/api/second-factor/off", json={"code": used}, headers=mei).status_code == 422
    assert house.post("/api/second-factor/off", json={"code": codes[0]}, headers=mei).status_code == 204
    assert come_in(house, "mei")[0] == 200


def test_a_role_that_needs_it_enrols_before_anything_else(house: TestClient) -> None:
    root = sign_in(house, "root")
    asked = house.put("/api/security", json={"second_factor_roles": ["supervisor"]}, headers=root)
    assert asked.json() == {"second_factor_roles": ["supervisor"]}
    sue = sign_in(house, "sue")
    refused = house.get("/api/conversations?view=all")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "enrol")
    with house.websocket_connect("/live") as live:
        assert hear(live, "error")["code"] == "enrol"
    assert house.get("/api/session").json()["second_factor"] == {"on": False, "needed": True, "codes": 0}
    enrol(house, sue)
    assert house.get("/api/conversations?view=all").status_code == 200


def link_in(mail: Kept) -> tuple[str, str]:
    """To whom the next mail went, and the token of its link."""
    got = mail.mails.get(timeout=PATIENCE)
    found = re.findall(r"http://testserver/desk/#/password/(\S+)", got.get_content())
    assert len(set(found)) == 1
    return str(got["To"]), found[0]


def test_who_is_invited_sets_a_password_once(house: TestClient, mail: Kept) -> None:
    mail.answers = ["451 busy"]
    root = sign_in(house, "root")
    body = {"login": "zoe", "name": "左伊", "email": "zoe@shop.example"}
    made = house.post("/api/staff", json=body, headers=root).json()
    assert (made["link"], made["email"]) == (None, "zoe@shop.example")
    states = [one["state"] for one in house.get("/api/mails").json()["mails"]]
    assert states == ["waiting"]
    house.post(f"/api/staff/{made['id']}/invitation", headers=root)  # another one; the first link holds no longer
    to, token = link_in(mail)
    assert to == "zoe@shop.example"
    assert house.get(f"/api/password/{token}").json() == {"login": "zoe", "name": "左伊"}
    assert house.post("/api/password", json={"token": token, "password": "short"}).status_code == 422
    new = {"token": token, "password": "a password of her own"}
    assert house.post("/api/password", json=new).status_code == 204
    assert house.post("/api/password", json=new).status_code == 404
    assert come_in(house, "zoe", password=new["password"])[0] == 200
    sign_in(house, "root")
    told = until("a mail that was sent", lambda: house.get("/api/mails").text, lambda told: "sent" in told)
    assert token not in told


def test_a_forgotten_password_ends_all_sessions(house: TestClient, mail: Kept) -> None:
    sign_in(house, "ann")
    cookie = dict(house.cookies)
    for login in ("nobody", "mei", "ann"):  # somebody unknown, somebody without an address
        assert house.post("/api/password/forgot", json={"login": login}).status_code == 204
    to, token = link_in(mail)
    assert to == "Ann@shop.example"
    house.post("/api/password", json={"token": token, "password": "another password"})
    house.cookies.clear()
    house.cookies.update(cookie)
    assert house.get("/api/session").status_code == 401
    assert come_in(house, "ann", password="another password")[0] == 200
    assert mail.mails.empty()


def test_without_a_mail_server_the_link_is_handed_over(settings: Settings) -> None:
    with TestClient(create_app(settings)) as house:
        assert house.get("/api/entry").json() == {"mail": False, "provider": ""}
        assert house.get("/api/identity/begin").status_code == 404


def go(house: TestClient) -> str:
    """Through the provider and back; where that leads."""
    house.cookies.clear()
    there = house.get("/api/identity/begin", follow_redirects=False).headers["location"]
    return finish(house, there)


def finish(house: TestClient, there: str) -> str:
    """From the provider's page back to the house; where that leads."""
    back = httpx2.get(there, follow_redirects=False).headers["location"]
    return house.get(back.removeprefix("http://testserver"), follow_redirects=False).headers["location"]


def test_the_provider_lets_in_who_is_known_by_a_verified_address(house: TestClient, elsewhere: Provider) -> None:
    assert house.get("/api/entry").json() == {"mail": True, "provider": "SSO"}
    elsewhere.claims = {"sub": "u-1", "email": "ann@SHOP.example", "email_verified": True, "name": "Ann"}
    assert go(house) == "/desk/"
    assert house.get("/api/session").json()["staff"]["id"] == "m1"
    elsewhere.claims = {"sub": "u-1", "name": "Ann, married"}  # known by her identity from now on
    assert go(house) == "/desk/"
    elsewhere.claims = {"sub": "u-2", "email": "ann@shop.example", "email_verified": False}
    assert go(house) == "/desk/#/refused/unknown"
    assert house.get("/api/session").status_code == 401
    root = sign_in(house, "root")
    house.patch("/api/staff/m1", json={"active": False}, headers=root)
    elsewhere.claims = {"sub": "u-1"}
    assert go(house) == "/desk/#/refused/unknown"


def test_a_token_that_is_not_the_providers_lets_nobody_in(
    house: TestClient, elsewhere: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    elsewhere.claims = {"sub": "u-1", "email": "ann@shop.example", "email_verified": True}
    evil: list[dict[str, Any]] = [
        {"nonce": "another"}, {"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1}, {"sub": None},
    ]  # fmt: skip
    for forged in evil:
        elsewhere.forge = forged
        assert go(house) == "/desk/#/refused/provider", forged
    told = [one.getMessage() for one in caplog.records if one.name == "desk.api.entry"]
    assert len(told) == len(evil)  # who keeps the house learns why
    assert told[3] == "the identity provider signed nobody in: ExpiredTokenError"
    assert "ann" not in caplog.text
    elsewhere.forge, elsewhere.signs_with = {}, RSAKey.generate_key(2048, {"kid": "k1"})
    assert go(house) == "/desk/#/refused/provider"
    assert house.get("/api/session").status_code == 401


def test_an_answer_counts_only_in_the_browser_that_asked(house: TestClient, elsewhere: Provider) -> None:
    elsewhere.claims = {"sub": "u-1", "email": "ann@shop.example", "email_verified": True}
    there = house.get("/api/identity/begin", follow_redirects=False).headers["location"]
    house.cookies.clear()
    assert finish(house, there) == "/desk/#/refused/provider"
    other = house.get("/api/identity/begin", follow_redirects=False).headers["location"]
    assert finish(house, re.sub(r"state=[^&]+", "state=mine", other)) == "/desk/#/refused/provider"
