"""A sheet of tickets: one line each."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from desk.rules.people import Group
from desk.rules.tickets import MERGED, Book, Ticket, TicketType
from web.sheets import Both, Language, head, line, local, safe, worded

HEADS: Final[Mapping[str, Both]] = {
    "number": ("编号", "Number"),
    "type": ("类型", "Type"),
    "title": ("标题", "Title"),
    "state": ("状态", "State"),
    "priority": ("优先级", "Priority"),
    "group": ("技能组", "Group"),
    "assignee": ("处理人标识", "Assignee's id"),
    "assignee_name": ("处理人", "Assignee"),
    "contact": ("客户标识", "Customer's id"),
    "created_at": ("创建时间", "Opened"),
    "updated_at": ("更新时间", "Changed"),
    "closed_at": ("完结时间", "Done"),
    "fields": ("字段", "Fields"),
}
PRIORITIES: Final[Mapping[str, Both]] = {
    "low": ("低", "low"),
    "normal": ("普通", "normal"),
    "high": ("高", "high"),
    "urgent": ("紧急", "urgent"),
}


def sheet(
    found: Iterable[Ticket],
    book: Book,
    groups: Mapping[str, Group],
    people: Mapping[str, str],
    words: Language | None,
    zone: ZoneInfo,
) -> Iterator[str]:
    """CSV, line by line. With `words` (zh or en) for people to read, times local; without as on the wire."""
    reads = _reader(groups, words, zone) if words else lambda _type, _name, value: value
    yield head(worded(HEADS[name], words) if words else name for name in HEADS)
    for one in found:
        type = book.type(one.type)
        told = {"assignee_name": people.get(one.assignee, one.assignee), "fields": _fields(type, one.fields, words)}
        if words and one.merged_into:
            told["state"] = MERGED[words]
        yield line([safe(told[name] if name in told else reads(type, name, getattr(one, name))) for name in HEADS])


def _reader(groups: Mapping[str, Group], words: Language, zone: ZoneInfo) -> Callable[[TicketType, str, Any], Any]:
    def reads(type: TicketType, name: str, value: Any) -> Any:
        if isinstance(value, datetime):
            return local(value, zone)
        match name:
            case "type":
                return type.name[words]
            case "state":
                return type.state(value).name[words]
            case "group":
                return groups[value].name[words] if value in groups else value
            case "priority":
                return worded(PRIORITIES[value], words)
        return value

    return reads


def _fields(type: TicketType, values: Mapping[str, Any], words: Language | None) -> str:
    """Each field that says something, `name: value`."""
    told = []
    for field in type.fields:
        if (value := values.get(field.id)) not in (None, ""):
            choice = next((one.name[words] for one in field.choices if one.id == value), value) if words else value
            told.append(f"{field.name[words] if words else field.id}: {choice}")
    return "; ".join(told)
