"""what the bot was not sure of, what people have taught it, and versions of its model"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "bot_unclear",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("why", sa.String(16), nullable=False),
        sa.Column("intent", sa.String(64), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("guesses", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("ix_bot_unclear_state", "bot_unclear", ["state"])
    op.create_table(
        "bot_examples",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("intent", sa.String(64), nullable=False),
        sa.Column("heldout", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.BigInteger()),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("text", name="uq_bot_examples_text"),
    )
    op.create_index("ix_bot_examples_intent", "bot_examples", ["intent"])
    op.create_table(
        "bot_versions",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("touched_at", moment, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("examples", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("error", sa.String(400), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
