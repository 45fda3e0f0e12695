"""What is worth suggesting, and what a message is about."""

import pytest

from agent_assist.ports import Line
from agent_assist.rules.dialogue import Moment
from agent_assist.rules.learning import rescaled
from agent_assist.rules.proposals import Said, proposed
from agent_assist.rules.repertoire import Match, Repertoire
from agent_assist.rules.replies import learn_replies
from agent_assist.rules.telling import says_something
from agent_assist.rules.topic import topic
from agent_assist.rules.worth import Scale
from conversation.events import Suggested, Suggestion, SuggestionSettled


@pytest.mark.parametrize(
    ("asked", "earlier", "meant"),
    [
        ("转人工", "杯子碎了，我要投诉", "杯子碎了，我要投诉"),
        ("talk to a person", "where is my parcel", "where is my parcel"),
        ("it's KF10000005", "where is my parcel", "where is my parcel"),
        ("订单号 KF10000005", "能退吗", "能退吗"),
        ("KF10000005 能退吗", "在吗", "能退吗"),
        ("能退吗", "在吗", "能退吗"),
        ("转人工", "", "转人工"),
    ],
)
def test_a_number_or_the_wish_for_a_person_stands_for_what_was_asked_before(
    asked: str, earlier: str, meant: str
) -> None:
    assert topic(asked, earlier) == meant


@pytest.mark.parametrize(
    ("reply", "asked", "says"),
    [
        ("Hi, I am 小美. How can I help?", "my cup is broken", False),
        ("您好，我是小美，很高兴为您服务，请问有什么可以帮您？", "杯子碎了", False),
        ("感谢您的耐心，如果还有问题随时找我们。祝您生活愉快！", "好的谢谢", True),
        ("您好，我是小美，杯子给您补发。", "杯子碎了", True),
    ],
)
def test_a_greeting_is_no_answer_to_who_asks(reply: str, asked: str, says: bool) -> None:
    assert says_something(reply, asked) is says


def test_words_that_a_model_never_saw_are_found_too() -> None:
    lines = [
        Line("canned", "1", "一到三个工作日到账", "钱几天到账", "zh"),
        Line("canned", "2", "七天", "多久能退", "zh"),
    ]
    replies = ("电子发票已经发到邮箱", "包裹今天由顺丰发出", "退款会原路返回")
    talks = [
        [(Moment(f"{['发票', '快递', '退款'][n % 3]} {n}", nth=n % 4), f"{replies[n % 3]} {n}")] for n in range(60)
    ]
    model = learn_replies(talks)
    (best, *_) = Repertoire.of(lines, model).close(Moment("钱几天到账"), "zh", 2)
    assert (best.line.ref, round(best.words, 2)) == ("1", 1.0)


def test_what_shares_nothing_with_the_question_is_not_likely_however_it_ranks() -> None:
    line = Line("canned", "1", "How can I help?", "Greeting", "en")
    assert Scale().likely(Match(line, 0.1, 0.99)) == 0 < Scale().likely(Match(line, 0.3, 0.5))


def test_of_several_suggestions_only_one_could_be_used() -> None:
    three = tuple(Suggestion("past", str(n), score, "a") for n, score in enumerate((0.6, 0.6, 0.6)))
    used = SuggestionSettled("a1", 1, 2, 1, "used", 0.0, 1.0)
    scale = rescaled(Scale(), [(Suggested(1, "a1", three), used)] * 100)
    assert scale.source["past"] > 0
    ignored = SuggestionSettled("a1", 1, 2, -1, "ignored", 1.0, 1.0)
    assert rescaled(Scale(), [(Suggested(1, "a1", three), ignored)] * 100).source["past"] < 0


def test_a_question_that_goes_on_or_asks_for_somebody_is_none_for_the_library() -> None:
    asked = ("Thanks. If it is lost?", "好的，今天能到吗", "which is below that? agent please", "Is the glass covered?")
    said = [Said(f"c{n}{m}", "a", one, f"answer number {n} it is") for n, one in enumerate(asked) for m in range(3)]
    assert [one.question for one in proposed(said, ()) if one.kind == "faq"] == ["Is the glass covered?"]
