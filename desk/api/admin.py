"""Who may do what, from where, and what the house does by itself."""

from dataclasses import asdict, replace
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Annotated, Any

from fastapi import APIRouter, Query

from conversation.codec import timestamp
from desk.api.admin_bodies import NewToken, PasswordBody, QueueAct, RoleBody, RuleBody, StaffChanges, Trial, WebhookBody
from desk.api.hall import Hall, differing
from desk.service.automation import rule_of
from desk.service.webhooks import Webhooks
from desk.store.shelf import Kept
from web.errors import Refused
from web.permissions import KNOWN, PERMISSIONS, demand, may


def admin_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    """All of them; each change is in the audit."""
    _people_routes(api, hall, me_of)
    _role_routes(api, hall, me_of)
    _session_routes(api, hall, me_of)
    _token_routes(api, hall, me_of)
    _webhook_routes(api, hall, me_of)
    _delivery_routes(api, hall, me_of)
    _rule_routes(api, hall, me_of)
    _trial_routes(api, hall, me_of)


def _people_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    @api.patch("/staff/{id}")
    async def change(id: str, body: StaffChanges, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "staff.manage")
        member = await hall.roster.by_id(id)
        if member is None:
            raise Refused("not_found", "nobody here has this id")
        changes = body.model_dump(exclude_none=True)
        if changes.get("role", member.role) not in {*PERMISSIONS, *(kept.id for kept in await hall.admin.roles.all())}:
            raise Refused("invalid", "no role has this name", "role")
        changed = replace(member, **changes)
        await hall.roster.change(changed)
        if not changed.active or changed.role != member.role:
            await hall.admin.access.end_all(id)
        await hall.note(me, "staff.changed", id, differing(asdict(member), asdict(changed)))
        return asdict(changed)

    @api.put("/staff/{id}/password", status_code=204)
    async def password(id: str, body: PasswordBody, me: me_of) -> None:
        member = await hall.roster.by_id(id)
        if id == me.staff.id:
            known = await hall.roster.by_login(me.staff.login)
            if not await hall.passwords.match(known[1] if known else None, body.old):
                raise Refused("forbidden", "the present password is wrong", "old")
        else:
            demand(me.staff.role, "staff.manage")
        if member is None:
            raise Refused("not_found", "nobody here has this id")
        await hall.roster.set_password(member.login, hall.passwords.hash(body.password))
        if id != me.staff.id:
            await hall.admin.access.end_all(id)
        await hall.note(me, "staff.password", id, {})


def _role_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    roles = hall.admin.roles

    @api.get("/roles")
    async def every(me: me_of) -> dict[str, Any]:
        own = {kept.id: kept.body["permissions"] for kept in await roles.all()}
        shown = {**{name: sorted(some) for name, some in PERMISSIONS.items()}, **own}
        listed = [
            {"name": name, "permissions": some, "built_in": name in PERMISSIONS, "changed": name in own}
            for name, some in shown.items()
        ]
        return {"roles": listed, "permissions": sorted(KNOWN)}

    @api.put("/roles/{name}")
    async def define(name: str, body: RoleBody, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "roles.manage")
        if name == "admin" or not name.isascii() or not 0 < len(name) <= 16 or ":" in name:
            raise Refused("invalid", "1 to 16 ASCII characters, without `:`; admin stays as it is", "name")
        await roles.put(me.staff.id, {"permissions": sorted(set(body.permissions))}, name)
        hall.signals.publish("access", {})
        await hall.note(me, "role.defined", name, {"permissions": list(body.permissions)})
        return {"name": name, "permissions": sorted(set(body.permissions))}

    @api.delete("/roles/{name}", status_code=204)
    async def remove(name: str, me: me_of) -> None:
        demand(me.staff.role, "roles.manage")
        if any(one.role == name for one in await hall.roster.all()) and name not in PERMISSIONS:
            raise Refused("conflict", "somebody has this role", "name")
        if not await roles.remove(name):
            raise Refused("not_found", "no role of your own has this name", "name")
        hall.signals.publish("access", {})
        await hall.note(me, "role.removed", name, {})


def _session_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    access = hall.admin.access

    @api.get("/sessions")
    async def sessions(me: me_of, staff: Annotated[str, Query(max_length=64)] = "") -> dict[str, Any]:
        if staff not in ("", me.staff.id):
            demand(me.staff.role, "staff.manage")
        found = await access.sessions_of(staff or me.staff.id)
        shown = [
            {**asdict(one), "opened_at": timestamp(one.opened_at), "current": one.id == me.session.id} for one in found
        ]
        return {"sessions": shown}

    @api.delete("/sessions/{id}", status_code=204)
    async def end(id: str, me: me_of) -> None:
        found = await access.session(id)
        if found is None or (found.staff != me.staff.id and not may(me.staff.role, "staff.manage")):
            raise Refused("not_found", "there is no such session")
        await access.end(id)
        await hall.note(me, "session.ended", found.staff, {})


