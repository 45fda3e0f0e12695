"""What agent assist knows, by plain calls."""

from pathlib import Path

import pytest

from agent_assist.adapters.guides import BadGuides, read_guides
from agent_assist.adapters.models import ModelFile
from agent_assist.rules.actions import learn_actions, signs
from agent_assist.rules.dialogue import Dialogue, Moment, Turn, agent_moments, customer_moments, moment_after
from agent_assist.rules.guides import Guide, Mark, applying, progress
from agent_assist.rules.measures import rank_of_first, ranked, recalls
from agent_assist.rules.models import Models
from agent_assist.rules.mood import Mood, has_turned
from agent_assist.rules.replies import learn_replies
from agent_assist.rules.rouge import rouge
from agent_assist.rules.summary import Summary, summarise
from agent_assist.rules.telling import tells
from agent_assist.rules.waiting import QUIET, bound, learn_waiting
from agent_assist.rules.worth import is_quiet
from agent_assist.rules.writing import Prefixes, Way, completions, polish
from app.config import ROOT
from desk.rules.daily import fill

TOPICS = {
    "发票": "电子发票已经发到您的邮箱",
    "退款": "退款会在三天内原路返回",
    "快递": "包裹今天由顺丰发出",
    "invoice": "the invoice was sent to your mailbox",
    "parcel": "your parcel left the warehouse today",
}


def talks(many: int = 20) -> list[list[tuple[Moment, str]]]:
    return [
        [(Moment(asked=f"{topic} {number}", nth=1), f"{answer} {number}")]
        for number in range(many)
        for topic, answer in TOPICS.items()
    ]


def test_a_moment_is_what_was_asked_since_the_last_answer() -> None:
    turns = (
        Turn("customer", "你好"),
        Turn("agent", "您好，请讲"),
        Turn("customer", "查订单"),
        Turn("agent", action="look_up"),
        Turn("tool", "在途"),
        Turn("customer", "快点"),
    )
    assert moment_after(turns) == Moment(
        "查订单 快点", "您好，请讲", "你好", 1, ("look_up",), "在途", told="您好，请讲", newest="快点", burst=2, heard=3
    )
    assert [moment.asked for moment, _ in agent_moments(Dialogue("c", turns))] == ["你好", "查订单"]
    assert [answered for _, answered in customer_moments(Dialogue("c", turns))] == [True, True, False]


def test_the_length_of_a_conversation_does_not_make_moments_longer() -> None:
    turns = [Turn(role, "很长的话" * 50) for _ in range(500) for role in ("customer", "agent")]
    moment = moment_after([*turns, Turn("customer", "在吗")])
    assert sum(map(len, (moment.earlier, moment.said, moment.asked, moment.told))) < 3500


def test_what_was_answered_to_the_like_comes_first() -> None:
    model = learn_replies(talks())
    replies = list(TOPICS.values())
    vectors = model.replies(replies)
    for topic, answer in TOPICS.items():
        scores = (vectors @ model.moments([Moment(asked=f"请问{topic}？", nth=1)])[0]).tolist()
        assert replies[scores.index(max(scores))] == answer


def test_a_forest_judges_what_is_close_and_is_kept_as_arrays(tmp_path: Path) -> None:
    model, replies = learn_replies(talks(50)), list(TOPICS.values())
    assert model.forest is not None
    file = ModelFile(tmp_path / "models.npz")
    file.write(Models(replies=model, trained="now"))
    kept = ModelFile(tmp_path / "models.npz").read().replies
    assert kept is not None
    for topic, answer in TOPICS.items():
        moment = Moment(asked=f"请问{topic}？", nth=1)
        scores = model.scores(moment, model.ready(replies)).tolist()
        assert replies[scores.index(max(scores))] == answer
        assert all(0 <= score <= 1 for score in scores)
        assert kept.scores(moment, kept.ready(replies)).tolist() == scores


def test_too_little_to_learn_from_is_said() -> None:
    with pytest.raises(ValueError, match="too few"):
        learn_replies(talks()[:10])
    with pytest.raises(ValueError, match="two different classes"):
        learn_actions([(("x",), "a")] * 9)


def test_the_next_action_follows_the_last_one() -> None:
    pairs = [
        (signs(Moment(asked="退款", actions=done)), action) for done, action in ((("a",), "b"), (("b",), "c"))
    ] * 10
    model = learn_actions(pairs)
    likely = model.shares(signs(Moment(asked="退款", actions=("a",))))
    assert likely[0][0] == "b"
    assert sum(share for _, share in likely) == pytest.approx(1, abs=1e-5)


