"""addresses of staff; second factors, recovery codes, one-time links, identities elsewhere; outgoing mail"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has a second factor or an address yet."""
    moment = sa.DateTime(timezone=True)
    op.add_column("staff", sa.Column("email", sa.String(200), nullable=False, server_default=""))
    op.create_table(
        "second_factors",
        sa.Column("staff", sa.String(64), nullable=False),
        sa.Column("secret", sa.String(400), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("staff"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("staff", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("staff", "hash"),
    )
    op.create_table(
        "one_time_links",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("staff", sa.String(64), nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("ix_one_time_links_staff", "one_time_links", ["staff"])
    op.create_table(
        "identities",
        sa.Column("issuer", sa.String(400), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("staff", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject"),
    )
    op.create_table(
        "mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("to", sa.String(200), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(200), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("next_at", moment),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_mails_next_at", "mails", ["next_at"])
