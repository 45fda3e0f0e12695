"""What people do about scores: reviews, appeals, coaching, sampling plans, calibration sessions, back-tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, Integer, String, Table, Text

from conversation.database import Moment
from quality_check.store.tables import metadata

ReviewKind = Literal["review", "second", "calibration"]
Outcome = Literal["accepted", "partly", "rejected"]

reviews: Final = Table(
    "quality_reviews",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("inspection", String(64), nullable=False, index=True),
    Column("conversation", String(64), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("reviewer", String(64), nullable=False, index=True),
    Column("kind", String(12), nullable=False),
    Column("origin", String(64), nullable=False, index=True),
    Column("state", String(8), nullable=False),
    Column("at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("done_at", Moment),
    Column("lines", JSON, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("missed", JSON, nullable=False),
    Column("comment", Text, nullable=False),
    Column("score", Float),
)
appeals: Final = Table(
    "quality_appeals",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("inspection", String(64), nullable=False, index=True),
    Column("conversation", String(64), nullable=False),
    Column("agent", String(64), nullable=False, index=True),
    Column("lines", JSON, nullable=False),
    Column("turns", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("decided_at", Moment),
    Column("decided_by", String(64), nullable=False),
    Column("decision", Text, nullable=False),
    Column("before", Float),
    Column("after", Float),
)
coaching: Final = Table(
    "quality_coaching",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("inspection", String(64), nullable=False),
    Column("conversation", String(64), nullable=False),
    Column("agent", String(64), nullable=False, index=True),
    Column("by", String(64), nullable=False),
    Column("name", String(64), nullable=False),
    Column("rule", String(60), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("seen_at", Moment),
    Column("comment", Text, nullable=False),
)
examples: Final = Table(
    "quality_examples",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(60), nullable=False, index=True),
    Column("conversation", String(64), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Moment, nullable=False),
)
plans: Final = Table(
    "quality_plans",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("body", JSON, nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("run_at", Moment),
)
sessions: Final = Table(
    "quality_calibrations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("title", String(100), nullable=False),
    Column("by", String(64), nullable=False),
    Column("expert", String(64), nullable=False),
    Column("reviewers", JSON, nullable=False),
    Column("inspections", JSON, nullable=False),
    Column("state", String(8), nullable=False),
    Column("at", Moment, nullable=False),
)
trials: Final = Table(
    "quality_trials",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("by", String(64), nullable=False),
    Column("state", String(8), nullable=False),
    Column("at", Moment, nullable=False),
    Column("beat_at", Moment, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("result", JSON, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Review:
    """A task for `reviewer` to judge a score, and what they said once it is done.

    `origin` is the plan or calibration session it came from, "" when somebody gave it out. `lines`, `answers` and
    `missed` are as rules.judging.Verdict, in JSON. A task is `gone` when an appeal has made it pointless.
    """

    id: str
    inspection: str
    conversation: str
    subject: str
    reviewer: str
    kind: ReviewKind
    origin: str
    at: datetime
    due_at: datetime | None = None
    state: Literal["open", "done", "gone"] = "open"
    done_at: datetime | None = None
    lines: Mapping[str, bool] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    missed: Sequence[Mapping[str, Any]] = ()
    comment: str = ""
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Appeal:
    """An agent disagrees with lines of their score, by number; `turns` are messages that show why, by seq.

    What is decided is final.
    """

    id: str
    inspection: str
    conversation: str
    agent: str
    lines: Sequence[int]
    reason: str
    at: datetime
    due_at: datetime
    before: float | None
    state: Literal["open", "accepted", "partly", "rejected"] = "open"
    decided_at: datetime | None = None
    decided_by: str = ""
    decision: str = ""
    after: float | None = None
    turns: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Coaching:
    """Something for an agent to learn from, about a rule or in general; `comment` is theirs once they have seen it."""

    id: str
    inspection: str
    conversation: str
    agent: str
    by: str
    name: str
    rule: str
    text: str
    at: datetime
    seen_at: datetime | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A message that somebody marked as an example of what `name` says; its words stay in the log."""

    id: str
    name: str
    conversation: str
    seq: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """Which scores are given to whom for review, each day or week; `body` as service.plans.Sampling."""

    id: str
    name: str
    active: bool
    body: Mapping[str, Any]
    by: str
    at: datetime
    run_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Several reviewers judge the same scores; the `expert`, if there is one, is right."""

    id: str
    title: str
    by: str
    expert: str
    reviewers: Sequence[str]
    inspections: Sequence[str]
    at: datetime
    state: Literal["open", "closed"] = "open"


@dataclass(frozen=True, slots=True)
class Trial:
    """A back-test that runs or has run; one whose `beat_at` is long past was cut off."""

    id: str
    by: str
    at: datetime
    beat_at: datetime
    total: int
    done: int = 0
    state: Literal["running", "done", "stopped", "failed"] = "running"
    result: Mapping[str, Any] = field(default_factory=dict)
