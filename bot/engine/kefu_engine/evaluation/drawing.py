"""A picture of what is taken for what."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

FONTS = ["Noto Sans CJK SC", "WenQuanYi Zen Hei", "SimHei", "DejaVu Sans"]
MOST = 40


def draw(right: Sequence[str], said: Sequence[str], target: Path) -> None:
    """Write a PNG: the intents that are mistaken most, a row each, shares of the row as shades."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    wrong = {name: sum(a != b and name in (a, b) for a, b in zip(right, said, strict=True)) for name in {*right, *said}}
    names = sorted(sorted(wrong, key=lambda name: -wrong[name])[:MOST])
    place = {name: n for n, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)))
    for a, b in zip(right, said, strict=True):
        if a in place and b in place:
            counts[place[a], place[b]] += 1
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    pyplot.rcParams["font.family"] = FONTS
    figure, axes = pyplot.subplots(figsize=(3 + 0.25 * len(names), 2.5 + 0.25 * len(names)))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axes.set_yticks(range(len(names)), names, fontsize=7)
    axes.set_xlabel("taken for")
    axes.set_ylabel("intent")
    for row, column in zip(*np.nonzero(counts), strict=True):
        shade = "white" if shares[row, column] > 0.5 else "black"
        axes.text(column, row, f"{counts[row, column]:.0f}", ha="center", va="center", fontsize=6, color=shade)
    figure.savefig(target, format="png", dpi=110, bbox_inches="tight")
    pyplot.close(figure)
