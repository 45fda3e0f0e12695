"""Does the customer want an answer now, or go on writing first? Told by how they write, more than by what about."""

import math
import re
from typing import Final

from agent_assist.rules.dialogue import Moment
from agent_assist.rules.terms import terms

ASKING: Final = re.compile(
    r"[?？吗么呢哪几]|怎么|什么|多久|能不能|可以|\b(?:how|what|when|where|why|can|could|is|do)\b", re.I
)
ASKED_FOR: Final = re.compile(r"[?？吗]|什么|提供|发|\b(?:please|send|provide|give)\b", re.I)
PARTING: Final = re.compile(r"再见|评价|祝您|感谢您|\b(?:bye|have a (?:nice|great|good)|thank you for)\b", re.I)
NO_WORDS: Final = re.compile(r"(?:\[[^\]]*\]|#\S*|[\W\d_])*")


def pauses(moment: Moment) -> list[str]:
    """What may tell whether an answer is awaited, as named features: the newest message, how many there were since the
    last answer and how many this customer mostly writes before one, and what the agent said last."""
    newest = moment.newest.strip()
    burst, asks = min(moment.burst, 4), bool(ASKING.search(newest))
    pace = str(min(round(2 * moment.heard / moment.nth), 8)) if moment.nth else "-"
    parting, wanted = bool(PARTING.search(moment.said)), bool(ASKED_FOR.search(moment.said))
    found = [f"newest:{term}" for term in terms(newest)]
    found += [f"ends:{newest[-1:]}", f"ends:{newest[-2:]}", f"begins:{newest[:2]}", f"long:{_size(newest)}"]
    found += [f"burst:{min(moment.burst, 6)}", f"pace:{pace}", f"pace:{pace}|{burst}", f"nth:{min(moment.nth, 10)}"]
    found += [f"asks:{asks}", f"asks:{asks}|{wanted}", f"asks:{asks}|{burst}", f"parting:{parting}"]
    return [*found, f"no words:{NO_WORDS.fullmatch(newest) is not None}", f"parting:{parting}|{newest[:1]}"]


def _size(text: str) -> int:
    return min(int(math.log2(len(text) + 1)), 7)
