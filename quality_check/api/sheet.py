"""A sheet of scores: one line each, without a customer's words."""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from quality_check.store.inspections import Inspection
from web.sheets import Both, Language, head, line, local, safe, worded

HEADS: Final[Mapping[str, Both]] = {
    "conversation": ("会话", "Conversation"),
    "ended_at": ("结束时间", "Ended"),
    "subject": ("坐席标识", "Agent id"),
    "name": ("坐席", "Agent"),
    "group": ("技能组", "Group"),
    "channel": ("渠道", "Channel"),
    "language": ("语言", "Language"),
    "messages": ("消息数", "Messages"),
    "csat": ("满意度", "CSAT"),
    "machine": ("机器评分", "Machine's score"),
    "score": ("得分", "Score"),
    "fatal": ("一票否决", "Automatic fail"),
    "band": ("等级", "Band"),
    "standing": ("状态", "State"),
    "seen_at": ("阅读时间", "Read at"),
    "rubric": ("规则版本", "Version of the rules"),
    "card": ("评分表版本", "Version of the scorecard"),
    "rules": ("命中规则", "Rules that hit"),
}
VALUES: Final[Mapping[Any, Both]] = {
    True: ("是", "yes"),
    False: ("否", "no"),
    "bot": ("机器人", "Bot"),
    "zh": ("中文", "Chinese"),
    "en": ("英文", "English"),
    "machine": ("仅机器", "machine only"),
    "reviewed": ("已复核", "reviewed"),
    "appealed": ("申诉中", "appealed"),
    "decided": ("已裁定", "decided"),
}
WORDED: Final = ("name", "language", "fatal", "standing")
Named = Mapping[str, Mapping[Language, str]]
"""Names in both languages, by id."""


async def sheet(
    found: AsyncIterator[Inspection],
    people: Mapping[str, str],
    rules: Named,
    bands: Named,
    words: Language | None,
    zone: ZoneInfo,
) -> AsyncIterator[str]:
    """CSV, line by line. With `words` (zh or en) for people to read, times local; without as on the wire."""
    reads = _reader(rules, bands, words, zone) if words else lambda _, value: value
    yield head(worded(HEADS[name], words) if words else name for name in HEADS)
    async for one in found:
        hit = dict.fromkeys(each.rule for each in one.hits if each.counts)
        rules_hit = ("; " if words else " ").join(reads("rules", rule) for rule in hit)
        told = {"name": reads("name", people.get(one.subject, one.subject)), "rules": rules_hit}
        yield line([safe(told[name] if name in told else reads(name, getattr(one, name))) for name in HEADS])


def _reader(rules: Named, bands: Named, words: Language, zone: ZoneInfo) -> Callable[[str, Any], Any]:
    names = {"rules": rules, "band": bands}

    def reads(name: str, value: Any) -> Any:
        if isinstance(value, datetime):
            return local(value, zone)
        if name in names:
            return names[name].get(value, {}).get(words, value)
        return worded(VALUES[value], words) if name in WORDED and value in VALUES else value

    return reads
