"""Who somebody is and where they live, wherever a text says it: names by the words around them, addresses by their
parts, and the numbers of `language.pii`. A dictionary of names would miss most and hide plain words."""

import re
from collections.abc import Iterator
from typing import Final

from language import pii
from language.fold import fold
from language.spans import Span

HAN: Final = r"\u4e00-\u9fff"
SURNAMES: Final = (  # the commonest, which bear more than nine tenths of all Chinese names, and the double ones; not 和
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
    "石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄"
    "聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶"
    "解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师仇栾隋商刁沙荣巫寇桑郎甄"
    "丛仲虞敖巩明佘池查麻苑迟邝"
)
DOUBLE: Final = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|南宫|夏侯|端木|轩辕"
NO_START: Final = "谢谢|辛苦|安排|什么|房间|单号|电话|下车|时候|向大堂|管大堂"  # words that begin as a surname does
SURNAME: Final = f"(?:(?!(?<=谢)谢|{NO_START})(?:{DOUBLE}|[{SURNAMES}]))"
ENDS: Final = f"(?![{HAN}])|(?=[的吧呢啊呀了在和跟与或说，。、]|先生|女士|小姐|太太|本人|收|电话|手机|地址)"
NAMED: Final = "姓名|名字|收件人|收货人|寄件人|联系人|持卡人|户名|开户人|签收人|经办人"
KIN: Final = "老婆|老公|妈妈|爸爸|爱人|丈夫|妻子|太太|儿子|女儿|父亲|母亲|哥哥|姐姐|弟弟|妹妹|朋友|同事|室友"
ROLE: Final = "recipient|receiver|consignee|cardholder|contact|full name|attn"
LATIN: Final = r"[A-Z][A-Za-z'’-]*\.?(?: (?:(?:van|von|de|der|den|da|di|la|le|bin|al) )*[A-Z][A-Za-z'’-]*){0,3}"
GREETED: Final = "[Rr]egards,|[Cc]heers,|[Dd]ear|[Hh]i|[Hh]ello"
STOPPED: Final = r"[,.!?;\n]|$|and\b|from\b|here\b"
ANY_CASE: Final = r"(?!(?:and|but|so|i|my|from|at|on|in|the|not|on)\b)[A-Za-z'’-]{2,}"
NAMES: Final = (
    re.compile(rf"(?:{NAMED})(?:是|为|叫|改成|改为|换成|写)?[：:\s]*({SURNAME}[{HAN}]{{1,2}}?)(?:{ENDS})"),
    re.compile(rf"(?:{NAMED})(?:是|为|叫|改成|改为|换成|写)?[：:\s]*({SURNAME}[{HAN}]{{1,2}})"),
    re.compile(rf"(?:{NAMED})(?:是|为)?[：:]\s*(?!{NO_START})([{HAN}·]{{2,12}})(?![{HAN}])"),
    re.compile(rf"(?:(?<!给)我叫|叫做|名叫|我的名字[是叫])\s*(?!{NO_START})({SURNAME}?[{HAN}·]{{1,2}}?)(?:{ENDS})"),
    re.compile(rf"(?:(?<!给)我叫|名叫)\s*({SURNAME}[{HAN}]{{1,2}})"),
    re.compile(rf"(?:我|您|你|他|她|这|那)(?:就)?是\s*({SURNAME}[{HAN}]{{1,2}}?)(?:{ENDS})"),
    re.compile(rf"({SURNAME}[{HAN}]{{0,2}}?(?:先生|女士|小姐|太太|师傅|阿姨|大姐|老师|经理))"),
    re.compile(rf"(?:{NAMED}|我叫|我是)\s*[：:是]?\s*({LATIN})"),
    re.compile(rf"(?:{KIN})(?:就?是|叫|名叫)?\s*({SURNAME}[{HAN}]{{1,2}}?)(?:{ENDS})"),
    re.compile(rf"(?i:\b(?:name(?:'s|’s| is|:)|(?:{ROLE})(?: is|:| -)|named|call me|signed,?))\s*({LATIN})"),
    re.compile(
        rf"(?i:\b(?:my (?:full )?name(?:'s|’s| is)|(?:{ROLE}|name):|call me))\s*({ANY_CASE}(?: {ANY_CASE}){{0,2}})"
    ),
    re.compile(rf"\b(?:[Ii] am|[Ii]['’]m|[Tt]his is|[Ii]t['’]s|{GREETED})\s+({LATIN})(?=\s*(?:{STOPPED}))"),
    re.compile(rf"\b(?i:mr|mrs|ms|miss|mx|dr|prof)\b\.?\s+({LATIN}|[a-z'’-]{{2,}})"),
)
NO_NAME: Final = frozenset(
    {"there", "all", "team", "everyone", "everybody", "sir", "madam", "customer", "support", "sorry"}
)

