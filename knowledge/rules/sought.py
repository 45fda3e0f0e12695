"""What kind of value a question asks for, and how such a value is written."""

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

_NUMBER: Final = (
    r"(?:\d[\d,.]*|[一二两三四五六七八九十百千万半]+"
    r"|\b(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve)\b)"
)
_MONEY: Final = (
    r"\d\s*(?:元|块|万|美元|欧元|人民币|港币|rmb|cny|usd|eur|gbp|yuan|dollars?|euros?|pounds?|cents?|pence)|[¥￥$€£]\s*\d"
    r"|[(（](?:元|usd|eur|gbp|[$€£¥])[)）]?\s*[:：]|(?:价|费|金)\S{0,4}[:：]\s*\d|(?:price|fee|cost)s?\b[^:;]{0,12}:\s*\d"
    r"|免|包邮|\bfree\b|no charge|not charged|[（(](?:元|usd|eur|gbp)[^)）]{0,8}[)）]"
)
_SHARE: Final = r"\d\s*(?:%|％|折|成|percent|per cent|倍)|[百千万]分之|减半|一半|\bhalf\b"
_SPAN: Final = (
    rf"{_NUMBER}[ -]*(?:多|几)?(?:个)?(?:工作日|自然日|小时|分钟|天|日|周|星期|月|年|季度|秒|晚"
    r"|(?:business |working |calendar )?days?|hours?|minutes?|seconds?|weeks?|months?|years?|nights?"
    r"|(?:mins?|hrs?|secs?|h)\b)"
    r"|当天|当日|次日|隔日|立即|即时|永久|终身|at once|immediately|same day|next day|lifetime"
)
_CLOCK: Final = (
    r"\d{1,2}\s*[:：点时]|\d+\s*[月日号]|[一二三四五六七八九十]+\s*[月号点]|\d{4}\s*(?:年|/|-\d\d?-)|\d\s*(?:am|pm|a\.m|p\.m)\b"
    r"|\d(?:st|nd|rd|th)\b|\b(?:first|second|third|fourth|fifth|last) (?:working )?day|零时|当天|当日|次日|每季|首月"
    r"|\bnoon\b|midnight|周[一二三四五六日末]|星期|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekday|weekend|节假日|每[天日周月年]"
    r"|(?:january|february|march|april|may|june|july|august|september|october|november|december) \d"
    r"|\d (?:january|february|march|april|may|june|july|august|september|october|november|december)|\bevery\b"
)
_PLACE: Final = (
    r"[路街道区市县镇村楼层室栋座门]\s*\S{0,6}\d+|\d+\s*(?:号|楼|层|室|栋|座|弄)|[一二三四五六七八九十]+(?:楼|层|号)"
    r"|地址|前台|柜台|服务台|大厅|委员会|address|street|\broad\b|avenue|\blane\b|square|floor"
    r"|@|https?://|仓|院|网站|官网|\b(?:at|behind|beside|next to|opposite|in) the\b|room|desk"
)
_NAME: Final = r"(?-i:\b[A-Z]\w+ [A-Z]\w+)"
_WHO: Final = rf"[:：]|公司|部(?![分件])|处|中心|经理|主管|专员|人员|由|归|{_NAME}|\bby\b|manager|department|team"
_YES: Final = (
    r"不|可以|可|支持|无需|须|必须|能|允许|包含|含|免|有|cannot|can|must|may\b|\bnot\b|\bno\b|\byes\b|always|never|included|allowed"
    r"|required|available|only|free|\b(?:ex|in)cludes?\b|covers?\b|covered|possible|needs?\b|needed|belongs?"
    r"|限|只|按|减半|加倍|加收|另|自动"
)
_HOW: Final = (
    r"可以|请|点击|点|按|拨打|致电|通过|登录|进入|打开|选择|联系|填写|凭|按照|先|不要|\d{3,}"
    r"|\b(?:press|hold|click|open|send|write|call|go|use|put|ask|choose|select|enter|tap|show|turn|move|check|contact|take|under|by)\b"
)
_COLOUR: Final = (
    r"[红橙黄绿青蓝紫黑白灰银金粉棕]色?|colou?r|\b(?:white|black|red|green|blue|yellow|orange|grey|gray|silver|gold|pink"
    r"|purple|brown|beige|anthracite)\b"
)
_AGE: Final = r"\d\s*(?:周?岁|years? old|years of age)|(?:at least|at most|under|over|below|above|aged?|from) \d+|年满"
_TIME: Final = (
    r"\s*(?:个?(?:工作日|小时|分钟|天|日|周|月|年)"
    r"|(?:business |working )?(?:days?|hours?|minutes?|weeks?|months?|years?))"
)
_AMOUNT: Final = rf"{_NUMBER}(?![\d.,]|{_TIME})|{_SHARE}|half"
_CONTACT: Final = rf"{_NAME}|\d[\d -]{{5,}}|@|police|客服|热线|hotline|微信"
_CODE: Final = r"[a-z]{1,4}-?\d+|\d{6,}"
_ASKS_YES: Final = (
    r"[吗嘛么不没]\s*[?？]?$|能不能|可不可以|是否|有没有|(?P<one>[\u4e00-\u9fff])不(?=(?P=one))"
    r"|(?:^|[,，] ?)(?:can|may|is|are|am|was|does|do|did|will|must|should|could|would|have|has)\b"
)
_ASKS_PAID: Final = (
    r"(?:收费|收钱|要钱|加钱|便宜|花钱|另收费|免费)(?:一?点)?(?:吗|么|不|没)?\s*[?？]?$|要不要钱|收不收[钱费]|要不要[付交]"
    r"|(?:^|[,，] ?)(?:is|are|do|does|can|will)\b"
    r"(?=.*\b(?:expensive|cheaper|extra|free|surcharge|fee|charged?|costs?)\b)"
)
_LASTING: Final = r"\b(?:takes?|lasts?|does|valid)\b"


