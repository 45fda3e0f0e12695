"""answers to customers go out with their files"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The files by id, as long as the mail waits."""
    with op.batch_alter_table("mails") as mails:
        mails.add_column(sa.Column("files", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    """Waiting mail goes without."""
    with op.batch_alter_table("mails") as mails:
        mails.drop_column("files")
