"""Help while writing: the rest of a sentence that was said before, and a text made tidier, shorter or politer."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final, Literal

from language.fold import fold

Way = Literal["tidy", "shorter", "politer"]

SCANNED: Final = 200
LEAST: Final = 2  # characters before anything is proposed
SIGNS: Final[Mapping[str, str]] = {",": "，", "?": "？", "!": "！", ";": "；", ":": "："}
FILLERS: Final = re.compile(
    r"(?:那个|就是说|然后呢|其实吧|的话|\b(?:basically|actually|just|really|you know)\b ?)", re.I
)
SPELLING: Final[Mapping[str, str]] = {
    "teh": "the",
    "recieve": "receive",
    "recieved": "received",
    "adress": "address",
    "seperate": "separate",
    "definately": "definitely",
    "thier": "their",
    "wich": "which",
    "becuase": "because",
    "occured": "occurred",
    "refered": "referred",
    "untill": "until",
    "comming": "coming",
    "tommorow": "tomorrow",
    "tommorrow": "tomorrow",
    "pls": "please",
    "plz": "please",
    "帐号": "账号",
    "登陆": "登录",
    "既使": "即使",
    "做为": "作为",
    "在次": "再次",
    "因该": "应该",
}
POLITE: Final = (
    (re.compile(r"你(?!们)"), "您"),
    (re.compile(r"不行(?=[。，！,.!]|$)"), "暂时无法办理"),
    (re.compile(r"我?不知道"), "我需要核实一下"),
    (re.compile(r"请?您?(?:先|再)?稍?(?:等着|等一下)吧?"), "请您稍等"),
    (re.compile(r"\bI don't know\b", re.I), "let me find out"),
    (re.compile(r"\byou must\b", re.I), "please"),
    (re.compile(r"\b(?:please )?wait\b(?: a moment)?(?! for| until)", re.I), "please wait a moment"),
)


class Prefixes:
    """Texts by how they begin; the more often one was said the sooner it is proposed."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._times = Counter(texts)
        self._begun = sorted((fold(text), text) for text in self._times)

    def going_on(self, begun: str, many: int) -> list[str]:
        """Texts that begin so, and go on."""
        first = bisect_left(self._begun, (begun, ""))
        found = (text for start, text in islice(self._begun, first, first + SCANNED) if start.startswith(begun))
        return sorted((text for text in found if len(text) > len(begun)), key=lambda text: -self._times[text])[:many]


def completions(typed: str, prefixes: Iterable[Prefixes], many: int = 3) -> list[str]:
    """The whole text, with what was begun in its last sentence gone on with, likeliest first."""
    start = max((typed.rfind(sign) + 1 for sign in "。！？!?\n"), default=0)
    last = typed[start:].lstrip()
    if len(last) < LEAST:
        return []
    found = dict.fromkeys(text for some in prefixes for text in some.going_on(fold(last), many))
    return [typed[: len(typed) - len(last)] + text for text in found][:many]


def polish(text: str, way: Way, language: str) -> str:
    """The text made better by rules; what no rule knows stays as it is."""
    for wrong, right in SPELLING.items():
        text = re.sub(rf"\b{wrong}\b" if wrong.isascii() else wrong, right, text)
    if way == "shorter":
        text = FILLERS.sub("", text)
    if way == "politer":
        for pattern, better in POLITE:
            text = pattern.sub(better, text)
        text = _greeted(text, language)
    return _tidy(text, language)


def _greeted(text: str, language: str) -> str:
    if language == "zh":
        return text if text.startswith(("您好", "亲", "抱歉", "感谢", "请")) else f"您好，{text}"
    return (
        text
        if re.match(r"(hello|hi|dear|thank|sorry|please)\b", text, re.I)
        else f"Hello, {text[:1].lower()}{text[1:]}"
    )


def _tidy(text: str, language: str) -> str:
    """One space, the language's own signs, a full stop at the end, a capital at the beginning."""
    text = re.sub(r"[ \t]+", " ", text).strip()
    if language == "zh":
        text = re.sub(r"(?<=[\u3400-\u9fff])\s*([,?!;:])[,?!;:]*\s*", lambda found: SIGNS[found[1]], text)
        text = re.sub(r"([！？。，])\1+", r"\1", text)
        return text if not text or text[-1] in "。！？…～~)）" else f"{text}。"
    text = re.sub(r"\s+([,.!?;])", r"\1", re.sub(r"([!?])\1+", r"\1", text))
    text = re.sub(r"(^|[.!?]\s+)([a-z])", lambda found: found[1] + found[2].upper(), text)
    text = re.sub(r"\bi\b(?=[ '])", "I", text)
    return text if not text or text[-1] in ".!?)" else f"{text}."
