"""Shapes of input that every door shares."""

from typing import Annotated

from pydantic import Field

Seq = Annotated[int, Field(ge=0, le=2**63 - 1)]
"""A place in the log; what the stores' 64 bits cannot hold is refused by name."""
