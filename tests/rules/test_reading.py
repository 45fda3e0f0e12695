"""Reading for the answer to a question."""

import numpy as np
import pytest

from knowledge.ports import Hit, Passage
from knowledge.rules.answer import EVIDENCE, Extract, lead
from knowledge.rules.reading import Reading
from knowledge.rules.synonyms import Synonyms
from language.meanings import Meanings, centred


def test_the_best_is_surer_when_no_other_passage_comes_near() -> None:
    apart = [Extract("", Hit(Passage("d", number, ""), 1.0, 1.0), ()) for number in range(3)]
    assert lead([5.0], apart[:1]) == 1.0
    assert lead([5.0, 4.0, 1.0], apart) == 0.25
    hits = [
        Hit(Passage("d", number, text), 1.0, 1.0) for number, text in enumerate(("运费八元。", "运费八元。", "好。"))
    ]
    reading = Reading("运费多少", lambda _: 1.0, Synonyms(), Meanings())
    assert [one.lead for one in reading.extracts(hits[:2])][1:] == [0.0]
    assert reading.extracts([hits[0], hits[2]])[0].sure > reading.extracts(hits[:2])[0].sure


def test_synonyms_that_are_cut_into_several_words_are_met_and_no_part_of_them_is() -> None:
    known = Synonyms(["承担 谁出", "免费 不收费", "费用 收费"])
    assert [one.name for one in known.spoken("邮费谁出")] == ["谁出"]
    assert "收费" not in known.others(["免费"])
    told = Hit(Passage("d", 0, "寄回的邮费由客户承担。"), 1.0, 1.0)
    wide = [Reading("邮费谁出", lambda _: 1.0, one, Meanings()).extracts([told])[0] for one in (known, Synonyms())]
    assert wide[0].evidence[EVIDENCE.index("wide")] == 1.0 > wide[1].evidence[EVIDENCE.index("wide")]


def test_what_is_asked_of_yes_or_no_must_be_said() -> None:
    hit = Hit(Passage("d", 0, "定制商品不支持退货。"), 1.0, 1.0)
    asked, beside = (
        Reading(question, lambda _: 1.0, Synonyms(), Meanings()).extracts([hit])[0]
        for question in ("支持货到付款吗", "支持货到付款")
    )
    place = EVIDENCE.index("absent")
    assert asked.evidence[place] > beside.evidence[place] == 0.0
    assert asked.sure < beside.sure


def test_a_question_without_telling_words_is_about_what_synonyms_know() -> None:
    hit = Hit(Passage("d", 0, "地区: 上海; 时效: 2 天", kind="row"), 1.0, 1.0)
    reading = Reading("多久能到", lambda _: 1.0, Synonyms(["时效 多久"]), Meanings())
    assert reading.about.said == {"多久": 1.0}
    assert reading.extracts([hit])[0].evidence[EVIDENCE.index("wide")] == 1.0


def evidence(question: str, *passages: Passage) -> list[dict[str, float]]:
    """That of each possible answer of the passages, in their order."""
    hits = [Hit(passage, 1.0, 1.0) for passage in passages]
    found = Reading(question, lambda _: 1.0, Synonyms(), Meanings()).extracts(hits)
    found.sort(key=lambda one: (one.hit.passage.number, one.hit.passage.text.find(one.text)))
    return [dict(zip(EVIDENCE, one.evidence, strict=True)) for one in found]


def test_what_only_another_document_is_about_counts_against() -> None:
    courts = (
        Passage("a", 0, "Disputes go to Dublin.", title="Hosting agreement"),
        Passage("b", 1, "Disputes go to Rotterdam.", title="Freight terms"),
    )
    mine, other = evidence("disputes about hosting", *courts)
    assert mine["aside"] == 0.0 < other["aside"]
    mine, other = evidence("disputes about parking", *courts)
    assert mine["aside"] == other["aside"] == 0.0


def test_a_sentence_is_read_with_the_one_before_it() -> None:
    first, second = evidence("voucher valid", Passage("d", 0, "You get a voucher. It is valid for 30 days."))
    assert second["meant"] == 0.5
    assert second["flow"] == 1.0
    assert first["flow"] == first["meant"]


def test_a_figure_of_the_same_unit_is_seen_and_a_heading_and_a_cell_that_are_named() -> None:
    wifi, weight = evidence("works with 5 GHz", Passage("d", 0, "2.4 GHz only."), Passage("d", 1, "3 kg."))
    assert (wifi["unit"], weight["unit"]) == (1.0, 0.0)
    (under,) = evidence("取消课程", Passage("d", 0, "提前说。", heading="规则 › 取消"))
    assert under["under"] == 1.0
    rows = (Passage("d", n, f"乐器: {name}; 单价: 9", kind="row") for n, name in enumerate(("大提琴", "钢琴")))
    cello, piano = evidence("租大提琴多少钱", *rows)
    assert cello["key"] == 1.0 > piano["key"]


def test_a_question_that_is_one_phrase_is_not_met_by_its_words_apart() -> None:
    known = Synonyms(["货到付款 pay_on_delivery"])
    apart = Hit(Passage("d", 0, "We pay for the delivery of the faulty item."), 1.0, 1.0)
    said = Hit(Passage("d", 1, "不支持货到付款。"), 1.0, 1.0)
    for question, met in (("Can I pay on delivery?", [0.0, 1.0]), ("pay the driver on delivery", [2 / 3, 0.0])):
        found = Reading(question, lambda _: 1.0, known, Meanings()).extracts([apart, said])
        told = {one.hit.passage.number: one.evidence[EVIDENCE.index("meant")] for one in found}
        assert [told[0], told[1]] == pytest.approx(met)


def test_words_of_one_language_are_not_near_for_being_of_it() -> None:
    table = np.array([[100, 20, 0], [100, -20, 0], [-90, 20, 5], [-90, -20, 5]], np.int8)
    moved = centred(table, ["押金", "运费", "deposit", "postage"]).astype(float)
    for one, other, beside in ((0, 2, 1), (3, 1, 2)):
        assert moved[one] @ moved[other] > 0.9 * 127**2 > moved[one] @ moved[beside]


def test_units_are_the_same_however_they_are_written_and_no_others() -> None:
    for question, met, apart in (
        ("12 degrees in the cellar", "Below 15 °C it stops.", "Below 15 % it stops."),
        ("35公斤的狗", "体重不超过30千克。", "每30公里一次。"),
        ("我爸72岁", "80周岁以下。", "80周以下。"),
    ):
        same, other = evidence(question, Passage("d", 0, met), Passage("d", 1, apart))
        assert (same["unit"], other["unit"]) == (1.0, 0.0)


def test_the_title_is_no_answer_however_it_is_written() -> None:
    hit = Hit(Passage("d", 0, "HEAT PUMP CARE\nIt runs for a year.", title="heat-pump-care"), 1.0, 1.0)
    found = Reading("heat pump care", lambda _: 1.0, Synonyms(), Meanings()).extracts([hit])
    assert [one.text for one in found] == ["It runs for a year."]