def _token_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    access = hall.admin.access

    @api.get("/tokens")
    async def tokens(me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "tokens.manage")
        return {"tokens": [asdict(one) for one in await access.tokens()]}

    @api.post("/tokens", status_code=201)
    async def issue(body: NewToken, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "tokens.manage")
        for scope in body.scopes:
            demand(me.staff.role, scope)
        secret, token = await access.issue(body.name, body.scopes, me.staff.id)
        await hall.note(me, "token.issued", token.id, {"name": body.name, "scopes": list(body.scopes)})
        return {**asdict(token), "token": secret}

    @api.delete("/tokens/{id}", status_code=204)
    async def withdraw(id: str, me: me_of) -> None:
        demand(me.staff.role, "tokens.manage")
        name = next((one.name for one in await access.tokens() if one.id == id), "")
        if not await access.withdraw(id):
            raise Refused("not_found", "there is no such token")
        await hall.note(me, "token.withdrawn", id, {"name": name})


async def _hook(hall: Hall, id: str) -> Kept:
    kept = await hall.admin.hooks.find(id)
    if kept is None:
        raise Refused("not_found", "there is no such webhook")
    return kept


def _webhook_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    hooks = hall.admin.hooks

    def shown(kept: Kept) -> dict[str, Any]:
        return {name: value for name, value in kept.shown().items() if name != "secret"}

    @api.get("/webhooks")
    async def every(me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "webhooks.manage")
        return {"webhooks": [shown(kept) for kept in await hooks.all()]}

    @api.post("/webhooks", status_code=201)
    async def add(body: WebhookBody, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "webhooks.manage")
        kept = await hooks.put(me.staff.id, {**body.kept(), "secret": token_urlsafe(32)})
        await hall.note(me, "webhook.added", kept.id, body.kept())
        return kept.shown()

    @api.put("/webhooks/{id}")
    async def change(id: str, body: WebhookBody, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "webhooks.manage")
        kept = await _hook(hall, id)
        await hall.note(me, "webhook.changed", id, {"url": str(body.url), **differing(kept.body, body.kept())})
        return shown(await hooks.put(kept.owner, {**body.kept(), "secret": kept.body["secret"]}, id))

    @api.delete("/webhooks/{id}", status_code=204)
    async def remove(id: str, me: me_of) -> None:
        demand(me.staff.role, "webhooks.manage")
        kept = await _hook(hall, id)
        await hooks.remove(id)
        await hall.note(me, "webhook.removed", id, {"url": kept.body["url"]})


def _delivery_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    deliveries = hall.admin.deliveries

    @api.post("/webhooks/{id}/test")
    async def test(id: str, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "webhooks.manage")
        status, error = await hall.admin.webhooks.test(await _hook(hall, id))
        return {"status": status, "error": error}

    @api.get("/webhooks/{id}/deliveries")
    async def sent(id: str, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "webhooks.manage")
        return {"deliveries": [asdict(one) for one in await deliveries.latest(id, 100)]}

    @api.post("/webhooks/deliveries/{id}/retry")
    async def retry(id: int, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "webhooks.manage")
        delivery = await deliveries.find(id) if 0 < id < 2**31 else None
        if delivery is None:
            raise Refused("not_found", "there is no such delivery")
        await hall.admin.webhooks.retry(delivery)
        return {"id": id}


def _demand_groups(hall: Hall, rule: RuleBody) -> None:
    for n, act in enumerate(rule.then):
        if isinstance(act, QueueAct):
            hall.demand_group(act.group, f"then.{n}.group")


async def _rule(hall: Hall, id: str) -> Kept:
    kept = await hall.admin.rules.find(id)
    if kept is None:
        raise Refused("not_found", "there is no such rule")
    return kept


def _rule_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    rules = hall.admin.rules

    @api.get("/rules")
    async def every(me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "rules.manage")
        return {"rules": [kept.shown() for kept in await rules.all()]}

    @api.post("/rules", status_code=201)
    async def add(body: RuleBody, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "rules.manage")
        _demand_groups(hall, body)
        kept = await rules.put(me.staff.id, body.kept())
        await hall.note(me, "rule.added", kept.id, body.kept())
        return kept.shown()

    @api.put("/rules/{id}")
    async def change(id: str, body: RuleBody, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "rules.manage")
        kept = await _rule(hall, id)
        _demand_groups(hall, body)
        await hall.note(me, "rule.changed", id, {"name": body.name, **differing(kept.body, body.kept())})
        return (await rules.put(me.staff.id, body.kept(), id)).shown()

    @api.delete("/rules/{id}", status_code=204)
    async def remove(id: str, me: me_of) -> None:
        demand(me.staff.role, "rules.manage")
        kept = await _rule(hall, id)
        await rules.remove(id)
        await hall.note(me, "rule.removed", id, {"name": kept.body["name"]})


def _trial_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    @api.get("/kinds")
    async def kinds(me: me_of) -> dict[str, Any]:
        return {"kinds": sorted(kind.__name__ for kind in Webhooks.HEARS)}

    @api.post("/rules/try")
    async def rehearse(body: Trial, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "rules.manage")
        rule = rule_of(Kept("trial", me.staff.id, datetime.now(UTC), body.rule.kept()))
        told = await hall.admin.automation.rehearse(rule, body.days)
        found = await hall.log.load_all(told.conversations)
        named = [
            {"id": id, "contact": now.contact, "contact_name": now.contact_name if hall.may_see(now, me.staff) else ""}
            for id in told.conversations
            if (now := found.get(id))
        ]
        return {"matched": told.matched, "conversations": named, "since": timestamp(told.since)}
