"""Does a sentence tell what a conversation was about, or what was tried in it?"""

import re
from collections.abc import Sequence
from typing import Final

from agent_assist.rules.dialogue import Role
from agent_assist.rules.topic import CLAUSE, PERSON, is_small_talk
from language.sentences import sentences

FORMULAS: Final = re.compile(
    r"有什么可以帮|还有其他|还有别的|还有什么|祝您|感谢您的|很高兴为您|请稍[等候]|\[图片\]|很高兴能帮|谢谢夸奖|感谢光临"
    r"|how (?:can|may) i help|anything else|have a (?:nice|great)|thank you for contacting|glad i could help"
    r"|\bone moment\b|thanks for stopping by|very kind of you",
    re.I,
)
QUESTION: Final = re.compile(
    r"[?？]|[吗呢]$|请问|请提供|麻烦(?:您|你)?(?:提供|发|把)|^(?:could|can) you|^please (?:tell|send|give)", re.I
)
PASSING_ON: Final = re.compile(  # that a person comes, or could
    r"转(?:接)?(?:给|到|至)?(?:您)?(?:人工|真人|客服|同事|专员)|为您转接|接入人工|请(?:我的)?(?:同事|人工|专员)\w{0,2}来"
    r"|\b(?:pass|put|hand|transfer|connect)(?:ing|ed)? you\b|\btakes? over\b"
    r"|\b(?:get|getting|let|have|talk to|speak to) (?:you )?a (?:colleague|person|human)\b",
    re.I,
)
ASKING: Final = re.compile(  # of the customer
    r"请.{0,6}(?:告诉我|发给?我|发一下|发新的|发一个|再发|回复|留下|写上|用一|说说|再说)|换个说法|告诉我"
    r"|\b(?:tell|send|give) me\b|\bplease (?:reply|answer|enter|leave|write|describe|confirm)\b|another way\b",
    re.I,
)
OF_ITSELF: Final = re.compile(  # who the bot is, what it could do, and that it understood nothing
    r"欢迎光临|智能客服|我是机器人|^您?好?，?我(?:可以|能)(?:帮|为)您|随时(?:叫|找)我|继续为您服务|帮不上忙|不太确定|回答不了"
    r"|没(?:太)?(?:明白|听懂|看懂|听清)|^这里没有|不像一个|不够完整"
    r"|\bwelcome to\b|\bhello and welcome\b|\bvirtual assistant\b|^i can \w+ |\bi'?m here whenever\b"
    r"|\bcan'?t (?:help with|answer)\b|\bnot sure\b|(?:don'?t|didn'?t)(?: quite| still)? (?:understand|get that|see)\b"
    r"|\bdoes not look like\b|\bis not complete\b",
    re.I,
)
SORRY: Final = re.compile(
    r"(?:很|真的|非常|实在)*(?:抱歉|对不起|不好意思)(?:给您|让您)?[^，,]{0,10}"
    r"|i(?:'| a)m (?:truly |very |so )?sorry(?: about (?:this|that))?",
    re.I,
)
INTRODUCED: Final = re.compile(r"(?:我是|我叫|(?:i am|i'm|this is) ).{1,12}", re.I)


def tells(role: Role, text: str) -> bool:
    """Not small talk, a formula or the wish for a person; of the bot only what it answered or did."""
    bare = text.strip(" 。，！？.,!?")
    if is_small_talk(text) or PERSON.fullmatch(bare) or FORMULAS.search(text):
        return False
    if role != "bot":
        return True
    spent = asks(text) or SORRY.fullmatch(bare)
    return not spent and not any(one.search(bare) for one in (PASSING_ON, ASKING, OF_ITSELF))


def says_something(reply: str, asked: str) -> bool:
    """Is there more in the reply than a greeting, a name and good wishes? These answer only who greets or thanks."""
    clauses = filter(None, map(str.strip, CLAUSE.split(reply)))
    return is_small_talk(asked) or not all(map(_is_formula, clauses))


def _is_formula(clause: str) -> bool:
    spent = INTRODUCED.fullmatch(clause) or FORMULAS.search(clause) or OF_ITSELF.search(clause)
    return bool(spent) or is_small_talk(clause)


def asks(text: str) -> bool:
    """Is something asked, or asked for?"""
    return bool(QUESTION.search(text))


def answered(bubbles: Sequence[str], passes_on: bool) -> str:
    """What of a bot's reply is an answer, or was done: not a bubble that ends by asking, such as whether a form shall
    be sent, nor one about what the bot is or missed; `passes_on` is that the last one announces a person."""
    told = bubbles[:-1] if passes_on else bubbles
    return "\n".join(text for text in told if not _asks_back(text))


def _asks_back(bubble: str) -> bool:
    said = [span.of(bubble).strip() for span in sentences(bubble)]
    if not said or OF_ITSELF.search(said[0]):
        return True
    return bool(not PASSING_ON.search(said[-1]) and (asks(said[-1]) or ASKING.search(said[-1])))
