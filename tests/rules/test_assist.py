"""What agent assist knows, by plain calls."""

import pytest

from agent_assist.rules.actions import learn_actions
from agent_assist.rules.dialogue import Dialogue, Moment, Turn, agent_moments, customer_moments, moment_after
from agent_assist.rules.measures import rank_of_first, recalls
from agent_assist.rules.replies import learn_replies

TOPICS = {
    "发票": "电子发票已经发到您的邮箱",
    "退款": "退款会在三天内原路返回",
    "快递": "包裹今天由顺丰发出",
    "invoice": "the invoice was sent to your mailbox",
    "parcel": "your parcel left the warehouse today",
}


def talks() -> list[tuple[Moment, str]]:
    return [
        (Moment(asked=f"{topic} {number}", nth=1), f"{answer} {number}")
        for number in range(20)
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
    assert moment_after(turns) == Moment("查订单 快点", "您好，请讲", "你好", 1, ("look_up",), "在途")
    assert [moment.asked for moment, _ in agent_moments(Dialogue("c", turns))] == ["你好", "查订单"]
    assert [answered for _, answered in customer_moments(Dialogue("c", turns))] == [True, True, False]


def test_the_length_of_a_conversation_does_not_make_moments_longer() -> None:
    turns = [Turn(role, "很长的话" * 50) for _ in range(500) for role in ("customer", "agent")]
    moment = moment_after([*turns, Turn("customer", "在吗")])
    assert len(moment.earlier) + len(moment.said) + len(moment.asked) < 2000


def test_what_was_answered_to_the_like_comes_first() -> None:
    model = learn_replies(talks())
    replies = list(TOPICS.values())
    vectors = model.replies(replies)
    for topic, answer in TOPICS.items():
        scores = (vectors @ model.moments([Moment(asked=f"请问{topic}？", nth=1)])[0]).tolist()
        assert replies[scores.index(max(scores))] == answer


def test_too_little_to_learn_from_is_said() -> None:
    with pytest.raises(ValueError, match="too few"):
        learn_replies(talks()[:10])
    with pytest.raises(ValueError, match="two different actions"):
        learn_actions([(Moment(), "a")] * 9)


def test_the_next_action_follows_the_last_one() -> None:
    pairs = [(Moment(asked="退款", actions=done), action) for done, action in ((("a",), "b"), (("b",), "c"))] * 10
    model = learn_actions(pairs)
    likely = model.shares(Moment(asked="退款", actions=("a",)))
    assert likely[0][0] == "b"
    assert sum(share for _, share in likely) == pytest.approx(1, abs=1e-5)


def test_ties_count_against_us() -> None:
    assert rank_of_first([1.0, 1.0, 0.5]) == 2
    assert recalls([1, 2, 11]) == {
        "recall@1": 1 / 3,
        "recall@5": 2 / 3,
        "recall@10": 2 / 3,
        "mrr": (1 + 0.5 + 1 / 11) / 3,
    }
