"""What all of the desk's tables share."""

from typing import Final

from sqlalchemy import MetaData

from conversation.database import NAMING, Moment

__all__ = ["Moment", "metadata"]

metadata: Final = MetaData(naming_convention=NAMING)
