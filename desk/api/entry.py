"""How staff come in: password and second factor, a forgotten password, an identity provider."""

import logging
from collections.abc import Mapping
from dataclasses import asdict
from secrets import token_urlsafe
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import StringConstraints

from desk.api.bodies import Body, SignIn
from desk.api.hall import Hall, Me
from desk.ports import Identity, IdentityProvider, NotIdentified
from desk.store.staff import Staff, new_id
from web.errors import Refused
from web.permissions import permissions_of
from web.sessions import COOKIE

log: Final = logging.getLogger(__name__)
SIGN_INS: Final = 10
SIGN_IN_SECONDS: Final = 60.0
SIGN_INS_FROM: Final = 200  # an address may be a whole office's
SLIP: Final = "kefu_identity"
Code = Annotated[str, StringConstraints(min_length=6, max_length=20)]
LinkToken = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Told = Annotated[str, Query(max_length=4000)]


class CodeBody(Body):
    code: Code


class Forgot(Body):
    login: Annotated[str, StringConstraints(min_length=1, max_length=64)]


class NewPassword(Body):
    token: LinkToken
    password: Annotated[str, StringConstraints(max_length=200)]


def entry_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    """All of them."""
    _session_routes(api, hall, me_of)
    _factor_routes(api, hall, me_of)
    _password_routes(api, hall)
    if hall.entry.provider:
        _identity_routes(api, hall, hall.entry.provider)


def described(member: Staff, present: Mapping[str, str]) -> dict[str, Any]:
    """A member of staff on the wire."""
    return {**asdict(member), "presence": present.get(member.id, "offline")}


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


async def _count(hall: Hall, what: str, most: int = SIGN_INS) -> None:
    if await hall.signals.count(what, SIGN_IN_SECONDS) > most:
        raise Refused("too_many", "too many attempts; wait a minute", "login", retry_after=int(SIGN_IN_SECONDS))


async def _open(hall: Hall, member: Staff, request: Request, response: Response) -> Me:
    cookie, session = hall.sessions.open(member.id)
    await hall.admin.access.open(session.id, member.id, _address(request), request.headers.get("user-agent", ""))
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, cookie, httponly=True, samesite="lax", secure=secure)
    return Me(member, session)


def _session_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    factor = hall.entry.second_factor

    async def shown(me: Me) -> dict[str, Any]:
        needed = me.staff.role in hall.setup.premises.second_factor_roles
        on = await factor.on(me.staff.id)
        return {
            "staff": described(me.staff, await hall.presence.all()),
            "csrf": me.session.csrf,
            "permissions": sorted(permissions_of(me.staff.role)),
            "second_factor": {"on": on, "needed": needed, "codes": await factor.codes_left(me.staff.id)},
        }

    @api.get("/entry")
    async def ways() -> dict[str, Any]:
        return {"mail": hall.entry.outbox.open, "provider": hall.entry.provider_name if hall.entry.provider else ""}

    @api.post("/session")
    async def sign_in(body: SignIn, response: Response, request: Request) -> dict[str, Any]:
        await _count(hall, f"sign-in-from:{_address(request)}", SIGN_INS_FROM)
        await _count(hall, f"sign-in:{body.login}")
        found = await hall.roster.by_login(body.login)
        if not await hall.passwords.match(found[1] if found else None, body.password) or found is None:
            raise Refused("unauthenticated", "login or password is wrong")
        if await factor.on(found[0].id):
            if not body.code:
                raise Refused("second_factor", "a code of the authenticator, or a recovery code", "code")
            if not await factor.check(found[0].id, body.code):
                raise Refused("second_factor", "this code is wrong or was used", "code")
        return await shown(await _open(hall, found[0], request, response))

    @api.get("/session")
    async def who_am_i(me: me_of) -> dict[str, Any]:
        return await shown(me)

    @api.delete("/session", status_code=204)
    async def sign_out(me: me_of, response: Response) -> None:
        await hall.presence.set(me.staff.id, "offline")
        await hall.admin.access.end(me.session.id)
        response.delete_cookie(COOKIE)


