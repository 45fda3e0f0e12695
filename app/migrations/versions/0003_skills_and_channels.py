"""agents' skills, how much they take of each channel, and the audit of changes"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Everybody starts without skills and with one capacity for all channels."""
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("staff") as batch_op:
        batch_op.add_column(sa.Column("skills", sa.String(length=400), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("channel_capacity", sa.JSON(), nullable=False, server_default="{}"))