@dataclass(frozen=True, slots=True)
class Sort:
    """A kind of value. `asks` are words that ask for it and nothing else, `names` those that are its subject too.

    `idle` are words that go with such a question and say nothing; `holds` is how a value of the kind is written;
    `sharp` says that it is hardly ever written in another way.
    """

    asks: re.Pattern[str]
    names: re.Pattern[str]
    idle: re.Pattern[str]
    holds: re.Pattern[str]
    sharp: bool = True

    def meets(self, question: str) -> bool:
        """Does the question ask for it?"""
        return bool(self.asks.search(question) or self.names.search(question))

    def without(self, question: str) -> str:
        """The question without the words that ask."""
        return self.idle.sub(" ", self.asks.sub(" ", question))


class Sought(NamedTuple):
    """A question without the words that ask, and how what it asks for is written; None when that cannot be told."""

    plain: str
    holds: re.Pattern[str] | None = None
    sharp: bool = False
    whether: bool = False  # yes or no is asked for


def _sort(asks: str, holds: str, names: str = "", idle: str = "", *, sharp: bool = True) -> Sort:
    return Sort(_pattern(asks), _pattern(names), _pattern(idle), _pattern(holds), sharp)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text or r"(?!)", re.IGNORECASE)  # nothing is met by no text


# The first that a question meets counts: words that ask, then words that only name what is asked for.
SORTS: Final = (
    _sort(r"邮箱|邮件地址|e-?mails?(?: address)?\b", r"@"),
    _sort(r"什么颜色|哪些?颜色|(?:what|which) colou?rs?", _COLOUR, r"颜色|\bcolou?rs?\b"),
    _sort(r"多大年[纪龄]|几岁|多少岁|how old", _AGE),
    _sort(
        r"找谁|哪个号|(?:who|whom|where|which number) (?:do|can|should|must) i (?:call|contact|write|phone|ring|reach)",
        _CONTACT,
    ),
    _sort(
        r"几点|什么时候|何时|哪天|哪一天|几号|周几|星期几|^(?:(?:until|since|from) )?when\b|what time"
        r"|(?:which|what) day",
        rf"{_CLOCK}|{_SPAN}",
    ),
    _sort(
        r"多频繁|多久一次|how often", rf"每|一次|\bevery\b|\bonce\b|twice|\bper\b|daily|weekly|monthly|yearly|{_SPAN}"
    ),
    _sort(
        r"几个?小时|多少小时|几分钟|多少分钟|how many (?:hours|minutes)",
        rf"{_NUMBER}[ -]*(?:多|几)?个?(?:小时|分钟|hours?|minutes?|h\b)",
        idle=_LASTING,
    ),
    _sort(
        r"多久|多长时间|几天|多少天|几年|几个月|几周|how (?:soon|fast|quickly)"
        r"|how long (?=do|will|(?:can|may|must|should)(?!.* be\b))"
        r"|how many (?:(?:working|business) )?(?:days|weeks|months|years)",
        _SPAN,
        idle=_LASTING,
    ),
    _sort(r"多长|how long", rf"{_SPAN}|\d\s*(?:mm|cm|m|km|米|厘米)\b", idle=_LASTING),
    _sort(
        r"多重|how heavy|几公斤|多少公斤|几斤|多少克|几克|how much(?=.*\bweigh)",
        r"\d\s*(?:g|kg|公斤|千克|克|斤|吨|tons?|tonnes?|lbs?|oz|pounds?|kilos?|kilograms?|grams?)(?![a-z])",
        r"\bweighs?\b",
    ),
    _sort(
        r"how (?:high|big|large|much)"
        r"(?= (?:is|are) .*\b(?:fees?|deposit|price|charge|costs?|fine|excess|surcharge|rent)\b)",
        rf"{_MONEY}|{_SHARE}",
    ),
    _sort(
        r"多大|多高|多宽|多厚|多远|多少平|how (?:big|tall|high|wide|deep|large|far)|what size",
        r"\d\s*(?:[x×*%]|percent|mm|cm|m\b|km|in\b|inch|ft|毫米|厘米|米|公里|英寸|寸|平|岁|kg|l\b|升|mah|gb|tb|kilomet|met|mile)",
    ),
    _sort(r"how loud|how noisy|多少分贝|多吵", r"\d\s*(?:db|分贝)"),
    _sort(r"how (?:strong|powerful|precise|accurate|bright)", r"\d"),
    _sort(r"多少度|几度|how (?:hot|cold|warm)", r"\d\s*(?:°|℃|度|摄氏|degrees?|c\b)"),
    _sort(r"百分之几|几折|几成|what percent(?:age)?", _SHARE),
    _sort(
        r"多少钱|几块钱?|什么价|怎么(?:算|收费|收)|要钱|按什么算|(?:要|罚|扣|赔|收|掏|加)多少\s*[?？]?$"
        r"|how much (?:is|are|do|does|will|would|for|must|should)"
        r"|what (?:do|does|will|would|is|are)\b(?=.*\b(?:costs?|worth)\b)",
        rf"{_MONEY}|{_SHARE}",
        idle=r"\b(?:costs?|worth)\b",
    ),
    _sort(_ASKS_PAID, rf"{_MONEY}|{_SHARE}|cost|charge|收费|加收|加倍|收取", sharp=False),
    _sort(r"哪里|哪儿|在哪|去哪|\bwhere\b", _PLACE, sharp=False),
    _sort(r"是谁|谁|哪家|哪个公司|哪个部门|\bwhom?\b", _WHO, sharp=False),
    _sort(r"怎么办?|如何|怎样|how (?:do|can|to|should)", _HOW, sharp=False),
    _sort(_ASKS_YES, _YES, sharp=False),
    _sort(r"地址|\baddress", _PLACE, sharp=False),
    _sort(r"电话|热线|号码|\bphone(?: number)?\b|hotline|number to call|which number", r"\d[\d -]{5,}"),
    _sort("", r"\d\s*(?:g|kg|公斤|千克|克|斤|吨|tons?|lbs?|oz|kilos?)(?![a-z])", r"重量|净重|\bweight of"),
    _sort("", r"\d\s*(?:[x×*]|mm|cm|m\b|毫米|厘米|米|英寸|寸|inch)", r"尺寸|dimensions?\b"),
    _sort("", r"\d\s*(?:°|℃|度|摄氏|degrees?|c\b)", r"温度|temperature"),
    _sort(
        r"价格|价钱|售价|单价|price|\bcosts?\b",
        rf"{_MONEY}|{_SHARE}",
        r"收费|费用|运费|租金|折扣|押金|定金|[价费]\s*[?？]?$|discount|\bfees?\b|surcharge|deposit|\bexcess\b|budget"
        r"|allowance|spending|\bworth\b|liability|credit\b|标准[?？]?$",
    ),
    _sort("", _SHARE, r"\binterest\b|availability|\bpercentage\b|利率|比例"),
    _sort("", _CODE, r"编号|税号|(?:agreement|contract|order|tax|serial) number"),
    _sort("", r"\d", r"容量|功率|capacity|maximum|minimum|\blimit\b|\bvolume of|water tank|notice period|how early"),
    _sort(r"how much", _AMOUNT),
    _sort(r"多少|几[个次种款位人件张本页册岁级]?|how (?:many|much)", rf"{_NUMBER}|{_SHARE}", r"上限|percent"),
)


def sought(question: str) -> Sought:
    """What a question asks for."""
    sort = next((one for one in SORTS if one.meets(question)), None)
    if sort is None:
        return Sought(question)
    return Sought(sort.without(question), sort.holds, sort.sharp, sort.holds.pattern == _YES)
