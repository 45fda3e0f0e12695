"""How things of assist look on the wire."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from agent_assist.ports import Account
from agent_assist.rules.guides import Guide, Progress, Step
from agent_assist.service.advise import View
from agent_assist.service.write import Briefing, Draft
from conversation.codec import timestamp
from conversation.events import Suggested


def view_of(view: View) -> dict[str, Any]:
    """What an agent sees beside a conversation."""
    return {
        "suggested": _suggested(view),
        "guide": _progress(view.progress) if view.progress else None,
        "acts": [{"act": act, "share": round(share, 3)} for act, share in view.acts],
        "picture": {
            "intent": view.intent,
            "entities": _entities(view.entities),
            "mood": list(view.mood),
            "turned": view.turned,
            "past": [
                {"id": one.id, "at": timestamp(one.updated_at) if one.updated_at else None, "text": text}
                for one, text in view.past
            ],
        },
    }


def _entities(found: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in found.items()]


def account_of(account: Account) -> dict[str, Any]:
    """What the company knows of the customer."""
    since = timestamp(account.since) if account.since else None
    return {**asdict(account), "since": since}


def briefing_of(briefing: Briefing | None) -> dict[str, Any] | None:
    """What whoever got the conversation should know."""
    if briefing is None:
        return None
    told = asdict(briefing)
    summary = told.pop("summary")
    return {**told, **summary, "entities": _entities(briefing.entities)}


def _suggested(view: View) -> dict[str, Any] | None:
    if view.suggested is None or not isinstance(view.suggested.fact, Suggested):
        return None
    fact = view.suggested.fact
    given = [{**asdict(one), "verdict": view.judged.get(n, "")} for n, one in enumerate(fact.suggestions)]
    return {"seq": view.suggested.seq, "message": fact.message, "suggestions": given}


def _progress(progress: Progress) -> dict[str, Any]:
    steps = [{**_step(step), "done": done} for step, done in progress.steps]
    following = progress.next
    return {
        **named(progress.guide),
        "slots": dict(progress.slots),
        "steps": steps,
        "next": following.id if following else None,
        "missing": [step.id for step in progress.missing],
    }


def named(guide: Guide) -> dict[str, Any]:
    """A guide in a list."""
    return {"id": guide.id, "name": dict(guide.name)}


def _step(step: Step) -> dict[str, Any]:
    return {"id": step.id, "name": dict(step.name), "say": dict(step.say), "required": step.required}


def draft_of(draft: Draft) -> dict[str, Any]:
    """A summary, as the wrap-up form and a ticket could say it."""
    return {
        **asdict(draft.summary),
        "reason": draft.reason,
        "tags": [dict(one) for one in draft.tags],
        "ticket": {"type": draft.ticket, "fields": dict(draft.fields)},
        "made_by": draft.made_by,
    }
