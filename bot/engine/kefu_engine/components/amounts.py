"""Amounts of money in both languages: ¥299 · 3块5 · 1.2万元 · $20 · twenty dollars."""

import re
from collections.abc import Iterator

from kefu_engine.components.numerals import HAN_DIGITS, NUMBER, Found, number_of

BEFORE = {
    "hk$": "HKD", "港币": "HKD", "us$": "USD", "usd": "USD", "$": "USD",
    "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP",
    "¥": "CNY", "rmb": "CNY", "cny": "CNY", "人民币": "CNY",
}  # fmt: skip
AFTER = {
    "元": "CNY", "块钱": "CNY", "块": "CNY", "圆": "CNY", "人民币": "CNY",
    "rmb": "CNY", "cny": "CNY", "yuan": "CNY", "kuai": "CNY",
    "美元": "USD", "美金": "USD", "刀": "USD", "usd": "USD",
    "us dollars": "USD", "dollars": "USD", "dollar": "USD", "bucks": "USD",
    "港币": "HKD", "港元": "HKD", "hkd": "HKD", "欧元": "EUR", "euros": "EUR", "euro": "EUR", "eur": "EUR",
    "英镑": "GBP", "pounds": "GBP", "gbp": "GBP",
}  # fmt: skip


def _any(signs: dict[str, str]) -> str:
    return "|".join(re.escape(sign) for sign in sorted(signs, key=len, reverse=True))


MONEY = re.compile(
    rf"(?P<before>{_any(BEFORE)})\s?(?P<first>{NUMBER})"
    rf"|(?P<second>{NUMBER})\s?(?P<after>{_any(AFTER)})(?![a-z])(?P<tenths>[0-9{''.join(HAN_DIGITS)}](?![0-9{''.join(HAN_DIGITS)}件个])[角毛]?)?",
    re.ASCII,
)
TOGETHER = re.compile(r"一块(?!钱|[0-9一二三四五六七八九])")
"""一块 is "together" far more often than "one yuan"."""
HINT = re.compile(rf"{_any(BEFORE)}|{_any(AFTER)}")


def amounts(text: str) -> Iterator[Found]:
    """Amounts of a message in lower case and half width, as "299.5 CNY"."""
    if not HINT.search(text):
        return
    for match in MONEY.finditer(text):
        number = number_of(match["first"] or match["second"])
        if number is None or TOGETHER.match(text, match.start()):
            continue
        if tenths := match["tenths"]:
            number += (HAN_DIGITS[tenths[0]] if tenths[0] in HAN_DIGITS else int(tenths[0])) / 10
        currency = BEFORE[match["before"]] if match["before"] else AFTER[match["after"]]
        yield Found(match.start(), match.end(), f"{number:.12g} {currency}")
