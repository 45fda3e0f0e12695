"""What is read of words that only stand somewhere on a page."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.rules.layout import blocks
from knowledge.rules.page import Page, Stroke, Word, joined

HIGH, WIDE = 842.0, 595.0


def words(text: str, left: float = 60.0, top: float = 100.0, size: float = 10.0, bold: bool = False) -> list[Word]:
    """A line of them, each character as wide as it is high."""
    found, at = list[Word](), left
    for place, one in enumerate(text.split(" ")):
        found.append(Word(one, at, at + size * len(one), top, top + size, size, bold, apart=place > 0))
        at += size * (len(one) + 1)
    return found


def page(*lines: list[Word], strokes: tuple[Stroke, ...] = ()) -> Page:
    return Page(WIDE, HIGH, tuple(word for line in lines for word in line), strokes)


def said(*pages: Page) -> list[str]:
    return [block.text for block in blocks(pages)]


def test_the_second_column_comes_after_the_first() -> None:
    left = [words(text, 60, 100 + 14 * row) for row, text in enumerate(("一二三四五六七八九十", "甲乙丙。"))]
    right = [words(text, 300, 100 + 14 * row) for row, text in enumerate(("子丑寅卯辰巳午未申酉", "天地人。"))]
    assert said(page(*left, *right)) == ["一二三四五六七八九十甲乙丙。", "子丑寅卯辰巳午未申酉天地人。"]


def test_a_line_that_leaves_room_ends_its_paragraph() -> None:
    lines = ("一二三四五六七八九十一二三四五", "短句", "一二三四五六七八九十一二三四五", "尾。")
    assert said(page(*(words(text, 60, 100 + 14 * row) for row, text in enumerate(lines)))) == [
        "一二三四五六七八九十一二三四五短句",
        "一二三四五六七八九十一二三四五尾。",
    ]


@pytest.mark.parametrize(
    ("one", "other", "whole"),
    [
        ("违约", "金", "违约金"),
        ("at the", "end", "at the end"),
        ("inter-", "national", "international"),
        ("call 400-820-", "5566 now", "call 400-820-5566 now"),
        ("", "a", "a"),
    ],
)
def test_lines_join_as_their_language_does(one: str, other: str, whole: str) -> None:
    assert joined(one, other) == whole


def test_what_runs_along_the_edges_is_left_out_with_its_number_and_a_chapter_is_not() -> None:
    pages = [
        page(
            words(f"手册 {number}", 60, 20, 8),
            words(f"第{number}章", 60, 40, 16),
            words(f"正文{number}。", 60, 100),
            words(f"- {number} -", 280, 820, 8),
        )
        for number in (1, 2, 3)
    ]
    assert said(*pages) == ["第1章", "正文1。", "第2章", "正文2。", "第3章", "正文3。"]


def test_a_figure_at_an_edge_that_is_no_page_number_stays() -> None:
    assert said(page(words("售价", 60, 20), words("正文。", 60, 100)), page(words("正文。", 60, 100))) == [
        "售价",
        "正文。",
        "正文。",
    ]


def test_a_frame_around_text_is_no_table() -> None:
    frame = (
        Stroke(50, 400, 90, 90),
        Stroke(50, 400, 200, 200),
        Stroke(50, 50, 90, 200),
        Stroke(400, 400, 90, 200),
    )
    assert said(page(words("在框里", 60, 100), strokes=frame)) == ["在框里"]


@given(
    st.lists(
        st.tuples(
            st.text("退货七天ab1.", min_size=1, max_size=6),
            st.floats(0, 560),
            st.floats(0, 820),
            st.sampled_from([8.0, 10.0, 16.0]),
        ),
        max_size=25,
    ),
    st.lists(st.tuples(st.floats(0, 500), st.floats(0, 800), st.booleans()), max_size=8),
)
def test_wherever_words_stand_none_is_lost_but_page_numbers(
    placed: list[tuple[str, float, float, float]], drawn: list[tuple[float, float, bool]]
) -> None:
    strokes = tuple(Stroke(x, x + 90, y, y) if flat else Stroke(x, x, y, y + 90) for x, y, flat in drawn)
    inside = [words(text, x, HIGH * 0.1 + y * 0.8, size) for text, x, y, size in placed]
    found = blocks([page(*inside, strokes=strokes)])
    told = Counter("".join(block.text + "".join(map("".join, block.rows)) for block in found))
    assert not Counter("".join(text for text, *_ in placed)) - told
