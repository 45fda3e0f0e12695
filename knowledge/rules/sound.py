"""How Chinese sounds, so that 快弟 finds 快递."""

from functools import cache
from itertools import pairwise

from knowledge.rules.terms import is_han
from language.fold import fold


def sounds(text: str) -> list[str]:
    """Neighbouring characters by their first reading without tones, as "kuai'di"."""
    read = [_reading(one) if is_han(one) else "" for one in fold(text)]
    return [f"{one}'{other}" for one, other in pairwise(read) if one and other]


@cache
def _reading(character: str) -> str:
    from pypinyin.constants import PINYIN_DICT  # slow to import
    from pypinyin.contrib.tone_convert import to_normal

    known = PINYIN_DICT.get(ord(character), "")
    return str(to_normal(known.split(",")[0])) if known else ""