def test_who_has_not_finished_is_not_answered_yet() -> None:
    begun = [Turn("customer", "我有一个订单付款后"), Turn("customer", "能退吗？")]
    ended = [Turn("agent", "可以的，感谢您的支持，再见"), Turn("customer", "嗯嗯")]
    asked = [Turn("customer", "请问运费怎么算？")]
    turns = (*begun, Turn("agent", "请问是哪一笔订单"), *asked, *ended)
    waiting = learn_waiting([Dialogue(f"c{number}", turns) for number in range(20)])
    assert [is_quiet(moment_after(some), waiting) for some in (begun[:1], begun, asked)] == [True, False, False]
    assert is_quiet(moment_after(turns), waiting)
    assert [is_quiet(moment_after([Turn("customer", text)]), None) for text in ("谢谢", "能退吗")] == [True, False]


def test_silence_begins_where_it_is_right_often_enough() -> None:
    right, doubtful, unlikely = [(0.9, True)] * 60, [(0.7, True), (0.7, False)] * 60, [(0.4, True)] * 60
    assert bound([*right, *doubtful, *unlikely]) == 0.7  # 120 of 180, and nothing under QUIET
    assert bound([*right, *doubtful * 3]) == 0.9
    assert bound(doubtful) == 1.0  # never often enough
    assert bound(right[:10]) == QUIET  # too few to say


def test_chances_are_judged_by_their_order() -> None:
    assert ranked([True, False, True, False], [0.9, 0.1, 0.8, 0.2]) == {"auroc": 1.0, "average_precision": 1.0}
    assert ranked([True, True], [0.9, 0.1]) == {}


def test_ties_count_against_us() -> None:
    assert rank_of_first([1.0, 1.0, 0.5]) == 2
    assert recalls([1, 2, 11]) == {
        "recall@1": 1 / 3,
        "recall@5": 2 / 3,
        "recall@10": 2 / 3,
        "mrr": (1 + 0.5 + 1 / 11) / 3,
    }


CUP = (
    Turn("customer", "你好"),
    Turn("bot", "您好，请问有什么可以帮您"),
    Turn("customer", "我买的杯子碎了，想退款，订单 KF10000001"),
    Turn("agent", "非常抱歉，麻烦您拍张照片发过来"),
    Turn("customer", "好的"),
    Turn("agent", "收到。审核通过后会在 1 到 3 个工作日内原路退回。请问还有别的问题吗？"),
)


def shop() -> tuple[Guide, ...]:
    return read_guides(ROOT / "data" / "guides" / "shop.yml")


def test_a_guide_is_found_and_ticked_by_what_was_said() -> None:
    guide = applying(shop(), CUP)
    assert guide is not None
    assert guide.id == "refund"
    begun, ended = progress(guide, CUP[:3], (), ()), progress(guide, CUP, (), ())
    assert begun.slots == {"order": "KF10000001", "cause": "damaged"}
    assert begun.next is not None
    assert begun.next.id == "photo"
    assert [step.id for step in begun.missing] == ["photo", "time"]
    assert ended.missing == ()
    assert progress(guide, CUP, {"TicketOpened"}, ()).next is None
    assert progress(guide, CUP, (), [Mark("refund", "time", False)]).missing == (guide.steps[4],)
    assert applying(shop(), CUP[:2]) is None


@pytest.mark.parametrize(
    ("slot", "why"),
    [
        ("pattern: '('", "slot order"),
        ("{}", "either a pattern or values"),
        ("pattern: x\n        values: {a: [b]}", "either"),
    ],
)
def test_a_wrong_guide_is_refused_by_field(tmp_path: Path, slot: str, why: str) -> None:
    file = tmp_path / "guides.yml"
    head = "guides:\n  - id: g\n    name: {zh: 退, en: Refund}\n    begins: [refund]\n    steps: []\n"
    file.write_text(head + "    slots:\n      - id: order\n" + (f"        {slot}\n" if slot != "{}" else ""))
    with pytest.raises(BadGuides, match=why):
        read_guides(file)
    file.write_text("guides: [")
    with pytest.raises(BadGuides, match=r"guides\.yml"):
        read_guides(file)


def test_a_summary_says_nothing_that_nobody_said() -> None:
    told = summarise(CUP, "zh")
    assert told.situation == "我买的杯子碎了，想退款，订单 KF10000001。"
    assert "照片" in told.action
    assert told.follow_up == "审核通过后会在 1 到 3 个工作日内原路退回。"
    assert "有什么可以帮" not in f"{told}"
    assert summarise((), "en") == Summary()
    assert summarise([Turn("customer", "ok")], "en") == Summary()


def test_the_last_word_is_the_newest_one() -> None:
    talk = [Turn("customer", "快递到哪了"), Turn("bot", "订单号在确认短信里。"), Turn("customer", "地址改成北京路")]
    told = summarise([*talk, Turn("agent", "地址已经改成北京路 12 号了。")], "zh")
    assert (told.action, told.resolution) == ("地址已经改成北京路 12 号了。", "")  # said above, and nothing after it


