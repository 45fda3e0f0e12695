"""events by kind, and the demo shop's tables"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Audits read facts by kind; the demo shop keeps orders, parcels and what it has done already."""
    with op.batch_alter_table("events") as batch_op:
        batch_op.create_index("ix_events_kind_seq", ["kind", "seq"], unique=False)
    op.create_table(
        "shop_orders",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("tracking_number", sa.String(length=32), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "shop_parcels",
        sa.Column("tracking_number", sa.String(length=32), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("tracking_number"),
    )
    op.create_table(
        "shop_deeds",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
