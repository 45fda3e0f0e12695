"""Documents cut into passages, files refused with a reason, questions that ask for the same."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.ports import REFUSALS, Block, Unreadable
from knowledge.rules.files import media_type, unpacked
from knowledge.rules.gaps import clusters
from knowledge.rules.passages import LONG, cut, row_text, weight
from knowledge.rules.rank import prior
from knowledge.rules.tags import repeated, suggest
from language.sentences import sentences

PARAGRAPHS = st.lists(st.text("退货运费。 ab.\n7天", max_size=400), max_size=8)


def test_passages_stay_under_their_heading_with_its_parents() -> None:
    blocks = [
        Block("政策", 1),
        Block("一、退货", 2),
        Block("七天内。", page=1),
        Block("二、保修", 2),
        Block("一年。", page=2),
    ]
    found = [(piece.heading, piece.text, piece.page) for piece in cut(blocks, "政策")]
    assert found == [("退货", "七天内。", 1), ("保修", "一年。", 2)]


def test_a_list_stays_with_the_words_that_lead_to_it() -> None:
    (piece,) = cut([Block("保修期："), Block("手机一年", item=True), Block("耳机半年", item=True)])
    assert piece.text == "保修期：\n- 手机一年\n- 耳机半年"


def test_rows_carry_their_heads_and_tables_of_questions_are_pairs() -> None:
    (row,) = cut([Block(rows=(("型号", "价格"), ("A1", "99元")))])
    assert (row.kind, row.text) == ("row", "型号: A1; 价格: 99元")
    (pair,) = cut([Block(rows=(("问题", "答案"), ("几天到", "三天")))])
    assert (pair.kind, pair.question, pair.text) == ("pair", "几天到", "三天")
    assert [one.text for one in cut([Block(rows=(("功率", "1700 W"), ("重量", "4.9 kg")))])] == [
        "功率: 1700 W",
        "重量: 4.9 kg",
    ]


def test_a_title_over_a_table_is_its_heading_and_a_cell_that_names_nothing_goes_on_with_the_one_above() -> None:
    rows = (
        ("运费 2026", "", ""),
        ("地区", "城市", "首重"),
        ("华东", "上海", "8 元"),
        ("", "江苏", "9 元"),
        ("西北", "", ""),
    )
    assert [(one.heading, one.text) for one in cut([Block("附录", 1), Block(rows=rows)])] == [
        ("附录 › 运费 2026", "地区: 华东; 城市: 上海; 首重: 8 元"),
        ("附录 › 运费 2026", "地区: 华东; 城市: 江苏; 首重: 9 元"),
        ("附录 › 运费 2026", "地区: 西北"),
    ]


@pytest.mark.parametrize(
    "text", ["问：怎么退？\n答：七天内寄回。", "Q1: how?\nA1: send it back.", "问：怎么退？七天内寄回。"]
)
def test_questions_with_their_answers_are_pairs(text: str) -> None:
    (piece,) = cut([Block(text)])
    assert piece.kind == "pair"
    assert piece.question
    assert piece.question not in piece.text


@given(PARAGRAPHS)
def test_no_word_is_lost_and_no_passage_is_longer_than_its_longest_sentence(texts: list[str]) -> None:
    blocks = [Block(text) for text in texts if text.strip()]
    found = cut(blocks)
    kept = "".join("".join(piece.question + piece.text for piece in found).split())
    for text in texts:
        for span in sentences(text):
            assert "".join(span.of(text).split()) in kept
    longest = max((weight(span.of(text)) for text in texts for span in sentences(text)), default=0)
    assert all(weight(piece.text) <= max(LONG, longest) + 2 * len(texts) for piece in found)


def test_a_row_without_heads_is_a_name_and_its_value() -> None:
    assert row_text(("", ""), ("功率", " 1700\n W ")) == "功率: 1700 W"


def archive(*names: str, content: bytes = b"x") -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name in names:
            file.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.exe", b"MZ", "not taken"),
        ("a.pdf", b"not a pdf", "says pdf"),
        ("a.txt", b"", "empty"),
        ("a.txt", b"\x00\x01\xff\xfe\x00", "not text"),
        ("a.docx", b"\xd0\xcf\x11\xe0rest", "encrypted"),
        ("a.docx", b"PK\x03\x04broken", "damaged"),
        ("a.docx", archive("xl/workbook.xml"), "says docx"),
        ("a.docx", archive("word/document.xml", "word/vbaProject.bin"), "macros"),
        ("a.xlsx", archive("xl/workbook.xml", content=bytes(50_000_000)), "expands"),
        ("a.txt", b"a" * (50 * 1024 * 1024 + 1), "larger"),
    ],
)
def test_bad_files_are_refused_with_their_reason(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason) as refused:
        media_type(name, content)
    assert REFUSALS[refused.value.code].format(**refused.value.about) == str(refused.value)


def test_a_zip_gives_what_is_good_and_names_what_leads_out_of_it() -> None:
    found = dict(unpacked(archive("好/a.txt", "../evil.txt", "/etc/passwd", "C:\\x.txt", "__MACOSX/b.txt")))
    good = [name for name, one in found.items() if isinstance(one, bytes)]
    assert good == ["好/a.txt"]
    assert {"../evil.txt", "/etc/passwd"} <= found.keys()


def test_questions_that_ask_for_the_same_stand_together() -> None:
    asked = [
        "能用比特币付款吗",
        "can I pay with PayPal",
        "你们支持比特币吗",
        "PayPal payment possible?",
        "有学生优惠吗",
    ]
    assert clusters(asked)[0] == [0, 2]
    assert sorted(map(len, clusters(asked)), reverse=True) == [2, 2, 1]


@given(st.lists(st.text(max_size=30), max_size=20))
def test_every_question_is_in_one_group(questions: list[str]) -> None:
    assert sorted(place for group in clusters(questions) for place in group) == list(range(len(questions)))


def test_use_moves_an_entry_but_never_far() -> None:
    assert prior({}) == 0
    assert prior({"helpful": 1}) > 0 > prior({"unhelpful": 1})
    assert -1 <= prior({"unhelpful": 10**6}) < prior({"helpful": 10**6}) <= 1


def test_tags_are_terms_that_the_library_has_seldom() -> None:
    text = "同时支持，同时连接。耳机充电，耳机防水。商品保修，商品退。Members get points; each member has more points."
    assert not {"同时", "支持", "more", "each"} & set(suggest(repeated(text)))
    assert {"耳机", "商品", "points"} <= set(suggest(repeated(text)))
    assert suggest(repeated(text), lambda word: 0.1 if word == "商品" else 3.0)[0] != "商品"
    assert len({"member", "members"} & set(suggest(repeated(text)))) == 1


def test_words_that_join_sentences_are_no_tags() -> None:
    assert not repeated("例如会员，例如积分。主要付款，主要退款。However, it is free. However, most pay; most do.")


def test_tags_are_what_a_text_speaks_of() -> None:
    assert "保修" in suggest(repeated("手机保修一年。耳机保修半年。我们可以保修。"))


def test_a_headings_whole_number_goes() -> None:
    blocks = [
        Block("1 Scope", 1),
        Block("1.2 Response times", 2),
        Block("Two hours."),
        Block("2.1. Fees", 2),
        Block("9 €"),
    ]
    assert [piece.heading for piece in cut(blocks)] == ["Scope › Response times", "Scope › Fees"]


def test_a_row_over_all_columns_names_those_below_and_the_last_is_a_note() -> None:
    rows = (("城市", "首重", "续重"), ("华东",) * 3, ("上海", "8 元", "2 元"), ("含税",) * 3)
    assert [(one.heading, one.text) for one in cut([Block(rows=rows)])] == [
        ("华东", "城市: 上海; 首重: 8 元; 续重: 2 元"),
        ("", "含税"),
    ]


def test_steps_that_look_like_headings_are_not_lost() -> None:
    blocks = [Block("Start", 1), Block("1. Fill the tank", 2), Block("2. Press start", 2), Block("3. Wait", 2)]
    assert [(piece.heading, piece.text) for piece in cut(blocks)] == [
        ("Start", "1. Fill the tank\n2. Press start\n3. Wait")
    ]


@pytest.mark.parametrize("over", [("Machine", "Machine", "Time", "Time"), ("Machine", "", "Time", "")])
def test_two_rows_of_heads_are_one(over: tuple[str, ...]) -> None:
    rows = (over, ("Model", "Serial", "Months", "Ends"), ("B 300", "X1", "24", "2028"))
    (piece,) = cut([Block(rows=rows)])
    assert piece.text == "Machine Model: B 300; Machine Serial: X1; Time Months: 24; Time Ends: 2028"


def test_a_head_that_is_missing_is_no_other_columns() -> None:
    rows = (("Tea", "Price", ""), ("Assam", "low", "in stock"), ("Oolong", "high", "sold out"))
    assert cut([Block(rows=rows)])[0].text == "Tea: Assam; Price: low; in stock"
