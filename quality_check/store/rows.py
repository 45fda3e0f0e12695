"""Rows of one table as frozen dataclasses whose fields are its columns."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Table, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from conversation.database import writing

T = TypeVar("T")


class Rows(Generic[T]):
    """What the review keeps, by id. Who changes one says which state it must be in, so two never decide the same."""

    def __init__(self, engine: AsyncEngine, table: Table, kind: type[T]) -> None:
        self._engine = engine
        self.table = table
        self._kind = kind

    async def add(self, row: T) -> tuple[T, bool]:
        """Keep it; the one that has this id already, and False, when there is one."""
        values: dict[str, Any] = asdict(row)  # type: ignore[call-overload]
        async with writing(self._engine) as connection:
            same = select(self.table).where(self.table.c.id == values["id"])
            if (found := (await connection.execute(same)).first()) is not None:
                return self._kind(**found._mapping), False
            await connection.execute(insert(self.table).values(values))
        return row, True

    async def find(self, id: str) -> T | None:
        """By id."""
        found = await self.select(self.table.c.id == id, limit=1)
        return found[0] if found else None

    async def select(self, *conditions: Any, limit: int = 500, offset: int = 0) -> list[T]:
        """Latest first."""
        order = (self.table.c.at.desc(), self.table.c.id)
        query = select(self.table).where(*conditions).order_by(*order).limit(limit).offset(offset)
        async with self._engine.connect() as connection:
            return [self._kind(**row._mapping) for row in await connection.execute(query)]

    async def change(self, id: str, *only: Any, **values: Any) -> bool:
        """Write these columns, if the row is as `only` says; False when it is not."""
        claim = self.claim(id, *only, **values)
        async with writing(self._engine) as connection:
            return await connection.run_sync(claim)

    def claim(self, id: str, *only: Any, **values: Any) -> Callable[[Connection], bool]:
        """The same change, for somebody else's transaction."""
        changed = update(self.table).where(self.table.c.id == id, *only).values(values)
        return lambda connection: bool(connection.execute(changed).rowcount)

    async def remove(self, id: str) -> bool:
        """False when nothing has this id."""
        async with writing(self._engine) as connection:
            return bool((await connection.execute(delete(self.table).where(self.table.c.id == id))).rowcount)

    async def count(self, *conditions: Any, by: str) -> dict[str, int]:
        """How many match, by a column's value."""
        key = self.table.c[by]
        query = select(key, func.count()).where(*conditions).group_by(key)
        async with self._engine.connect() as connection:
            return {str(row[0]): row[1] for row in await connection.execute(query)}
