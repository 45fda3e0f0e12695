"""The sites, seen and changed by who sets the house up."""

from collections.abc import Callable, Container
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Request
from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from channels.api.frames import Frame
from channels.rules import LANGUAGES, SECRET_BYTES, Invitation, Language, Site, missing_language
from channels.service import Sites, shown_site
from web.errors import Refused
from web.hours import HoursBody, hours_of
from web.permissions import demand
from web.staff import Asks, Person, Record

PERMISSION: Final = "setup.manage"
SiteId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
Origin = Annotated[str, StringConstraints(pattern=r"^(\*|https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?)$", max_length=255)]


class Offer(Frame):
    id: SiteId
    text: dict[Language, Text]
    pages: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    event: Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)] = ""
    after_seconds: Annotated[float, Field(ge=0, le=86_400)] = 0
    again_hours: Annotated[float, Field(ge=0, le=8760)] = 24


class SiteBody(Frame):
    """Without `identity_secret` the present one stays; "" takes it away."""

    languages: Annotated[tuple[Language, ...], Field(min_length=1, max_length=2)] = LANGUAGES
    title: dict[Language, Line]
    greeting: dict[Language, Text]
    color: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] = "#2f6fed"
    quick_replies: dict[Language, Annotated[tuple[Line, ...], Field(max_length=8)]] = Field(default_factory=dict)
    origins: Annotated[tuple[Origin, ...], Field(max_length=100)] = ()
    identity_secret: Annotated[str, StringConstraints(max_length=200)] | None = None
    invitations: Annotated[tuple[Offer, ...], Field(max_length=20)] = ()
    group: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{0,40}$")] = ""
    hours: HoursBody | None = None

    @field_validator("languages")
    @classmethod
    def _each_language_once(cls, languages: tuple[Language, ...]) -> tuple[Language, ...]:
        return tuple(dict.fromkeys(languages))

    @field_validator("title", "greeting")
    @classmethod
    def _in_each_language(cls, texts: dict[Language, str], info: ValidationInfo) -> dict[Language, str]:
        if missing := missing_language(texts, info.data.get("languages", ())):
            raise ValueError(f"the text in {missing} is missing")
        return texts

    @field_validator("identity_secret")
    @classmethod
    def _long_enough(cls, secret: str | None) -> str | None:
        if secret and len(secret.encode()) < SECRET_BYTES:
            raise ValueError(f"at least {SECRET_BYTES} bytes, or empty")
        return secret

    @field_validator("invitations")
    @classmethod
    def _each_id_once(cls, offers: tuple[Offer, ...], info: ValidationInfo) -> tuple[Offer, ...]:
        if len({one.id for one in offers}) < len(offers):
            raise ValueError("an id stands for one offer")
        languages = info.data.get("languages", ())
        if missing := next(filter(None, (missing_language(one.text, languages) for one in offers)), ""):
            raise ValueError(f"the text in {missing} is missing")
        return offers

    def site(self, before: Site | None) -> Site:
        """In the place of `before`."""
        told = self.model_dump(exclude={"identity_secret", "invitations", "hours"})
        kept = before.identity_secret if before else ""
        secret = kept if self.identity_secret is None else self.identity_secret
        offers = tuple(Invitation(**one.model_dump()) for one in self.invitations)
        hours = hours_of(self.hours.model_dump(mode="json")) if self.hours else None
        return Site(**told, identity_secret=secret, invitations=offers, hours=hours)


def shown(id: str, site: Site) -> dict[str, Any]:
    """Of the secret only whether there is one."""
    return {"id": id, **shown_site(site), "identity_secret": bool(site.identity_secret)}


def build(sites: Sites, asks: Asks, record: Record, groups: Callable[[], Container[str]]) -> APIRouter:
    """All of them need setup.manage; each change is in the audit. `groups` are those that there are."""
    api = APIRouter(prefix="/api/sites", tags=["sites"])

    async def manager(request: Request) -> Person:
        asker = await asks(request)
        demand(asker.role, PERMISSION)
        return asker

    me_of = Annotated[Person, Depends(manager)]

    @api.get("")
    async def all_of_them(me: me_of) -> dict[str, Any]:
        return {"sites": [shown(id, site) for id, site in sites.now.items()]}

    @api.put("/{id}")
    async def put(id: Annotated[SiteId, Path()], body: SiteBody, me: me_of) -> dict[str, Any]:
        if body.group and body.group not in groups():
            raise Refused("invalid", "no group has this id", "group")
        await sites.put(id, body.site(sites.now.get(id)), me.id)
        after = shown(id, sites.now[id])
        await record(me.id, me.name, "site.changed", id, after)
        return after

    @api.delete("/{id}", status_code=204)
    async def remove(id: Annotated[SiteId, Path()], me: me_of) -> None:
        try:
            await sites.remove(id, me.id)
        except KeyError:
            raise Refused("not_found", "no site has this id") from None
        await record(me.id, me.name, "site.removed", id, {})

    return api
