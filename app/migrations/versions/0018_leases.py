"""who lives says whose leases count"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A lease holds as long as its owner's row in cursor_owners does."""
    with op.batch_alter_table("cursors") as table:
        table.drop_column("until")


def downgrade() -> None:
    """Leases that ran out long ago."""
    with op.batch_alter_table("cursors") as table:
        table.add_column(sa.Column("until", sa.DateTime(timezone=True), nullable=True))
