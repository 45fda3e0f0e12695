"""What kind of value a question asks for."""

import pytest

from knowledge.ports import Passage
from knowledge.rules.answer import texts
from knowledge.rules.sought import sought


@pytest.mark.parametrize(
    ("question", "right", "beside"),
    [
        ("what does restoring a backup cost", "every further one costs 40 euros", "Backups are made every night"),
        ("how much does the scale weigh", "Weight: 285 g", "The scale costs 40 euros"),
        ("how big is the power bank", "152 x 70 x 28 mm", "PowerBank and cable"),
        ("价格保护多少天", "购买后15天内降价的", "秒杀商品不享受价格保护"),
        ("投诉电话几点有人接", "服务时间为每天9:00至21:00", "投诉热线 400820"),
        ("信用卡退款几天到账", "信用卡需要3至5个工作日", "信用卡可以退款"),
        ("装卸费怎么算", "每托盘18元", "装卸由乙方负责"),
        ("运费多少", "运费: 满 99 元包邮", "寄回运费由客户承担"),
        ("how long does charging take", "Charging time: 2.5 hours", "a cable of 80 cm"),
        ("how long is the cable", "a cable of 80 cm", "a cable"),
        ("耳机续航多少小时", "续航 30 小时", "保修期: 12个月"),
        ("how old do I have to be", "Drivers must be at least 21", "Overtime is given back at 1.5 times"),
        ("what colour is the pouch", "Colour: anthracite", "PowerBank, cable and pouch"),
        ("how loud is it", "Noise: 52 dB", "150 min"),
        ("how much water fits in", "fill in at most 240 ml", "dry it for 24 hours"),
        ("how high is the deposit", "A deposit of £250 secures the place", "It is 2 m high"),
        ("how long can the hose be", "no longer than 5 m", "an hose"),
        ("租个车位要多少", "车位租金每月 380 元", "车位 1,240 个"),
        ("who do I write to", "to the manager, Mrs Odile Farrant", "a written complaint is acknowledged"),
        ("how often should I calibrate", "Calibrate the scale every six months", "Calibrate it on a level surface"),
    ],
)
def test_a_value_of_its_kind_is_known_when_it_is_seen(question: str, right: str, beside: str) -> None:
    asked = sought(question)
    assert asked.holds
    assert asked.sharp
    assert asked.holds.search(right)
    assert not asked.holds.search(beside)


def test_words_that_ask_go_before_words_that_only_name() -> None:
    for question in ("收件电话写错了怎么改", "are exam fees included", "what happens to my points when I leave"):
        assert not sought(question).sharp  # neither a number, nor money, nor a time
    assert sought("how long does a charge take").plain.split() == ["a", "charge"]
    assert sought("what does the CM-11 cost").plain.split() == ["the", "CM-11"]


def test_yes_or_no_is_asked_for_in_many_ways() -> None:
    for question in ("蚕丝被收不收", "一个人能买两份不", "my grandmother died, can I take time off", "am I insured"):
        assert sought(question).whether


def test_a_telephone_is_not_asked_for_in_headphones() -> None:
    assert sought("I dropped my headphones, what now").plain == "I dropped my headphones, what now"


def test_what_a_semicolon_parts_is_quoted_whole_and_a_title_is_no_answer() -> None:
    passage = Passage("d", 0, "Kefu\nRestoring is free twice; every further one costs 40 euros. Ask us.", title="Kefu")
    assert list(texts(passage)) == ["Restoring is free twice; every further one costs 40 euros.", "Ask us."]


def test_no_question_is_an_answer_and_rules_in_a_row_are_none_as_a_whole() -> None:
    assert list(texts(Passage("d", 0, "**问：可以退吗？**\n拆封后不退不换。"))) == ["拆封后不退不换。"]
    names = "- 身份证\n- 病历"
    assert names in texts(Passage("d", 0, names))
    assert f"材料如下：\n{names}。" in texts(Passage("d", 0, f"材料如下：\n{names}。"))
    rules = "- 迟到按爽约处理。\n- 爽约扣两学时。"
    assert rules not in list(texts(Passage("d", 0, rules)))
