"""pages of a document that have no text"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of what was read before, none is known."""
    with op.batch_alter_table("knowledge_entries") as entries:
        entries.add_column(sa.Column("scanned", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    """They are told again when the file is read again."""
    with op.batch_alter_table("knowledge_entries") as entries:
        entries.drop_column("scanned")
