"""The library: what is found, by whom, and what is answered."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.adapters.index import TantivyIndex
from knowledge.ports import Passage, Wish
from knowledge.rules.rank import MEASURES
from knowledge.service.search import Search

FAQ = (
    Passage("a", 0, "签收后七天内可以退货，运费由我们承担。", kind="pair", question="怎么退货？", language="zh"),
    Passage("b", 0, "快递一般三天送到。", kind="pair", question="快递几天能到？", language="zh"),
    Passage("c", 0, "We ship to Hong Kong by express in 5 days.", question="Do you ship abroad?", language="en"),
    Passage("d", 0, "VIP 会员可以叠加优惠券。", kind="pair", question="会员 discount 可以叠加吗", language="zh"),
    Passage("e", 0, "退款审批上限是五千元。", audience="staff", language="zh"),
)


@pytest.fixture
def index(tmp_path: Path) -> TantivyIndex:
    made = TantivyIndex(tmp_path / "index")
    assert made.lock()
    for passage in FAQ:
        made.replace(passage.document, [passage])
    made.commit(1)
    return made


def first(index: TantivyIndex, text: str, **wish: object) -> str:
    hits = Search(index).find(Wish(text, **wish))  # type: ignore[arg-type]
    return hits[0].passage.document if hits else ""


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("我想退货", "a"),
        ("我要退貨，怎麼退", "a"),
        ("快弟几天能到", "b"),
        ("shipping abroad", "c"),
        ("会员discount能叠加不", "d"),
        ("ＶＩＰ会员", "d"),
    ],
)
def test_both_languages_traditional_width_and_slips(index: TantivyIndex, asked: str, found: str) -> None:
    assert first(index, asked) == found


def test_customers_never_find_what_is_for_staff(index: TantivyIndex) -> None:
    assert first(index, "退款审批上限") != "e"
    assert first(index, "退款审批上限", audience="staff") == "e"


def test_a_passage_is_valid_between_its_days(index: TantivyIndex) -> None:
    index.replace("sale", [Passage("sale", 0, "双十一全场八折", since=date(2026, 11, 1), until=date(2026, 11, 11))])
    index.commit(2)
    assert first(index, "双十一八折", on=date(2026, 11, 11)) == "sale"
    assert first(index, "双十一八折", on=date(2026, 11, 12)) != "sale"


def test_a_code_in_the_question_finds_its_own_among_many_alike(index: TantivyIndex) -> None:
    """What is asked for stands in a long passage; thirty others say the same of their codes in a short one."""
    rest = "包装里有说明书和保修卡。首次使用前请撕去薄膜，平放两小时以后再通电，不要放在潮湿的地方。" * 2
    for code in range(101, 132):
        said = f"型号 KX{code} 的额定功率是 {code * 7} 瓦。"
        texts = [f"{said}\n{rest}" if code == 131 else said, *(f"第 {n} 步：{rest}" for n in range(9))]
        head = f"产品型号 KX{code}"
        index.replace(head, [Passage(head, n, text, heading=head) for n, text in enumerate(texts)])
    index.commit(2)
    search, wish = Search(index), Wish("KX131 的额定功率是多少")
    assert "917 瓦" in search.read(wish)[1][0].text
    search.weigh([-1.0, *(0.0 for _ in MEASURES[1:])])  # an order that has it last: it is read nevertheless
    assert any("917 瓦" in extract.text for extract in search.read(wish)[1])


def test_replacing_a_document_forgets_its_old_passages(index: TantivyIndex, tmp_path: Path) -> None:
    index.replace("b", [Passage("b", 0, "顺丰次日达")])
    reader = TantivyIndex(tmp_path / "index")
    assert first(reader, "快递几天能到") == "b"
    index.commit(2)
    assert reader.revision == 1
    reader.reload()
    assert reader.revision == 2
    assert first(reader, "快递几天能到") != "b"
    assert first(reader, "顺丰") == "b"


def test_one_process_writes_at_a_time(index: TantivyIndex, tmp_path: Path) -> None:
    other = TantivyIndex(tmp_path / "index")
    assert not other.lock()
    index.unlock()
    assert other.lock()
