"""A whole house without an engine."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.config import Settings
from app.main import create_app
from desk.rules.people import Role
from desk.store.staff import Staff
from tests.journeys.people import hire

COMPANY = """
order_number = "KF[0-9]{8}"
sensitive = { promise = ["百分之百"] }

[sites.demo]
title = { zh = "客服", en = "Support" }
greeting = { zh = "您好", en = "Hello" }
quick_replies = { zh = ["查订单"], en = ["My order"] }
origins = ["https://shop.example"]
identity_secret = "the shop's own secret, 32 bytes long"

[[sites.demo.invitations]]
id = "cart"
text = { zh = "需要帮忙吗？", en = "Can we help?" }
event = "cart"

[[groups]]
id = "sales"
name = { zh = "售前", en = "Sales" }

[tickets]
call = "call"

[[tickets.types]]
id = "refund"
name = { zh = "退款", en = "Refund" }
group = "sales"
fields = [{ id = "order", name = { zh = "订单", en = "Order" }, required = true }]
states = [
    { id = "new", name = { zh = "新", en = "New" }, kind = "open" },
    { id = "asked", name = { zh = "待客户", en = "Asked" }, kind = "waiting" },
    { id = "paid", name = { zh = "已退", en = "Paid" }, kind = "done" },
]
moves = { new = ["asked", "paid"], asked = ["new"] }

[[tickets.types]]
id = "call"
name = { zh = "回电", en = "Call back" }
states = [{ id = "open", name = { zh = "待回电", en = "To call" }, kind = "open" }]
moves = {}

[[tickets.policies]]
id = "standard"
first_response = 3600
next_response = 3600
resolution = 86400
office_hours = false

[hours.week]
mon = [[09:00:00, 18:00:00]]
"""


@pytest.fixture(scope="session")
def furnished(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house with two agents and a supervisor, to be copied."""
    folder = tmp_path_factory.mktemp("furnished")
    (folder / "company.toml").write_text(COMPANY)
    shutil.copy(migrated, folder)
    people: tuple[tuple[str, str, Role], ...] = (
        ("a1", "mei", "agent"),
        ("a2", "bob", "agent"),
        ("s1", "sue", "supervisor"),
    )
    staff = (Staff(id, login, login.title(), role, ("zh", "en"), ("sales",), 2) for id, login, role in people)
    asyncio.run(hire(Settings(var=folder), *staff))
    return folder


@pytest.fixture
def settings(furnished: Path, tmp_path: Path) -> Settings:
    """A house of the test's own."""
    shutil.copytree(furnished, tmp_path, dirs_exist_ok=True)
    return Settings(var=tmp_path, company=tmp_path / "company.toml")


@pytest.fixture
def house(settings: Settings) -> Iterator[TestClient]:
    """It, running."""
    with TestClient(create_app(settings)) as client:
        yield client
