"""Questions that a document answers; how the order of what is found is learned; what is quoted."""

import pytest

from knowledge.ports import Found, Hit, Passage, Piece
from knowledge.rules.answer import EVIDENCE, ROWS, Extract, lead, quoted
from knowledge.rules.asking import questions_in
from knowledge.rules.learning import LEAST, Lesson, better, judged, learn, split
from knowledge.rules.pairs import Said, pairs_in
from knowledge.rules.rank import MEASURES, measured, meetings, prior, rank
from language.meanings import Meanings


@pytest.mark.parametrize(
    ("piece", "question"),
    [
        (Piece("试用期是指入职后的前三个月，薪资不变。"), "什么是试用期？"),
        (Piece("买家逾期未取件的，包裹在三天后退回仓库。"), "买家逾期未取件怎么办？"),
        (Piece("如果商品缺货，我们会在一天内退款给您。"), "商品缺货怎么办？"),
        (Piece("If the parcel is lost, we send another one at once."), "What if the parcel is lost?"),
        (Piece("A working day means Monday to Friday without holidays."), "What does working day mean?"),
        (Piece("An appliance is a device that runs on mains."), "What is an appliance?"),
        (Piece("Priority: Low; Repair within: 5 days", "row"), "Low: repair within?"),
        (Piece("Plan: Basic; Fees: $9", "row"), "What are the fees of Basic?"),
        (Piece("GPS range: 30 m", "row"), "What is the GPS range?"),
        (Piece("额定功率: 1700 瓦", "row"), "额定功率是多少？"),
        (Piece("Weight: 3 kg", "row"), "What is the weight?"),
        (Piece("阶段: 未参加考试; 退还学费比例: 90%", "row"), "未参加考试的退还学费比例是多少？"),
        (Piece("名称: 音箱; 单价: 459; 颜色: 黑", "row"), "音箱的单价是多少？"),
        (Piece("每单运费十元，满百包邮，偏远地区除外。", heading="说明 › 运费"), "运费有什么规定？"),
    ],
)
def test_a_document_answers_questions_in_its_own_words(piece: Piece, question: str) -> None:
    assert (question, piece.text) in [(asked.question, asked.answer) for asked in questions_in([piece])]


def test_what_is_a_question_already_is_not_asked_again() -> None:
    assert questions_in([Piece("三天", "pair", "几天到？"), Piece("如果不行，您想怎么办呢亲？")]) == []


@pytest.mark.parametrize(
    "piece",
    [
        Piece("In case of an accident, call the police at once."),
        Piece("保单自投保次日零时生效，离境以后不能补买。", heading="什么时候生效"),
        Piece("积分自获得之日起二十四个月内有效。", heading="积分有效期多久"),
        Piece("可以退，一年以内凭小票到门店办理。", heading="卡里的钱能退吗"),
        Piece("Illness: Chickenpox; Stay at home until: all spots have crusted over", "row"),
        Piece("Drivers must be 21 and hold a full licence.", heading="Who can rent"),
    ],
)
def test_what_would_be_no_question_is_not_asked(piece: Piece) -> None:
    assert questions_in([piece]) == []


def test_a_question_has_no_number_of_a_clause_and_asks_for_no_remark() -> None:
    assert [one.question for one in questions_in([Piece("3.4 逾期不缴的，按每日万分之三加收违约金。")])] == [
        "逾期不缴怎么办？"
    ]
    row = Piece("品类: 毛绒玩具; 价格: 20; 备注: 高度超过 60 厘米加倍", "row")
    assert [one.question for one in questions_in([row])] == ["毛绒玩具的价格是多少？"]


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Thanks. If it is lost?", []),
        ("How long does it take?", []),
        ("那运费呢，谁来付？", []),
        ("And for two of these?", []),
        ("Which of yours is below that? Agent please", []),
        ("可以开公司抬头的发票吗？转人工", ["可以开公司抬头的发票吗？"]),
        ("Thanks! Can I change the delivery address?", ["Can I change the delivery address?"]),
        ("谢谢。发票可以开公司抬头吗？", ["发票可以开公司抬头吗？"]),
        ("How long does it take until a refund arrives?", ["How long does it take until a refund arrives?"]),
    ],
)
def test_only_a_question_that_stands_by_itself_is_proposed(said: str, asked: list[str]) -> None:
    told = [Said("customer", said, 1), Said("agent", "Then we send a new one at once.", 2)]
    assert [question.text for question, _ in pairs_in(told)] == asked


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("我的快递到哪了？", "一般三天左右就会送到的。"),
        ("公司报销要专票，怎么开？", "请提供订单号、抬头、税号和邮箱，我来登记。"),
        ("今天能送到杭州吗？", "快递确认今晚八点前派送，派送后我再短信通知您。"),
        ("你们几点下班？", "不客气，祝您生活愉快！再见！"),
        ("Where do I get an invoice?", "Tell me the order number, please."),
        ("Do you ship to Canada?", "Good morning! One moment, let me check."),
    ],
)
def test_what_is_about_one_case_or_only_polite_is_not_proposed(question: str, answer: str) -> None:
    assert not list(pairs_in([Said("customer", question, 1), Said("agent", answer, 2)]))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("您好！人工客服每天 9:00 到 21:00 在线。", "人工客服每天 9:00 到 21:00 在线。"),
        ("您好，可以的，备注里写上就行，不收钱。祝您生活愉快！", "可以的，备注里写上就行，不收钱。"),
        ("可以的。下单时写在备注里就行。谢谢！", "可以的。下单时写在备注里就行。"),
        ("Hello, yes you can. Just write it in the note. Have a nice day!", "Yes you can. Just write it in the note."),
    ],
)
def test_an_answer_is_proposed_without_its_courtesies(said: str, kept: str) -> None:
    told = [Said("customer", "你们几点下班？", 1), Said("agent", said, 2)]
    assert [answer.text for _, answer in pairs_in(told)] == [kept]


