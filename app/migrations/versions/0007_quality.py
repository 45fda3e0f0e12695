"""quality: rubrics in versions, inspections and their hits"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Ended conversations of before are scored when the room first runs."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "quality_editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("activated_at", moment),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "version", name="uq_quality_editions_kind_version"),
    )
    op.create_index("ix_quality_editions_state", "quality_editions", ["state"])
    words = {"subject": 64, "group": 64, "channel": 40, "site": 64, "language": 8, "band": 60, "standing": 10}
    op.create_table(
        "quality_inspections",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("rubric", "card", "slot", "messages")),
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in words.items()),
        *(sa.Column(name, moment, nullable=False) for name in ("at", "ended_at")),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("fatal", "current")),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("hits", "answers", "readings", "attributes")),
        sa.Column("csat", sa.Integer()),
        sa.Column("machine", sa.Float()),
        sa.Column("score", sa.Float()),
        sa.Column("seen_at", moment),
        sa.PrimaryKeyConstraint("id"),
    )
    for name in ("conversation", "ended_at", "subject"):
        op.create_index(f"ix_quality_inspections_{name}", "quality_inspections", [name])
    op.create_table(
        "quality_hits",
        sa.Column("inspection", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(60), nullable=False),
        sa.Column("points", sa.Float(), nullable=False),
        sa.Column("fatal", sa.Boolean(), nullable=False),
        sa.Column("found", sa.Boolean(), nullable=False),
        sa.Column("right", sa.Boolean()),
        sa.PrimaryKeyConstraint("inspection", "number"),
    )
    op.create_index("ix_quality_hits_rule", "quality_hits", ["rule"])
