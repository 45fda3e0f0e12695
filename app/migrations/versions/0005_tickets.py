"""tickets and their history"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tickets are found by assignee, contact and the next moment their clocks change."""
    moment = sa.DateTime(timezone=True)
    words = {"type": 40, "title": 200, "state": 40, "state_kind": 8, "priority": 8, "group": 64, "assignee": 64}
    words |= {"contact": 64, "conversation": 64, "opened_by": 64, "merged_into": 64}
    op.create_table(
        "tickets",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in words.items()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.Column("closed_at", moment),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("fields", "links", "watchers", "clocks")),
        sa.Column("tick_at", moment),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number", name="uq_tickets_number"),
    )
    for name in ("assignee", "contact", "tick_at"):
        op.create_index(f"ix_tickets_{name}", "tickets", [name])
    op.create_table(
        "ticket_changes",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.String(64), nullable=False),
        sa.Column("cause", sa.String(140), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("ticket", "cause", name="uq_ticket_changes_ticket_cause"),
    )
    op.create_index("ix_ticket_changes_ticket", "ticket_changes", ["ticket"])
