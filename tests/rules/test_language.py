"""The text toolkit: folding keeps places, words are words, personal numbers are found and no others."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.detect import language_of
from language.fold import fold
from language.lexicon import Lexicon
from language.pii import find, mask
from language.segment import tokens, words
from language.sentences import sentences


@given(st.text())
def test_folding_moves_no_character_and_is_final(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


def test_width_case_and_traditional_characters_are_one() -> None:
    assert fold("ＡＢＣ１２３，請問訂單") == "abc123,请问订单"


@given(st.text())
def test_tokens_stand_where_they_say(text: str) -> None:
    folded, last = fold(text), 0
    for token in tokens(text):
        assert folded[token.start : token.end] == token.text
        assert token.start >= last
        last = token.end


def test_words_of_both_languages_in_one_sentence() -> None:
    assert words("我的iPhone訂單 don't arrive 3.5天！") == [
        "我",
        "的",
        "iphone",
        "订单",
        "don't",
        "arrive",
        "3.5",
        "天",
    ]


@given(st.text())
def test_sentences_leave_out_nothing_but_space(text: str) -> None:
    found = sentences(text)
    assert "".join("".join(span.of(text) for span in found).split()) == "".join(text.split())
    assert all(left.end <= right.start for left, right in pairwise(found))


def test_a_full_stop_in_a_number_ends_nothing() -> None:
    text = "It costs 3.5 dollars. 什么时候发货？谢谢！"
    assert [span.of(text) for span in sentences(text)] == ["It costs 3.5 dollars.", "什么时候发货？", "谢谢！"]


@pytest.mark.parametrize(
    ("text", "language"),
    [("我想查 order", "zh"), ("where is my order", "en"), ("訂單", "zh"), ("hello 你", "en"), ("12345", "zh")],
)
def test_language(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_lexicon_finds_folded_words_and_whole_latin_words_only() -> None:
    lexicon = Lexicon([("退款", "money"), ("refund", "money"), ("ass", "rude"), ("保證", "promise")])
    text = "class 的退款 ＲＥＦＵＮＤ，我保证"
    assert [(span.of(text), span.label) for span in lexicon.find(text)] == [
        ("退款", "money"),
        ("ＲＥＦＵＮＤ", "money"),
        ("保证", "promise"),
    ]


def test_an_empty_word_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        Lexicon([(" ", "x")])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("电话13800138000谢谢", "phone"),
        ("call +44 20 7946 0958 please", "phone"),
        ("(415) 555-2671", "phone"),
        ("邮箱a.b@example.com", "email"),
        ("身份证11010519491231002X", "id_card"),
        ("卡号 6222 0212 3456 7895", ""),
        ("卡号4111 1111 1111 1111", "bank_card"),
        ("订单 202611240001", ""),
        ("身份证110105194912310021", ""),
    ],
)
def test_personal_numbers(text: str, kind: str) -> None:
    assert [span.label for span in find(text)] == ([kind] if kind else [])


def test_masking_says_what_was_there() -> None:
    assert mask("我是13800138000，a@b.cn") == "我是[phone]，[email]"
