"""mail that goes out carries headers of its own: the ticket it is about, the letter it answers"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column."""
    with op.batch_alter_table("mails") as mails:
        mails.add_column(sa.Column("headers", sa.JSON(), nullable=False, server_default="{}"))
