"""Who may do what: the one table."""

from collections.abc import Mapping
from typing import Final

from web.errors import Refused

AGENT: Final = frozenset({"conversations.own"})
SUPERVISOR: Final = AGENT | {
    "conversations.all",
    "conversations.manage",
    "contacts.manage",
    "parked.replay",
    "audit.read",
    "redact",
    "canned.manage",
    "contacts.block",
    "reports.read",
    "supervise",
    "views.manage",
    "wallboard.read",
}
PERMISSIONS: Final[Mapping[str, frozenset[str]]] = {
    "agent": AGENT,
    "inspector": frozenset({"conversations.all", "audit.read", "reports.read", "wallboard.read"}),
    "supervisor": SUPERVISOR,
    "admin": SUPERVISOR | {"staff.manage"},
}


def may(role: str, permission: str) -> bool:
    """Does this role carry the permission?"""
    return permission in PERMISSIONS.get(role, frozenset())


def demand(role: str, permission: str) -> None:
    """Raises Refused when the role does not carry the permission."""
    if not may(role, permission):
        raise Refused("forbidden", f"this needs the permission {permission}")
