"""What the classifier makes of words, slips, other languages and things it was not trained for."""

import json
import warnings

import numpy as np
import pytest

from kefu_engine.components.classifier import OOS, Model
from kefu_engine.components.learning import learn
from kefu_engine.components.meanings import meanings

EXAMPLES = {
    "order": [
        "查订单",
        "我的订单到哪了",
        "帮我看看订单",
        "订单什么时候发货",
        "where is my order",
        "track my order please",
        "check order status",
    ],
    "refund": [
        "我要退款",
        "怎么申请退款",
        "把钱退给我",
        "退款多久到账",
        "I want a refund",
        "give me my money back",
        "how do I get a refund",
    ],
    "invoice": [
        "开发票",
        "我要一张发票",
        "发票抬头怎么写",
        "能开电子发票吗",
        "I need an invoice",
        "send me the invoice",
        "invoice for my company",
    ],
    "hours": [
        "几点下班",
        "你们几点开门",
        "营业时间",
        "周末上班吗",
        "opening hours",
        "when do you close",
        "are you open on sunday",
    ],
    "shipping": [
        "运费多少",
        "包邮吗",
        "邮费谁出",
        "满多少免运费",
        "how much is shipping",
        "is delivery free",
        "shipping fee",
    ],
    "human": [
        "转人工",
        "我要找客服",
        "叫个真人来",
        "人工服务",
        "talk to a person",
        "human agent please",
        "connect me to an agent",
    ],
    "thanks": ["谢谢", "多谢你", "感谢帮忙", "太谢谢了", "thanks", "thank you so much", "many thanks"],
    "praise": ["你真棒", "服务很好", "非常满意", "点赞", "great service", "you are awesome", "well done"],
    "coupon": [
        "优惠券怎么用",
        "有优惠码吗",
        "券过期了",
        "领券",
        "coupon code",
        "how to use a voucher",
        "discount code",
    ],
}


@pytest.fixture(scope="module")
def model():
    pairs = [(text, intent) for intent, texts in EXAMPLES.items() for text in texts]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return learn([text for text, _ in pairs], [intent for _, intent in pairs], 0.5)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("我想查下订单", "order"),
        ("查訂單", "order"),
        ("查订蛋", "order"),  # a slip of the pinyin keyboard
        ("where is my ordr", "order"),  # slips of the fingers
        ("I want a reufnd", "refund"),
        ("我要refund", "refund"),
        ("please 开 invoice", "invoice"),
        ("请赔我钱", "refund"),  # no word of it was trained
        ("ＳＨＩＰＰＩＮＧ　ＦＥＥ", "shipping"),
    ],
)
def test_slips_scripts_and_mixed_languages(model, text, intent):
    assert model.judge(text)[0][0] == intent


def test_what_nobody_trained_is_less_sure_than_what_was(model):
    known = [sure for text in ("查一下我的订单", "how do I get a refund") for _, sure in model.judge(text)[:1]]
    strange = [sure for text in ("魑魅魍魉", "the moons of jupiter", "zxcv qwer") for _, sure in model.judge(text)[:1]]
    assert min(known) > max(strange)


def test_nothing_at_all_is_a_guess_among_all(model):
    ranked = model.judge("   ")
    assert len(ranked) == len(EXAMPLES)
    assert max(sure for _, sure in ranked) <= 1 / len(EXAMPLES) + 1e-6


def test_confidence_is_a_share_of_one(model):
    for text in ("退款", "hello", "", "😡" * 50, "a" * 5000):
        sure = [confidence for _, confidence in model.judge(text)]
        assert all(0 <= one <= 1 for one in sure)
        assert sum(sure) <= 1 + 1e-6


def test_a_kept_model_judges_the_same(model, tmp_path):
    model.save(tmp_path)
    kept = Model.load(tmp_path)
    for text in ("查订单", "how much is shipping", "你好"):
        for (name, sure), (again, still) in zip(model.judge(text), kept.judge(text), strict=True):
            assert name == again
            assert sure == pytest.approx(still, abs=1e-3)


def test_a_model_of_another_table_of_meanings_is_refused(model, tmp_path):
    model.save(tmp_path)
    names = json.loads((tmp_path / "names.json").read_text("utf-8"))
    (tmp_path / "names.json").write_text(json.dumps({**names, "meanings": "other"}), "utf-8")
    with pytest.raises(ValueError, match="train it again"):
        Model.load(tmp_path)


def test_examples_that_are_out_of_scope_teach_what_is():
    texts = [text for texts in EXAMPLES.values() for text in texts]
    intents = [intent for intent, texts in EXAMPLES.items() for _ in texts]
    outside = [
        "播放音乐",
        "今天股票怎么样",
        "write me a poem",
        "play some jazz",
        "who is the president",
        "讲讲三国历史",
        "天气预报",
        "recipe for soup",
    ]
    learnt = learn(texts + outside, intents + [OOS] * len(outside), 0.5)
    assert learnt.judge("play music")[0][0] == OOS
    assert learnt.judge("查订单")[0][0] == "order"


def test_two_intents_are_enough_and_one_is_not():
    learnt = learn([*EXAMPLES["order"], *EXAMPLES["thanks"]], ["order"] * 7 + ["thanks"] * 7, 0.5)
    assert learnt.judge("谢谢你")[0][0] == "thanks"
    with pytest.raises(ValueError, match="two intents"):
        learn(["a", "b"], ["order", "order"], 0.5)


def test_words_of_like_meaning_lie_near_each_other_across_languages():
    table = meanings()
    likeness = {word: float(table.of("退款") @ table.of(word)) for word in ("refund", "weather", "音乐")}
    assert likeness["refund"] > max(likeness["weather"], likeness["音乐"])
    assert table.of("qzxv") is None
    assert np.linalg.norm(table.of("魑魅魍魉")) == pytest.approx(1, abs=1e-5)
