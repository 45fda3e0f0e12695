"""What says who somebody is, by plain calls."""

import pytest

from language import private
from language.veil import Lifting, Veil


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我叫王小芳，电话13800138000", ["name 王小芳", "phone 13800138000"]),
        (
            "收件人：李雷，地址北京市海淀区中关村大街27号1101室",
            ["name 李雷", "address 北京市海淀区中关村大街27号1101室"],
        ),
        ("收件人改成李四吧", ["name 李四"]),
        ("姓名：诸葛孔明", ["name 诸葛孔明"]),
        ("谢谢王师傅，谢女士说好", ["name 王师傅", "name 谢女士"]),
        ("收货人是我老婆陈静", ["name 陈静"]),
        ("我是张伟，之前联系过王先生", ["name 张伟", "name 王先生"]),
        ("請寄到台北市信義區市府路45號", ["address 台北市信義區市府路45號"]),
        ("住在幸福小区5栋2单元301", ["address 幸福小区5栋2单元301"]),
        ("卡号4111 1111 1111 1112", ["number 4111 1111 1111 1112"]),
        ("护照号E12345678", ["passport E12345678"]),
        ("My name is John Smith and I want a refund", ["name John Smith"]),
        ("my name's lucy and i moved", ["name lucy"]),
        ("Recipient: Maria de la Cruz", ["name Maria de la Cruz"]),
        ("Dear Anna, Mr O'Brien called", ["name Anna", "name O'Brien"]),
        ("Ship to 12 elm road, Boston", ["address 12 elm road, Boston"]),
        ("123 Main St, Apt 4B, Springfield, IL 62704", ["address 123 Main St, Apt 4B, Springfield, IL 62704"]),
        ("call me at 020 7946 0958", ["phone 020 7946 0958"]),
        ("IBAN DE89 3704 0044 0532 0130 00", ["iban DE89 3704 0044 0532 0130 00"]),
    ],
)
def test_people_and_places_are_found_by_what_stands_around_them(text: str, found: list[str]) -> None:
    assert [f"{span.label} {span.of(text)}" for span in private.find(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        *("我是黄金会员，想退货", "收件人还没收到", "满 99 元包邮，不满收 8 元", "门店：上海静安店、北京朝阳店"),
        *("我知道3号到", "11月3日发出，目前在郑州转运中心", "我的订单KF10000001三天没有动了", "地铁2号线到广场"),
        *("It has been 2 days on the way", "I'm sorry about this", "Hello there!", "the name is wrong on the invoice"),
        *("谢谢师傅，非常准时", "请提供一下您的姓名和联系方式", "给我叫个车", "姓名：电话：地址"),
    ],
)
def test_plain_words_are_nobody(text: str) -> None:
    assert private.find(text) == []


def test_one_person_is_one_sign_in_all_texts_and_comes_back() -> None:
    texts = ("我叫周美华", "周美华和Bob在吗", "[[name 1]] 是谁", "Bobby kf1")
    veil = Veil(texts, ("Bob",), (r"kf\d",))
    assert veil.texts == ["我叫[[name 1]]", "[[name 1]]和[[name 2]]在吗", "[ [name 1]] 是谁", "Bobby [[number 1]]"]
    assert veil.off(" / ".join(veil.texts[:2])) == " / ".join(texts[:2])
    assert veil.off("[[Name 1]] [[name 9]]") == "周美华 [[name 9]]"
    lifting = Lifting(veil)
    assert [lifting.more(one) for one in ("a [3] [", "[na", "me 1]", "] b")] == ["a [3] ", "", "", "周美华 b"]
    assert lifting.more("[[name 1]][") + lifting.more("[name 2]]") + lifting.rest() == "周美华Bob"
