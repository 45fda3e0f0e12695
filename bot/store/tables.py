"""What all of the bot's tables share."""

from typing import Final

from sqlalchemy import MetaData

from conversation.database import NAMING

metadata: Final = MetaData(naming_convention=NAMING)
