"""The log in SQL, through SQLAlchemy 2: SQLite and PostgreSQL behind one contract."""

from conversation.sql.log import SqlLog
from conversation.sql.tables import metadata

__all__ = ["SqlLog", "metadata"]
