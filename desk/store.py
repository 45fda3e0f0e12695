"""Staff in SQL."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Boolean, Column, Integer, MetaData, Row, String, Table, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from desk.rules import Agent, Role

metadata: Final = MetaData(naming_convention={"uq": "uq_%(table_name)s_%(column_0_N_name)s"})

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
)


class LoginTaken(ValueError):
    """Somebody else signs in with this name."""


@dataclass(frozen=True, slots=True)
class Staff:
    """One who signs in; the password's hash stays with `Roster.password_hash`."""

    id: str
    login: str
    name: str
    role: Role
    languages: tuple[str, ...]
    groups: tuple[str, ...]
    capacity: int

    def as_agent(self) -> Agent:
        """As routing sees them."""
        return Agent(self.id, self.name, frozenset(self.languages), frozenset(self.groups), self.capacity)


class Roster:
    """Everyone who works here."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(self, member: Staff, password_hash: str) -> None:
        """Raises LoginTaken."""
        row = {
            "id": member.id,
            "login": member.login,
            "name": member.name,
            "role": member.role,
            "password_hash": password_hash,
            "languages": " ".join(member.languages),
            "groups": " ".join(member.groups),
            "capacity": member.capacity,
        }
        try:
            async with self._engine.connect() as connection:
                await connection.execution_options(writes=True)
                async with connection.begin():
                    await connection.execute(insert(staff).values(row))
        except IntegrityError as error:
            raise LoginTaken(f"the login {member.login!r} is taken") from error

    async def set_password(self, login: str, password_hash: str) -> bool:
        """False when nobody has this login."""
        async with self._engine.connect() as connection:
            await connection.execution_options(writes=True)
            async with connection.begin():
                done = await connection.execute(
                    update(staff).where(staff.c.login == login).values(password_hash=password_hash)
                )
                return bool(done.rowcount)

    async def all(self) -> list[Staff]:
        """Everyone active, by name."""
        async with self._engine.connect() as connection:
            query = select(staff).where(staff.c.active).order_by(staff.c.name)
            return [_member(row) for row in await connection.execute(query)]

    async def by_login(self, login: str) -> tuple[Staff, str] | None:
        """An active member and their password's hash."""
        async with self._engine.connect() as connection:
            query = select(staff).where(staff.c.active, staff.c.login == login)
            row = (await connection.execute(query)).one_or_none()
            return None if row is None else (_member(row), row.password_hash)


def _member(row: Row[Any]) -> Staff:
    languages, groups = tuple(row.languages.split()), tuple(row.groups.split())
    return Staff(row.id, row.login, row.name, row.role, languages, groups, row.capacity)
