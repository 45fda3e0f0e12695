"""What the shop's tables share."""

from typing import Final

from sqlalchemy import MetaData

metadata: Final = MetaData()
