"""What is a message about, if about anything?"""

import re
from typing import Final

from language.segment import words

GREETED: Final = """
你好 您好 在吗 在 在么 嗨 哈喽 喂 谢谢 多谢 感谢 谢谢你 谢谢您 好 好的 好吧 好呢 行 可以 嗯 嗯嗯 哦 噢 哦哦
知道 了 知道了 明白 明白了 收到
是 是的 对 对的 没有 没有了 没了 再见 拜拜 辛苦 辛苦了 的 啊 呢 哈 吗 亲
ok okay yes yep no nope hi hello hey thanks thank you thx bye goodbye sure great fine cool
good morning afternoon evening alright the a got it that is all
"""
SMALL_TALK: Final = frozenset(GREETED.split())
PERSON: Final = re.compile(  # a customer's whole sentence
    r"(?:我要|请|帮我|给我)?(?:转|找|要|叫)?(?:个|一下)?(?:人工|真人|客服)(?:客服|服务)?"
    r"|(?:please )?(?:(?:can i |could i |i want to |i'd like to |let me )?(?:talk|speak) (?:to|with) )?"
    r"(?:a |an )?(?:real )?(?:person|human|agent|somebody|someone)(?: please| now)?",
    re.I,
)
NUMBER: Final = re.compile(r"[a-z0-9]*\d{4,}[a-z0-9]*", re.I)  # an order's, a parcel's, a telephone's
NAMING: Final = re.compile(
    r"(?:这是|是|订单编?号?|单号|编号|my|it'?s|it is|order|number|no\.?|#|[\s:：，。,.!！])*", re.I
)
CLAUSE: Final = re.compile(r"[，。！？,.!?\n]+")
ENDS: Final = " 。，！？.,!?"
EARLIER: Final = 200  # characters of what was asked before


def is_small_talk(asked: str) -> bool:
    """A greeting, thanks, yes or no, or no words at all: the agent needs no help with it."""
    return all(word in SMALL_TALK for word in words(asked))


def is_number(asked: str) -> bool:
    """Is it an order's number or the like, and nothing else?"""
    plain = NUMBER.sub(" ", asked)
    return plain != asked and bool(NAMING.fullmatch(plain) or is_small_talk(plain))


def topic(asked: str, earlier: str) -> str:
    """The words that say what is asked. A number, or the wish for a person, says nothing by itself: what was asked
    before stands in its place."""
    says_nothing = is_number(asked) or PERSON.fullmatch(asked.strip(ENDS))
    return earlier[:EARLIER] if earlier and says_nothing else NUMBER.sub(" ", asked).strip()
