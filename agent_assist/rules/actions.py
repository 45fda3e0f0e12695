"""What happens next, by a linear model over named features; an agent's act by what was said, done and known."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from agent_assist.rules.dialogue import Moment
from agent_assist.rules.space import Vector, Vocabulary
from agent_assist.rules.terms import terms

AT_LEAST: Final = 2
FEATURES: Final = 40_000
STEPS: Final = 10
CAUTION: Final = 1e-5


@dataclass(frozen=True, slots=True)
class ActionModel:
    """Classes by name, and a weight for each feature and class."""

    names: tuple[str, ...]
    features: Vocabulary
    weights: Vector
    offsets: Vector

    def shares(self, features: Sequence[str]) -> list[tuple[str, float]]:
        """Each class's probability, likeliest first."""
        places, values = self.features.vector(features)
        logits = values @ self.weights[places] + self.offsets
        likely = np.exp(logits - logits.max())
        likely /= likely.sum()
        return [(self.names[one], float(likely[one])) for one in np.argsort(-likely)]


def signs(moment: Moment) -> list[str]:
    """What may tell the next action, as named features."""
    last = moment.actions[-1:] or ("-",)
    found = [f"last:{last[0]}", f"last:{last[0]}|{'|'.join(moment.actions[-2:-1])}", f"nth:{min(moment.nth, 7)}"]
    found += [f"done:{action}" for action in moment.actions]
    found += [f"is:{attribute}" for attribute in moment.attributes]
    found += [f"is:{attribute}|{last[0]}" for attribute in moment.attributes]
    found += [f"asked:{term}" for term in terms(moment.asked)] if moment.asked else ["asked nothing"]
    found += [f"result:{term}" for term in terms(moment.result)] if moment.result else ["no result"]
    found += [f"said:{term}" for term in terms(moment.said)]
    return found


def learn_actions(pairs: Sequence[tuple[Sequence[str], str]], caution: float = CAUTION) -> ActionModel:
    """From features and the class seen then. Raises ValueError with fewer than two classes."""
    from sklearn.linear_model import SGDClassifier  # slow to import, and needed for training alone

    names = sorted({action for _, action in pairs})
    if len(names) < 2:
        raise ValueError("two different classes are the least to learn from")
    features = Vocabulary.learn((found for found, _ in pairs), at_least=AT_LEAST, at_most=FEATURES)
    rows = features.matrix(found for found, _ in pairs)
    fitted = SGDClassifier(loss="log_loss", alpha=caution, max_iter=STEPS, tol=None, average=True, random_state=0)
    fitted.fit(rows, [names.index(action) for _, action in pairs])
    weights, offsets = fitted.coef_.T, fitted.intercept_
    if len(names) == 2:  # one column says the second against the first
        weights, offsets = np.hstack([-weights, weights]) / 2, np.concatenate([-offsets, offsets]) / 2
    return ActionModel(tuple(names), features, np.asarray(weights, np.float32), np.asarray(offsets, np.float32))
