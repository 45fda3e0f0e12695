"""One-time links by which people set their password: an invitation, or when it is forgotten."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final

from desk.service.outbox import Outbox
from desk.store.access import Access
from desk.store.keys import Keys
from desk.store.staff import Roster, Staff

INVITED: Final = timedelta(days=3)
FORGOTTEN: Final = timedelta(hours=1)
INVITATION: Final = (
    "kefu 邀请 / Your invitation to kefu",
    "{name}，您好：\n\n请点击以下链接设置密码（账号：{login}），链接 3 天内有效，仅可使用一次：\n{link}\n\n"
    "Hello {name},\n\nset your password here (your login is {login}). The link works once, within 3 days:\n{link}\n",
)
RESET: Final = (
    "kefu 重置密码 / Reset your kefu password",
    "{name}，您好：\n\n有人请求重置账号 {login} 的密码。如果是您本人，请点击以下链接，1 小时内有效，仅可使用一次；"
    "否则请忽略。\n{link}\n\n"
    "Hello {name},\n\nsomebody asked to reset the password of {login}. If it was you, use this link; "
    "it works once, within an hour. Otherwise do nothing.\n{link}\n",
)


class Invitations:
    """`address` is where people reach the desk, such as https://kefu.example."""

    def __init__(self, keys: Keys, roster: Roster, access: Access, outbox: Outbox, address: str) -> None:
        self._keys = keys
        self._roster = roster
        self._access = access
        self._outbox = outbox
        self._address = address.rstrip("/")

    async def invite(self, member: Staff) -> str | None:
        """By mail when there is a server and an address (None); else the link, to be handed over."""
        return await self._offer(member, INVITED, INVITATION)

    async def forgot(self, login: str) -> None:
        """Mail a link to somebody with an address; nobody learns whether there was one."""
        found = await self._roster.by_login(login)
        if found and found[0].email and self._outbox.open:
            await self._offer(found[0], FORGOTTEN, RESET)

    async def _offer(self, member: Staff, lasts: timedelta, letter: tuple[str, str]) -> str | None:
        token = token_urlsafe(32)
        await self._keys.add_link(_hash(token), member.id, datetime.now(UTC) + lasts)
        link = f"{self._address}/desk/#/password/{token}"
        if not (member.email and self._outbox.open):
            return link
        subject, text = letter
        await self._outbox.put(member.email, subject, text.format(name=member.name, login=member.login, link=link))
        return None

    async def whose(self, token: str) -> Staff | None:
        """Who may set a password with it, while it holds and they are not switched off."""
        id = await self._keys.link(_hash(token), datetime.now(UTC))
        member = await self._roster.by_id(id) if id else None
        return member if member and member.active else None

    async def redeem(self, token: str, password_hash: str) -> Staff | None:
        """Set it, once; whoever was signed in as them no longer is. None when the link does not hold."""
        member = await self.whose(token)
        if member is None or not await self._keys.spend_link(_hash(token)):
            return None
        await self._roster.set_password(member.login, password_hash)
        await self._access.end_all(member.id)
        return member


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
