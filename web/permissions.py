"""Who may do what: the built-in roles, and what the house has granted beside them."""

from collections.abc import Collection, Mapping
from typing import Final

from web.errors import Refused

AGENT: Final = frozenset({"conversations.own", "quality.own", "knowledge.read"})
INSPECTOR: Final = frozenset({"quality.read", "quality.review", "quality.unmask"})
SUPERVISOR: Final = (
    AGENT
    | INSPECTOR
    | {
        "knowledge.manage",
        "quality.decide",
        "quality.manage",
        "conversations.all",
        "conversations.manage",
        "contacts.manage",
        "parked.replay",
        "audit.read",
        "redact",
        "canned.manage",
        "contacts.block",
        "reports.read",
        "rules.manage",
        "supervise",
        "views.manage",
        "wallboard.read",
    }
)
PERMISSIONS: Final[Mapping[str, frozenset[str]]] = {
    "agent": AGENT,
    "inspector": INSPECTOR | {"conversations.all", "audit.read", "reports.read", "wallboard.read"},
    "supervisor": SUPERVISOR,
    "trainer": frozenset({"bot.train", "conversations.all", "knowledge.read"}),
    "admin": SUPERVISOR
    | {"bot.train", "staff.manage", "roles.manage", "tokens.manage", "webhooks.manage", "setup.manage", "mail.deliver"},
}
KNOWN: Final = frozenset(one for some in PERMISSIONS.values() for one in some)
_granted: dict[str, frozenset[str]] = {}


def grant(role: str, permissions: Collection[str] | None) -> None:
    """From here on the role carries these in this process, in the place of what is built in; None takes that back."""
    if permissions is None:
        _granted.pop(role, None)
    else:
        _granted[role] = frozenset(permissions)


def permissions_of(role: str) -> frozenset[str]:
    """What the role carries."""
    return _granted.get(role, PERMISSIONS.get(role, frozenset()))


def may(role: str, permission: str) -> bool:
    """Does this role carry the permission?"""
    return permission in permissions_of(role)


def demand(role: str, permission: str) -> None:
    """Raises Refused when the role does not carry the permission."""
    if not may(role, permission):
        raise Refused("forbidden", f"this needs the permission {permission}")
