"""The thesaurus: what is said in other words, and kinds of things."""

import pytest

from app.wiring.knowledge import read_synonyms
from knowledge.ports import Hit, Passage
from knowledge.rules.answer import EVIDENCE
from knowledge.rules.reading import Reading
from knowledge.rules.synonyms import BROADER, NARROWER, Synonyms
from knowledge.rules.terms import units
from language.lines import BadLine
from language.meanings import Meanings


def evidence(name: str, question: str, text: str, *lines: str) -> float:
    reading = Reading(question, lambda _: 1.0, Synonyms(lines), Meanings())
    hit = Hit(Passage("d", 0, text), 1.0, 1.0)
    return reading.extracts([hit])[0].evidence[EVIDENCE.index(name)]


def test_words_of_a_group_find_each_other() -> None:
    synonyms = Synonyms(["# a note", "", "退货 return returned", "快递 物流"])
    assert synonyms.others(["退货"]) == ["return"]
    assert synonyms.head("物流") == "快递"
    assert synonyms.head("别的") == "别的"


def test_kinds_are_found_by_what_they_are_kinds_of_and_the_other_way_round() -> None:
    synonyms = Synonyms(["宠物 pet > dog cat", "狗 dog"])
    assert set(synonyms.others(["dog"])) == {"狗", "宠物", "pet"}
    assert set(synonyms.others(["pet"])) == {"宠物", "狗", "dog", "cat"}
    assert synonyms.meets("狗") == {"狗": 1.0, "宠物": BROADER}


@pytest.mark.parametrize(
    ("text", "share"), [("狗狗要牵好。", 1.0), ("Pets stay outside.", BROADER), ("A cat sleeps here.", 0.0)]
)
def test_a_question_of_a_kind_is_met_less_by_a_wider_word_and_not_by_another_kind(text: str, share: float) -> None:
    lines = ("宠物 pet > dog cat", "狗 dog 狗狗")
    assert evidence("meant", "dog?", text, *lines) == pytest.approx(share)
    assert evidence("wide", "dog?", text, *lines) == pytest.approx(share)
    assert evidence("exact", "dog?", text, *lines) == (share == 1.0)


def test_a_question_of_a_wider_word_is_met_by_a_kind_less_still() -> None:
    assert evidence("meant", "pets?", "Dogs stay outside.", "pet > dog") == pytest.approx(NARROWER)
    assert BROADER > NARROWER > 0


def test_a_phrase_is_found_with_small_words_in_its_midst_and_by_any_form() -> None:
    synonyms = Synonyms(["退货 退_货 send_back 退不了", "送回 come_back_to"])
    text = "Sending the shirt? 我要退个货。Can I send it back to you"
    assert [text[one.first : one.last] for one in synonyms.spoken(text)] == ["退个货", "send it back"]
    assert [one.name for one in synonyms.phrases(units("退不了货"))] == ["退不了"]
    assert list(synonyms.phrases(units("send the long letter back"))) == []


def test_a_word_of_a_phrase_is_met_by_what_the_phrase_means_and_by_itself() -> None:
    lines = ("携带 bring along come_along",)
    assert evidence("meant", "can the parrot come along", "Parrots may be brought: bring a cage.", *lines) == 1.0
    assert evidence("meant", "can the parrot come along", "Parrots come by air.", *lines) == pytest.approx(2 / 3)


def test_a_phrase_without_a_telling_word_stands_for_itself() -> None:
    said = Reading("雨伞多久能到", lambda _: 1.0, Synonyms(["时效 多久能到"]), Meanings()).about.said
    assert said == {"雨伞": 1.0, "多久能到": 1.0}


@pytest.mark.parametrize(
    "line", ["> dog", "pet >", "a b > c > d", "狗 dog", "pet > pet", "bird > dog 狗", "rabbit give_it", "、"]
)
def test_a_line_that_cannot_be_read_is_refused_by_its_number(line: str) -> None:
    with pytest.raises(BadLine, match=r"^3: "):
        Synonyms(["# a note", "pet dog 狗", line])


def test_the_house_has_a_thesaurus_of_both_languages() -> None:
    synonyms = read_synonyms()
    assert "pet" in synonyms.others(["狗"])
    assert "return" in synonyms.others(["退货"])
