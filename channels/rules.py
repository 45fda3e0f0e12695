"""What the customer's door accepts; pure."""

import re
import unicodedata
from typing import Final

TEXT_LENGTH: Final = 4000
COMMENT_LENGTH: Final = 1000
FRAME_BYTES: Final = 65_536
ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
LANGUAGES: Final = ("zh", "en")


def flaw_of_text(text: str, limit: int = TEXT_LENGTH) -> str:
    """Why this cannot be a message's text, or ""."""
    if len(text) > limit:
        return f"at most {limit} characters, these are {len(text)}"
    if "\x00" in text:
        return "a null character cannot be stored"
    if any(unicodedata.category(character) == "Cs" for character in text):
        return "half of a surrogate pair is not a character"
    return ""


def flaw_of_id(id: str) -> str:
    """Why this cannot be a client's id, or ""."""
    return "" if ID.fullmatch(id) else "1 to 64 letters, digits, _ or -"
