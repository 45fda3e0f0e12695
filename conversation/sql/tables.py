"""The log's tables."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    Sequence,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return value if value is None or dialect.name != "sqlite" else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value if value is None or dialect.name != "sqlite" else value.replace(tzinfo=UTC)


metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

# Only PostgreSQL draws numbers from it; SQLite has one writer, which counts on from the last row.
event_seq: Final = Sequence("event_seq", metadata=metadata)

events: Final = Table(
    "events",
    metadata,
    Column(
        "seq",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("partition", SmallInteger, nullable=False),
    Column("conversation", String(64), nullable=False),
    Column("cause", String(200), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("fact", Text, nullable=False),
    Column("redacted", Boolean, nullable=False, default=False),
    UniqueConstraint("conversation", "cause", "kind"),
    Index(None, "partition", "seq"),
    Index(None, "conversation", "seq"),
    Index(None, "kind", "seq"),
)

conversations: Final = Table(
    "conversations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("seq", BigInteger, nullable=False, index=True),
    Column("contact", String(64), nullable=False, index=True),
    Column("site", String(64), nullable=False),
    Column("status", String(8), nullable=False),
    Column("holder", String(8), nullable=False),
    Column("agent", String(64), nullable=False),
    Column("waiting_since", UtcTime),
    Column("body", Text, nullable=False),
    Index(None, "status", "holder", "agent", "seq"),
)

cursors: Final = Table(
    "cursors",
    metadata,
    Column("reader", String(40), primary_key=True),
    Column("partition", SmallInteger, primary_key=True),
    Column("seq", BigInteger, nullable=False, default=0),
    Column("owner", String(64), nullable=False, default=""),
    Column("until", UtcTime),
)

members: Final = Table(
    "cursor_owners",
    metadata,
    Column("reader", String(40), primary_key=True),
    Column("owner", String(64), primary_key=True),
    Column("until", UtcTime, nullable=False),
)

parked: Final = Table(
    "parked",
    metadata,
    Column("reader", String(40), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("conversation", String(64), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("error", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)