UNIT: Final = f"[{HAN}]{{1,7}}?(?:特别行政区|自治区|自治州|街道|新区|开发区|省|市|区|县|旗|镇|乡)"
ROAD: Final = f"[{HAN}a-z0-9]{{1,10}}?(?:大道|胡同|小区|花园|大厦|广场|公寓|园区|新村|路|街|巷|弄|苑|村|城|里)"
NUMBER: Final = "(?:[0-9a-z]+(?:-[0-9a-z]+)*|[一二三四五六七八九十百]+|[甲乙丙丁])"
DOOR: Final = rf"{NUMBER}\s?(?:号楼|号院|单元|号|弄|栋|幢|座|楼|室|层|房|户)(?!线|[前后晚])"
GAP: Final = r"[\s,，]{0,2}"
ADDRESSES: Final = (
    re.compile(rf"(?:{UNIT}{GAP}){{0,5}}(?:{ROAD}{GAP}){{1,3}}(?:{DOOR}{GAP}){{1,5}}(?:[0-9]{{2,5}}(?![0-9天元块]))?"),
    re.compile(rf"(?:{UNIT}{GAP}){{2,5}}(?:{ROAD}{GAP}){{0,3}}(?:{DOOR}{GAP}){{0,5}}"),
    re.compile(rf"(?:[0-9]+\s?(?:号楼|栋|幢|座|单元|楼|室|户){GAP}){{2,5}}(?:[0-9]{{3,5}}(?![0-9天元块]))?"),
)
LEADS: Final = re.compile(  # words before an address that its first part has swallowed
    rf"[{HAN}a-z0-9]*(?:地址(?:是|为|改成)?|[寄送发改换运搬]到|[改换]成|改为|寄往|送往|送去|住在|位于|家在|快递到|到|在|住|是|给)"
)
WORD: Final = r"(?!(?:on|the|in|a|an|of|by|this|that|my|your|to|for|and|is|are|days?|hours?|items?|pm|am)\b)[\w'’.-]+"
STREET: Final = (
    r"(?i:street|road|avenue|ave|lane|boulevard|blvd|highway|hwy|parkway|pkwy|terrace|crescent)\b"
    r"|(?:St|Rd|Ln|Dr|Drive|Way|Court|Ct|Place|Pl|Square|Sq|Close|Gardens|Grove|Hill|Row|Quay|Mews)\b"
)
FLAT: Final = r"(?i:apt|apartment|suite|ste|unit|flat|floor|room)\.? ?#?\w{1,6}|#\w{1,6}"
POSTCODE: Final = r"[A-Z]{2},? \d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"
TOWN: Final = rf"(?:,\s*(?:[A-Z][a-z'’.-]+ ?\b){{1,3}}){{0,3}}(?:[,\s]+(?:{POSTCODE}|\d{{5}}(?:-\d{{4}})?)\b)?"
ENGLISH: Final = (
    re.compile(rf"(?:(?:{FLAT}),? )?\b\d{{1,6}}[A-Za-z]?,? (?:{WORD} ){{1,4}}?(?:{STREET})\.?(?:,? (?:{FLAT}))?{TOWN}"),
    re.compile(r"\b(?i:p\.? ?o\.? box) \d+"),
    re.compile(rf"\b(?:{POSTCODE})\b"),
)
CUED: Final = (
    (
        "phone",
        re.compile(
            r"(?:电话|手机|座机|号码|微信|qq|\b(?:tel|phone|telephone|mobile|cell|whatsapp|fax|call|ring|reach) ?)"
            r"[^0-9+,.，。]{0,12}(\+?\(?[0-9][0-9 .()-]{4,16}[0-9])(?![0-9])"
        ),
    ),
    (
        "passport",
        re.compile(
            r"(?:护照|通行证|passport)[^0-9a-z]{0,3}(?:号码?|number|no\.?|is)?[^0-9a-z]{0,4}([a-z]{0,2}\d{7,9})"
        ),
    ),
    ("iban", re.compile(r"\b([a-z]{2}\d{2}(?: ?[a-z0-9]{4}){3,7}(?: ?[a-z0-9]{1,3})?)\b")),
    ("number", re.compile(r"(?<![0-9a-z])(\d(?:[ -]?\d){12,18})(?![0-9a-z])")),  # a card's, mistyped or not
)


def find(text: str) -> list[Span]:
    """All of it in order, none inside another; the label is the kind: name, address, or a number's."""
    found = list[Span]()
    for span in (*pii.find(text), *_addresses(text), *_cued(fold(text)), *_names(text)):
        if span.start < span.end and all(span.end <= one.start or one.end <= span.start for one in found):
            found.append(span)
    return sorted(found)


def _names(text: str) -> Iterator[Span]:
    plain = text.translate(HALF)
    for pattern in NAMES:
        for match in pattern.finditer(plain):
            if match[1].lower() not in NO_NAME:
                yield Span(*match.span(1), "name")


def _addresses(text: str) -> Iterator[Span]:
    folded = fold(text)
    for pattern in ADDRESSES:
        for match in pattern.finditer(folded):
            lead = LEADS.match(folded, match.start(), _first_part(folded, match))
            found = Span(lead.end() if lead else match.start(), match.end())
            yield Span(found.start, found.start + len(found.of(folded).rstrip(" ,，\n")), "address")
    for pattern in ENGLISH:
        for match in pattern.finditer(text):
            yield Span(match.start(), match.start() + len(match[0].rstrip()), "address")


def _first_part(folded: str, match: re.Match[str]) -> int:
    """Where the first unit or road of an address ends: words that lead to it stand before that."""
    part = re.compile(f"{UNIT}|{ROAD}|{DOOR}").match(folded, match.start())
    return part.end() - 2 if part else match.start()


def _cued(folded: str) -> Iterator[Span]:
    for kind, pattern in CUED:
        for match in pattern.finditer(folded):
            yield Span(*match.span(1), kind)


HALF: Final = {0xFF1A: ":", 0x3000: " "}  # names keep their capitals, which folding takes away
