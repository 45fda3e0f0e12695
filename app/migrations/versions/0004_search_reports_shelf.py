"""full-text search, report rows, and the shelf of small things"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """PostgreSQL indexes terms by GIN; SQLite has a full-text table beside."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "shelf",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("id", sa.String(140), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id"),
    )
    op.create_index("ix_shelf_kind_owner", "shelf", ["kind", "owner"])
    op.create_table(
        "search_messages",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("by", sa.String(8), nullable=False),
        sa.Column("terms", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_search_messages_terms", "search_messages", ["terms"], postgresql_using="gin")
    else:
        op.execute(
            "CREATE VIRTUAL TABLE search_terms USING fts5(terms, content='search_messages', content_rowid='seq', "
            "tokenize='unicode61 remove_diacritics 0')"
        )
    words = {"channel": 40, "site": 64, "language": 8, "group": 64, "agent": 64, "reason": 200, "tags": 1000}
    flags = ("bot_replied", "handed_over", "answered", "abandoned", "rating_asked", "resolved")
    numbers = ("slot", "transfers", "reopened", "messages")
    moments = ("started_at", "closed_at", "waiting_from", "asked_at", "taken_at")
    op.create_table(
        "report_rows",
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in words.items()),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in flags),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in numbers),
        *(sa.Column(name, moment) for name in moments),
        sa.Column("wait_seconds", sa.Float()),
        sa.Column("first_response_seconds", sa.Float()),
        sa.Column("handling_seconds", sa.Float(), nullable=False),
        sa.Column("rating", sa.Integer()),
        sa.PrimaryKeyConstraint("conversation"),
    )
    op.create_index("ix_report_rows_slot", "report_rows", ["slot"])
