"""Reports as sheets for people: headings and names in their language, local times."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from desk.rules.reports import Row
from web.sheets import Both, Language, head, line, local, safe, worded

HIDDEN: Final = ("seq", "slot", "waiting_from", "asked_at", "taken_at")
COLUMNS: Final = tuple(name for name in Row._fields if name not in HIDDEN)
HEADS: Final[Mapping[str, Both]] = {
    "conversation": ("会话", "Conversation"),
    "started_at": ("开始时间", "Began"),
    "closed_at": ("结束时间", "Ended"),
    "hour": ("小时", "Hour"),
    "day": ("日期", "Day"),
    "channel": ("渠道", "Channel"),
    "site": ("站点", "Site"),
    "language": ("语言", "Language"),
    "group": ("技能组", "Group"),
    "agent": ("坐席", "Agent"),
    "bot_replied": ("机器人已回复", "Bot replied"),
    "handed_over": ("转人工", "Handed to a person"),
    "answered": ("人工接待", "Answered by a person"),
    "abandoned": ("放弃", "Abandoned"),
    "contained": ("机器人独立解决", "Solved by the bot alone"),
    "wait_seconds": ("排队等待（秒）", "Wait, seconds"),
    "first_response_seconds": ("首次响应（秒）", "First response, seconds"),
    "handling_seconds": ("处理时长（秒）", "Handling, seconds"),
    "transfers": ("转接次数", "Transfers"),
    "reopened": ("重新打开", "Reopened"),
    "messages": ("消息数", "Messages"),
    "rating_asked": ("已邀请评价", "Rating asked"),
    "rating": ("评分", "Rating"),
    "reason": ("咨询类型", "Reason"),
    "resolved": ("已解决", "Resolved"),
    "tags": ("标签", "Tags"),
    "volume": ("会话量", "Conversations"),
    "rated": ("评价数", "Ratings"),
    "csat": ("满意度", "CSAT"),
    "response_rate": ("评价率", "Rated, share"),
    "service_level": ("及时应答率", "Answered in time, share"),
    "containment": ("机器人解决率", "Solved by the bot, share"),
    "abandonment": ("放弃率", "Abandoned, share"),
    "transfer_rate": ("转接率", "Passed on, share"),
    "occupancy": ("占用率", "Occupancy, share"),
}
CHANNELS: Final[Mapping[str, Both]] = {"widget": ("网页聊天", "Web chat"), "email": ("邮件", "E-mail")}
LANGUAGES: Final[Mapping[str, Both]] = {"zh": ("中文", "Chinese"), "en": ("英文", "English")}


@dataclass(frozen=True, slots=True)
class Names:
    """What ids are called: groups and reasons by language, people by their name."""

    groups: Mapping[str, Mapping[str, str]]
    people: Mapping[str, str]
    reasons: Mapping[str, Mapping[str, str]]


def reader(names: Names, words: Language, zone: ZoneInfo) -> Callable[[str, Any], Any]:
    """How a column's value is read, by the column's name; what nobody knows stays as it is."""

    def reads(name: str, value: Any) -> Any:
        match value:
            case datetime():
                return local(value, zone)
            case bool():
                return worded(("是", "yes") if value else ("否", "no"), words)
            case float():
                return round(value, 3)
        match name:
            case "group":
                return names.groups.get(value, {}).get(words, value)
            case "agent":
                return names.people.get(value, value)
            case "reason":
                return names.reasons.get(value, {}).get(words, value)
            case "channel":
                return worded(CHANNELS.get(value, (value, value)), words)
            case "language":
                return worded(LANGUAGES.get(value, (value, value)), words)
        return value

    return reads


def heading(names: Iterable[str], words: Language) -> str:
    """The first line."""
    return head(worded(HEADS[name], words) for name in names)


def table(report: Mapping[str, Any], by: str, words: Language, reads: Callable[[str, Any], Any]) -> Iterator[str]:
    """A report's rows, line by line."""
    figures = list(report["total"])
    yield heading([by, *figures], words)
    for row in report["rows"]:
        yield line([safe(reads(by, row["key"])), *(safe(reads(name, row[name])) for name in figures)])


def told(row: Row, reads: Callable[[str, Any], Any]) -> str:
    """A conversation's line."""
    return line([safe(reads(name, getattr(row, name))) for name in COLUMNS])