def _factor_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    factor = hall.entry.second_factor

    async def note(me: Me, act: str) -> None:
        await hall.changes.record(me.staff.id, me.staff.name, act, me.staff.id, {})

    @api.post("/second-factor")
    async def propose(me: me_of) -> dict[str, Any]:
        if not me.staff.login:
            raise Refused("forbidden", "programs have no second factor")
        if await factor.on(me.staff.id):
            raise Refused("conflict", "there is one already; switch it off first")
        return asdict(await factor.propose(me.staff.id, me.staff.login))

    @api.post("/second-factor/confirm")
    async def confirm(body: CodeBody, me: me_of) -> dict[str, Any]:
        await _count(hall, f"factor:{me.staff.id}")
        codes = await factor.confirm(me.staff.id, body.code)
        if codes is None:
            raise Refused("invalid", "this code does not fit; is the phone's clock right?", "code")
        await note(me, "factor.on")
        return {"codes": codes}

    @api.post("/second-factor/off", status_code=204)
    async def off(body: CodeBody, me: me_of) -> None:
        await _count(hall, f"factor:{me.staff.id}")
        if not await factor.check(me.staff.id, body.code):
            raise Refused("invalid", "this code is wrong or was used", "code")
        await factor.forget(me.staff.id)
        await note(me, "factor.off")


def _password_routes(api: APIRouter, hall: Hall) -> None:
    invitations = hall.entry.invitations

    @api.post("/password/forgot", status_code=204)
    async def forgot(body: Forgot, request: Request) -> None:
        await _count(hall, f"forgot:{body.login}")
        await _count(hall, f"forgot-from:{_address(request)}")
        await invitations.forgot(body.login)

    @api.get("/password/{token}")
    async def whose(token: LinkToken) -> dict[str, Any]:
        member = await invitations.whose(token)
        if member is None:
            raise Refused("not_found", "this link was used or is too old; ask for another", "token")
        return {"login": member.login, "name": member.name}

    @api.post("/password", status_code=204)
    async def redeem(body: NewPassword) -> None:
        member = await invitations.redeem(body.token, hall.passwords.hash(body.password))
        if member is None:
            raise Refused("not_found", "this link was used or is too old; ask for another", "token")
        await hall.changes.record(member.id, member.name, "staff.password", member.id, {"by": "link"})


def _identity_routes(api: APIRouter, hall: Hall, provider: IdentityProvider) -> None:
    slips, redirect = hall.entry.slips, hall.entry.redirect

    def refused(reason: str, why: Exception | None = None) -> RedirectResponse:
        if why is not None:
            log.warning("the identity provider signed nobody in: %s", why)
        answer = RedirectResponse(f"/desk/#/refused/{reason}", 303)
        answer.delete_cookie(SLIP, path="/api/identity")
        return answer

    @api.get("/identity/begin")
    async def begin(request: Request) -> RedirectResponse:
        try:
            url, kept = await provider.begin(redirect)
        except NotIdentified as error:
            return refused("provider", error)
        answer = RedirectResponse(url, 303)
        flags = {"httponly": True, "secure": request.url.scheme == "https", "max_age": slips.seconds}
        answer.set_cookie(SLIP, slips.sign(kept), samesite="lax", path="/api/identity", **flags)  # type: ignore[arg-type]
        return answer

    @api.get("/identity/callback")
    async def finish(request: Request, state: Told = "", code: Told = "") -> RedirectResponse:
        try:
            kept = slips.read(request.cookies.get(SLIP))
            identity = await provider.finish(redirect, kept, state, code)
        except (NotIdentified, Refused) as error:
            return refused("provider", error)
        member = await _known(hall, identity)
        if member is None:
            return refused("unknown")
        answer = RedirectResponse("/desk/", 303)
        answer.delete_cookie(SLIP, path="/api/identity")
        await _open(hall, member, request, answer)
        return answer


async def _known(hall: Hall, identity: Identity) -> Staff | None:
    """Who this is: known from before, by their verified address, or somebody new when the house takes new people."""
    entry = hall.entry
    id = await entry.keys.identity(identity.issuer, identity.subject)
    if id is not None:
        member = await hall.roster.by_id(id)
        return member if member and member.active else None
    member = await hall.roster.by_email(identity.email) if identity.email else None
    if member is None and entry.new_role:
        login = f"sso-{token_urlsafe(9)}"
        member = Staff(new_id(), login, identity.name, entry.new_role, ("zh", "en"), (), 5, email=identity.email)
        await hall.roster.add(member, hall.passwords.hash(token_urlsafe(32)))
        await hall.changes.record(member.id, member.name, "staff.added", member.id, {"by": identity.issuer})
    if member is not None:
        await entry.keys.identify(identity.issuer, identity.subject, member.id)
        await hall.changes.record(member.id, member.name, "identity.linked", member.id, {"issuer": identity.issuer})
    return member
