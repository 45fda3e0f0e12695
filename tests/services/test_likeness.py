"""What in the library says the same as a pair, or the opposite."""

from pathlib import Path

from benchmarks.shelf import Shelf
from knowledge.ports import Passage, Piece
from knowledge.rules.pairs import contradicts
from knowledge.service.likeness import likenesses


def test_answers_with_other_figures_contradict() -> None:
    assert contradicts("七天内，运费 10 元", "运费 12 元")
    assert not contradicts("运费 10 元", "邮费10元")
    assert not contradicts("可以", "运费 10 元")
    assert not contradicts("运费 8 元", "满 99 元包邮，不满收 8 元，1 至 2 天到")
    assert contradicts("Valid for two years (24 months).", "They are valid for 36 months.")
    for three, two in (("三年", "2年"), ("three years", "2 years"), ("保修三年", "a warranty of two years")):
        assert contradicts(three, two)
    for one, same in (
        ("十五天", "15 天"),
        ("二十四个月", "24 months"),
        ("两百五十元", "250 元"),
        ("twelve hours", "12小时"),
    ):
        assert not contradicts(one, same)
    assert not contradicts("第三天起，每月 5 元", "每月五元")
    for few in ("5 to 7 days", "five or seven days", "5-7 天", "五至七天"):
        assert contradicts(few, "9 days")
        assert not contradicts(few, "5 days")
    assert not contradicts("周一到周五，一般三天", "3 天，任何一天都行")
    assert contradicts("可以放洗碗机。", "请用手洗，不能放洗碗机。", whether=True)
    assert not contradicts("可以放洗碗机。", "请用手洗，不能放洗碗机。")


async def test_a_pair_that_contradicts_a_document_is_pointed_out(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    text = Passage("manual", 0, "请用手洗，咖啡壶不能放洗碗机。容量 600 毫升。", title="咖啡壶手册", language="zh")
    await shelf.put({"manual": [text]})
    pairs = [
        Piece("可以放洗碗机。", "pair", "咖啡壶能放洗碗机吗？"),
        Piece("不能，请手洗。", "pair", "咖啡壶能放洗碗机吗？"),
        Piece("容量 800 毫升。", "pair", "咖啡壶容量多少毫升？"),
        Piece("600 毫升。", "pair", "咖啡壶容量多少毫升？"),
    ]
    found = await likenesses(shelf.search, "faq", pairs)
    shelf.close()
    assert [(one.number, one.passage.document, one.contradicts) for one in found] == [
        (0, "manual", True),
        (2, "manual", True),
    ]
