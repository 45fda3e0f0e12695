"""How well agent assist would have served the agents of given conversations."""

import random
import time
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from agent_assist.rules.actions import ActionModel, learn_actions
from agent_assist.rules.dialogue import Dialogue, Moment, agent_moments
from agent_assist.rules.measures import Bm25, rank_of_first, recalls
from agent_assist.rules.replies import ReplyModel, learn_replies
from agent_assist.rules.terms import terms

CANDIDATES: Final = 100
MOST: Final = 2000
SEED: Final = 7
TRIES: Final = 50


def measure(train: Sequence[Dialogue], test: Sequence[Dialogue]) -> dict[str, Any]:
    """Figures of replies and next actions, learned from one file and asked on the other."""
    pairs = [(moment, turn.text) for one in train for moment, turn in agent_moments(one) if moment.asked and turn.text]
    started = time.process_time()
    model = learn_replies(pairs)
    seconds = time.process_time() - started
    bm25 = Bm25.learn([reply for _, reply in pairs])
    report: dict[str, Any] = {"replies": {**_replies(model, bm25, test), "training_cpu_seconds": seconds}}
    acted = [(moment, turn.action) for one in train for moment, turn in agent_moments(one) if turn.action]
    if len({action for _, action in acted}) > 1:
        started = time.process_time()
        actions = learn_actions(acted)
        seconds = time.process_time() - started
        report["next_action"] = {**_actions(actions, test), "training_cpu_seconds": seconds}
    return report


def asked_of(test: Sequence[Dialogue]) -> list[tuple[Moment, list[str]]]:
    """Moments at which an agent answered, and 100 candidates: what was said, and answers of other conversations.

    At most 2,000 moments, drawn with a fixed seed; with few answers there are fewer candidates.
    """
    chance = random.Random(SEED)
    said = [
        (one.id, moment, turn.text) for one in test for moment, turn in agent_moments(one) if moment.asked and turn.text
    ]
    chosen = chance.sample(said, min(MOST, len(said)))
    asked = []
    for conversation, moment, reply in chosen:
        candidates = {reply: None}
        for _ in range(CANDIDATES * TRIES):
            other, _, text = chance.choice(said)
            if other != conversation:
                candidates[text] = None
            if len(candidates) == CANDIDATES:
                break
        asked.append((moment, list(candidates)))
    return asked


def _replies(model: ReplyModel, bm25: Bm25, test: Sequence[Dialogue]) -> dict[str, Any]:
    asked = asked_of(test)
    if not asked:
        raise ValueError("no customer's turn is answered by an agent in the test file")
    moments = model.moments([moment for moment, _ in asked])
    texts = list(dict.fromkeys(text for _, candidates in asked for text in candidates))
    places = {text: place for place, text in enumerate(texts)}
    replies = model.replies(texts)
    ours, plain = [], []
    for vector, (moment, candidates) in zip(moments, asked, strict=True):
        ours.append(rank_of_first((replies[[places[text] for text in candidates]] @ vector).tolist()))
        query = set(terms(moment.asked))
        plain.append(rank_of_first([bm25.score(query, text) for text in candidates]))
    return {
        "asked": len(asked),
        "candidates": max(len(candidates) for _, candidates in asked),
        **recalls(ours),
        "bm25": recalls(plain),
    }


def _actions(model: ActionModel, test: Sequence[Dialogue]) -> dict[str, Any]:
    ranks, spent = [], []
    for one in test:
        for moment, turn in agent_moments(one):
            if turn.action:
                started = time.perf_counter()
                names = [name for name, _ in model.shares(moment)]
                spent.append(time.perf_counter() - started)
                ranks.append(names.index(turn.action) + 1 if turn.action in names else len(names) + 1)
    found = recalls(ranks, (1, 3))
    return {
        "asked": len(ranks),
        "labels": len(model.names),
        "accuracy": found["recall@1"],
        "recall@3": found["recall@3"],
        "p99_ms": float(np.percentile(spent, 99)) * 1000 if spent else None,
    }
