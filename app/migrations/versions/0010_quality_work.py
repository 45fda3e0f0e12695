"""what people do about scores: reviews, appeals, coaching, plans, calibration, back-tests"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _table(name: str, *columns: sa.Column[Any], indexed: tuple[str, ...] = ()) -> None:
    key, at = (
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(name, key, *columns, at, sa.PrimaryKeyConstraint("id"))
    for column in indexed:
        op.create_index(f"ix_{name}_{column}", name, [column])


def _ids(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String(64), nullable=False) for name in names]


def _json(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.JSON(), nullable=False) for name in names]


def _moments(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.DateTime(timezone=True)) for name in names]


def upgrade() -> None:
    """Empty tables."""
    _table(
        "quality_reviews",
        *_ids("inspection", "conversation", "subject", "reviewer", "origin"),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        *_moments("due_at", "done_at"),
        *_json("lines", "answers", "missed"),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("score", sa.Float()),
        indexed=("inspection", "reviewer", "origin"),
    )
    _table(
        "quality_appeals",
        *_ids("inspection", "conversation", "agent", "decided_by"),
        *_json("lines"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        *_moments("decided_at"),
        sa.Column("before", sa.Float()),
        sa.Column("after", sa.Float()),
        indexed=("inspection", "agent"),
    )
    _table(
        "quality_coaching",
        *_ids("inspection", "conversation", "agent", "by", "name"),
        sa.Column("rule", sa.String(60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        *_moments("seen_at"),
        indexed=("agent",),
    )
    _table(
        "quality_plans",
        *_ids("by"),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        *_json("body"),
        *_moments("run_at"),
    )
    _table(
        "quality_calibrations",
        *_ids("by", "expert"),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        *_json("reviewers", "inspections"),
    )
    _table(
        "quality_trials",
        *_ids("by"),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        *_json("result"),
    )