def test_weights_put_what_is_right_first_and_are_never_negative() -> None:
    width = len(MEASURES)
    rows = [tuple(float(n == place) for n in range(width)) for place in (MEASURES.index("order"), 0)]
    lessons = [Lesson(f"q{n}", rows, (True, False)) for n in range(LEAST)]
    learned = learn([lessons, []])
    assert set(learned) == set(MEASURES)
    assert min(learned.values()) >= 0
    assert learned["order"] > learned["bm25"]
    flat, told = [0.0] * width, [learned[name] for name in MEASURES]
    worse = [Lesson("q", rows[::-1], (False, True))]
    assert judged([worse], told) == {"recall_at_1": 1.0, "mrr_at_10": 1.0}
    assert better(judged([worse], told), judged([worse], flat))
    assert not better(judged([worse], told), judged([worse], told))
    with pytest.raises(ValueError, match="at least"):
        learn([lessons[:3]])


def test_what_is_compared_with_is_not_learned_from() -> None:
    lessons = [Lesson(f"q{n}", [], []) for n in range(100)]
    learned, held = split(lessons)
    assert held
    assert not {one.question for one in learned} & {one.question for one in held}


def test_helpful_answers_come_before_unhelpful_ones() -> None:
    found = [Found(Passage(name, 0, "三天送到"), 1.0, "三天 送到", "") for name in ("bad", "good")]
    measures = measured("几天送到", found, [None, None], lambda _: 1.0, Meanings())
    priors = {"good": prior({"helpful": 8}), "bad": prior({"unhelpful": 8})}
    assert rank("几天送到", found, measures, lambda _: 1.0, priors)[0].passage.document == "good"


def test_words_meet_themselves_without_a_table() -> None:
    both = meetings(["运费", "多少"], [["运费"], []], lambda _: 1.0, Meanings())
    assert both == [(0.5, 1.0), (0.0, 0.0)]


def test_of_two_sentences_as_good_both_are_quoted_as_they_stand() -> None:
    hit = Hit(Passage("d", 0, "一。二。三。"), 1.0, 1.0)
    strong, weak = (1.0,) * len(EVIDENCE), (0.0,) * len(EVIDENCE)
    two, one = Extract("二。", hit, strong), Extract("一。", hit, strong)
    assert quoted([2.0, 2.0], [two, one]) == ("一。", "二。")
    assert quoted([2.0, 0.0], [two, Extract("一。", hit, weak)]) == ("二。",)
    other = Hit(Passage("e", 0, "一。"), 1.0, 1.0)
    assert quoted([2.0, 2.0], [two, Extract("一。", other, strong)]) == ("二。",)


def rows(*texts: str) -> list[Extract]:
    passages = [Passage("d", number, text, kind="row") for number, text in enumerate(texts)]
    return [Extract(one.text, Hit(one, 1.0, 1.0), (0.0,) * len(EVIDENCE)) for one in passages]


def test_a_question_about_a_table_is_answered_by_its_rows_unless_they_are_many() -> None:
    few = rows("地区: 江浙沪; 快递: 顺丰", "地区: 其他; 快递: 中通")
    assert quoted([1.0, 1.0], few[::-1]) == (few[0].text, few[1].text)
    assert lead([1.0, 1.0], few) == 1.0
    assert quoted([4.0, 1.0], few) == (few[0].text,)
    assert len(quoted([1.0] * (ROWS + 1), rows(*(f"地区: {n}; 快递: 顺丰" for n in range(ROWS + 1))))) == 1
    assert len(quoted([1.0, 1.0], rows("重量: 285 g", "尺寸: 30 mm"))) == 1
