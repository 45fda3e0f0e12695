"""how long agents were in which state"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Counted from here on."""
    op.create_table(
        "agent_time",
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("staff", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("busy_seconds", sa.Float(), nullable=False),
        sa.Column("load_seconds", sa.Float(), nullable=False),
        sa.Column("place_seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("slot", "staff", "state"),
    )
