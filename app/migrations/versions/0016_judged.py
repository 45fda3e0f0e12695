"""a language model's opinions of a conversation, turns of an appeal, messages that reviewers marked as examples"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns and a table."""
    op.add_column("quality_inspections", sa.Column("opinions", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("quality_appeals", sa.Column("turns", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "quality_examples",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_quality_examples_name", "quality_examples", ["name"])
