"""What a model words is checked sentence by sentence against the passages that it cites."""

from collections.abc import AsyncIterator, Collection, Sequence
from pathlib import Path

import pytest

from knowledge.adapters.index import TantivyIndex
from knowledge.ports import Passage, Wish
from knowledge.rules.grounding import carried, cited, finished
from knowledge.service.grounded import Grounded
from knowledge.service.search import Search
from language.llm import LlmUnavailable

TEXTS = ("签收后七天内可以申请无理由退货。", "退货运费由买家承担，每单最多 15 元。", "耳机保修六个月。")
ASKED = Wish("签收后几天内可以退货")


class Words:
    """A model that says what it is told to say, a few letters at a time."""

    def __init__(self, said: str, *, away: bool = False) -> None:
        self.said, self.away = said, away
        self.asked: Sequence[str] = ()

    async def ask(self, instruction: str, passages: Sequence[str], names: Collection[str] = ()) -> str:
        return self.said

    async def stream(
        self, instruction: str, passages: Sequence[str], names: Collection[str] = ()
    ) -> AsyncIterator[str]:
        self.asked = passages
        if self.away:
            raise LlmUnavailable("away")
        for place in range(0, len(self.said), 5):
            yield self.said[place : place + 5]


@pytest.fixture
def search(tmp_path: Path) -> Search:
    index = TantivyIndex(tmp_path)
    assert index.lock()
    for number, text in enumerate(TEXTS):
        index.replace(f"d{number}", [Passage(f"d{number}", 0, text, language="zh")])
    index.commit(1)
    return Search(index)


async def test_sentences_come_as_they_are_checked_and_lose_their_marks(search: Search) -> None:
    words = Words("签收后七天内可以退货[2]。退货运费由买家承担[3]。")
    told = [answer async for answer in Grounded(search, words).stream(ASKED)]
    assert [answer.text for answer in told] == ["签收后七天内可以退货。", "签收后七天内可以退货。 退货运费由买家承担。"]
    assert words.asked[0] == ASKED.text
    assert told[-1].hit is not None
    assert told[-1].hit.passage.document == "d0"


@pytest.mark.parametrize(
    "said",
    [
        "签收后三十天内可以退货[2]。",
        "签收后七天内可以退货，送 200 元[2]。",
        "我们的总部在北京朝阳区[2]。",
        "七天内可以退货。",
        "七天[9]。",
        "NONE",
    ],
)
async def test_what_the_passages_do_not_carry_is_not_said(search: Search, said: str) -> None:
    answer = await Grounded(search, Words(said)).answer(ASKED)
    assert answer.text == TEXTS[0]  # the extract instead


async def test_without_the_model_the_extract_answers(search: Search) -> None:
    for model in (None, Words("", away=True)):
        assert (await Grounded(search, model).answer(ASKED)).text == TEXTS[0]


async def test_the_model_is_not_asked_what_the_library_does_not_know(search: Search) -> None:
    words = Words("我不知道[2]。")
    assert not (await Grounded(search, words).answer(Wish("股票代码 zxqv"))).known
    assert words.asked == ()


def test_citations_are_read_while_they_come() -> None:
    assert finished("甲[2]。乙[3][4] 丙") == (["甲[2]。", "乙[3][4]"], "丙")
    assert cited("乙[3][4]") == ("乙", [1, 2])
    assert not carried("七天", [])
