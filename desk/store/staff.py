"""Staff in SQL."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import JSON, Boolean, Column, Integer, Row, String, Table, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from conversation.database import writing
from desk.rules.people import Agent, Role
from desk.store.tables import metadata

staff: Final = Table(
    "staff",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("login", String(64), nullable=False, unique=True),
    Column("name", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("languages", String(64), nullable=False),
    Column("groups", String(400), nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("active", Boolean, nullable=False, default=True),
    Column("skills", String(400), nullable=False, server_default=""),
    Column("channel_capacity", JSON, nullable=False, server_default="{}"),
    Column("email", String(200), nullable=False, server_default=""),
)


def new_id() -> str:
    """Of somebody new."""
    return f"a{uuid4().hex}"


class LoginTaken(ValueError):
    """Somebody else signs in with this name."""


@dataclass(frozen=True)
class Staff:
    """One who signs in; the password's hash stays with `Roster.password_hash`."""

    id: str
    login: str
    name: str
    role: Role
    languages: tuple[str, ...]
    groups: tuple[str, ...]
    capacity: int
    skills: tuple[str, ...] = ()
    channel_capacity: Mapping[str, int] = field(default_factory=dict)
    active: bool = True
    email: str = ""

    @cached_property
    def as_agent(self) -> Agent:
        """As routing sees them, each second."""
        speaks, teams, knows = frozenset(self.languages), frozenset(self.groups), frozenset(self.skills)
        return Agent(self.id, self.name, speaks, teams, self.capacity, knows, self.channel_capacity)


class Roster:
    """Everyone who works here."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._met: dict[str, tuple[Row[Any], Staff]] = {}

    async def add(self, member: Staff, password_hash: str) -> None:
        """Raises LoginTaken."""
        try:
            async with writing(self._engine) as connection:
                await connection.execute(insert(staff).values(**as_row(member), password_hash=password_hash))
        except IntegrityError as error:
            raise LoginTaken(f"the login {member.login!r} is taken") from error

    async def change(self, member: Staff) -> None:
        """Everything but the login and the password."""
        async with writing(self._engine) as connection:
            await connection.execute(update(staff).where(staff.c.id == member.id).values(as_row(member)))

    async def set_password(self, login: str, password_hash: str) -> bool:
        """False when nobody has this login."""
        async with writing(self._engine) as connection:
            change = update(staff).where(staff.c.login == login).values(password_hash=password_hash)
            return bool((await connection.execute(change)).rowcount)

    async def by_id(self, id: str) -> Staff | None:
        """Somebody, active or not."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(staff).where(staff.c.id == id))).one_or_none()
            return None if row is None else _member(row)

    async def all(self, *, gone: bool = False) -> list[Staff]:
        """Everyone active, by name; with `gone` also those switched off."""
        async with self._engine.connect() as connection:
            query = select(staff).order_by(staff.c.name)
            query = query if gone else query.where(staff.c.active)
            return [self._member(row) for row in await connection.execute(query)]

    def _member(self, row: Row[Any]) -> Staff:
        """Everybody is asked for each second, and hardly anybody has changed."""
        met = self._met.get(row[0])
        if met is None or met[0] != row:
            met = self._met[row[0]] = row, _member(row)
        return met[1]

    async def by_email(self, email: str) -> Staff | None:
        """The one active member with this address, in whatever case; None when nobody or several have it."""
        async with self._engine.connect() as connection:
            query = select(staff).where(staff.c.active, func.lower(staff.c.email) == email.lower())
            rows = (await connection.execute(query)).all()
            return _member(rows[0]) if len(rows) == 1 and email else None

    async def by_login(self, login: str) -> tuple[Staff, str] | None:
        """An active member and their password's hash."""
        async with self._engine.connect() as connection:
            query = select(staff).where(staff.c.active, staff.c.login == login)
            row = (await connection.execute(query)).one_or_none()
            return None if row is None else (_member(row), row.password_hash)


def as_row(member: Staff) -> dict[str, Any]:
    """All columns but the password's."""
    return {
        "id": member.id,
        "login": member.login,
        "name": member.name,
        "role": member.role,
        "languages": " ".join(member.languages),
        "groups": " ".join(member.groups),
        "capacity": member.capacity,
        "skills": " ".join(member.skills),
        "channel_capacity": dict(member.channel_capacity),
        "active": member.active,
        "email": member.email,
    }


def _member(row: Row[Any]) -> Staff:
    spoken, teams, skills = (tuple(words.split()) for words in (row.languages, row.groups, row.skills))
    more = (row.capacity, skills, row.channel_capacity, row.active, row.email)
    return Staff(row.id, row.login, row.name, row.role, spoken, teams, *more)
