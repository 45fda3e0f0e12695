"""the demo shop's one-time codes, coupons, and what was asked of it"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Deeds of before stand without their order."""
    op.create_table(
        "shop_codes",
        sa.Column("challenge", sa.String(32), nullable=False),
        sa.Column("order_id", sa.String(16), nullable=False),
        sa.Column("sent_to", sa.String(32), nullable=False),
        sa.Column("sent_at", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(6), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("proof", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("challenge"),
    )
    op.create_index("ix_shop_codes_order_id", "shop_codes", ["order_id"])
    op.create_table(
        "shop_coupons",
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    with op.batch_alter_table("shop_deeds") as batch:
        batch.add_column(sa.Column("order_id", sa.String(16), nullable=False, server_default=""))
        batch.add_column(sa.Column("deed", sa.String(16), nullable=False, server_default=""))
        batch.add_column(sa.Column("at", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("asked", sa.JSON(), nullable=False, server_default="{}"))
        batch.create_index("ix_shop_deeds_order_id", ["order_id"])