def test_what_was_only_asked_is_not_done() -> None:
    talk = [Turn("customer", "杯子碎了，我要退款"), Turn("agent", "请问订单号是多少？"), Turn("customer", "KF10000001")]
    assert summarise(talk, "zh").action == ""
    assert summarise([*talk, Turn("agent", "已经为您提交退款申请。")], "zh").action == "已经为您提交退款申请。"


def test_a_summary_leaves_out_who_was_asked_for_and_takes_no_rule_for_a_promise() -> None:
    asked = [Turn("customer", one) for one in ("杯子碎了，我要退货", "转人工。", "Let me talk to a person")]
    rules = "7 天内、不影响二次销售的商品可以退货；\n质量问题的运费由我们承担"
    told = summarise([*asked, Turn("bot", rules), Turn("agent", "我们会尽快给您回复")], "zh")
    assert told.situation == "杯子碎了，我要退货。"
    assert told.follow_up == "我们会尽快给您回复"
    told = summarise([*asked, Turn("bot", rules)], "zh")
    assert told.action == "7 天内、不影响二次销售的商品可以退货。质量问题的运费由我们承担。"
    assert told.follow_up == ""


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("退款申请已提交，将在 3 个工作日内退回。", True),
        ("人工客服每天 9:00 至 22:00 在线。", True),
        ("A colleague can arrange a replacement.", True),
        ("非常抱歉，马上为您转接人工客服。", False),
        ("我不太确定，帮您转人工好吗？", False),
        ("抱歉，这句我没看懂。", False),
        ("A colleague takes over now.", False),
        ("Sure, I'm passing you on to a colleague.", False),
        ("What is your order number (KF and 8 digits)?", False),
        ("I'm truly sorry.", False),
    ],
)
def test_what_a_bot_says_is_tried_when_it_answers_or_was_done(text: str, counts: bool) -> None:
    assert tells("bot", text) is counts


def test_rouge_counts_what_is_shared() -> None:
    assert rouge("the cat sat", "the cat sat") == {"rouge1": 1, "rouge2": 1, "rougeL": 1}
    assert rouge("猫坐", "坐猫") == {"rouge1": 1, "rouge2": 0, "rougeL": 0.5}
    assert rouge("", "") == {"rouge1": 0, "rouge2": 0, "rougeL": 0}


def test_a_mood_that_turns_is_seen() -> None:
    mood = Mood((ROOT / "data" / "lexicons" / "mood.txt").read_text("utf-8").splitlines())
    assert mood.of("谢谢，太好了") > 0 > mood.of("你们是骗子吧，我要投诉")
    assert has_turned(mood.curve(["谢谢", "好的", "骗子！我要投诉"]))
    assert not has_turned(mood.curve(["骗子", "骗子"]))
    with pytest.raises(ValueError, match="line 2"):
        Mood(["# words", "bad very"])


def test_what_was_begun_is_gone_on_with() -> None:
    said = Prefixes(["您的订单已发货", "您的订单已发货", "您的退款已到账", "Your order is on its way"])
    assert completions("您的", [said]) == ["您的订单已发货", "您的退款已到账"]
    assert completions("您好！YOUR ord", [said]) == ["您好！Your order is on its way"]
    assert completions("您", [said]) == completions("您的订单已发货", [said]) == []


@pytest.mark.parametrize(
    ("way", "language", "text", "better"),
    [
        ("tidy", "zh", "您好,请问 登陆了吗??", "您好，请问 登录了吗？"),
        ("politer", "zh", "这个我不知道", "您好，这个我需要核实一下。"),
        ("politer", "zh", "你等一下，我看看", "请您稍等，我看看。"),
        ("politer", "zh", "请稍等一下", "请您稍等。"),
        ("politer", "en", "it left and I don't know", "Hello, it left and let me find out."),
        ("politer", "en", "Please wait a moment", "Please wait a moment."),
        ("tidy", "en", "i  recieved it . thanks", "I received it. Thanks."),
        ("shorter", "en", "it is actually really simple", "It is simple."),
    ],
)
def test_a_text_is_made_better_by_rules(way: Way, language: str, text: str, better: str) -> None:
    assert polish(text, way, language) == better


@pytest.mark.parametrize(("name", "greeting"), [("", "Hi, I am Bob."), ("Ann", "Hi Ann, I am Bob.")])
def test_a_customer_without_a_name_leaves_no_gap(name: str, greeting: str) -> None:
    assert fill("Hi {{contact.name}}, I am {{agent.name}}.", {"contact.name": name, "agent.name": "Bob"}) == greeting
