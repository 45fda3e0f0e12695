"""Small decision trees that add up: learned by gradient boosting (Friedman 2001), kept as plain arrays."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agent_assist.rules.space import Vector

TREES: Final = 150
RATE: Final = 0.06
LEAVES: Final = 15
FEWEST: Final = 60  # rows of a leaf
CAUTION: Final = 5.0


@dataclass(frozen=True, slots=True)
class Forest:
    """The nodes of all trees in one row each: a row of features goes `below` when its `feature` is at most the
    `threshold`, else `above`; a leaf leads to itself. `offset` (one number) is what no tree has said yet."""

    roots: NDArray[np.int32]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float64]
    below: NDArray[np.int32]
    above: NDArray[np.int32]
    value: NDArray[np.float64]
    depth: NDArray[np.int32]
    offset: NDArray[np.float64]

    def chances(self, rows: Vector) -> Vector:
        """The probability of each row, 0 to 1."""
        at = np.tile(self.roots, (len(rows), 1))
        row = np.arange(len(rows))[:, None]
        for _ in range(int(self.depth[0])):
            goes_below = rows[row, self.feature[at]] <= self.threshold[at]
            at = np.where(goes_below, self.below[at], self.above[at])
        logits = self.offset[0] + self.value[at].sum(1)
        return np.asarray(1 / (1 + np.exp(-logits)), np.float32)


def learn_forest(rows: Vector, right: Vector) -> Forest:
    """From rows of features and whether each is right (1) or not (0)."""
    from sklearn.ensemble import HistGradientBoostingClassifier  # slow to import, and needed for training alone

    fitted = HistGradientBoostingClassifier(
        max_iter=TREES,
        learning_rate=RATE,
        max_leaf_nodes=LEAVES,
        min_samples_leaf=FEWEST,
        l2_regularization=CAUTION,
        early_stopping=False,
        random_state=0,
    ).fit(rows, right)
    trees = [one.nodes for (one,) in fitted._predictors]  # there is no public way to its trees
    roots = np.cumsum([0, *(len(tree) for tree in trees[:-1])])
    nodes: Any = np.concatenate(trees)
    start = np.repeat(roots, [len(tree) for tree in trees])
    here, leaf = np.arange(len(nodes)), nodes["is_leaf"].astype(bool)
    return Forest(
        roots.astype(np.int32),
        np.where(leaf, 0, nodes["feature_idx"]).astype(np.int32),
        np.where(leaf, np.inf, nodes["num_threshold"]),
        np.where(leaf, here, start + nodes["left"]).astype(np.int32),
        np.where(leaf, here, start + nodes["right"]).astype(np.int32),
        np.where(leaf, nodes["value"], 0.0),
        np.array([nodes["depth"].max()], np.int32),
        np.asarray(fitted._baseline_prediction, np.float64).reshape(1),
    )
