"""The log's tables."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
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

from conversation.database import NAMING, Moment

metadata: Final = MetaData(naming_convention=NAMING)

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
    Column("at", Moment, nullable=False),
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
    Column("waiting_since", Moment),
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
)

members: Final = Table(
    "cursor_owners",
    metadata,
    Column("reader", String(40), primary_key=True),
    Column("owner", String(64), primary_key=True),
    Column("until", Moment, nullable=False),
)

parked: Final = Table(
    "parked",
    metadata,
    Column("reader", String(40), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("conversation", String(64), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("error", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
