"""Workbooks as people see them: what is hidden stays so, merged cells say the same, figures are as they are shown."""

import zipfile
from io import BytesIO

import pytest

from knowledge.adapters.reading import read
from knowledge.adapters.sheets import shown
from knowledge.ports import Unreadable
from knowledge.rules.passages import cut

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="#,##0.00 &quot;€&quot;"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs>'
)
PRICES = (
    '<cols><col min="4" max="4" hidden="1"/></cols><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>Prices 2026</t></is></c></row>'
    '<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c><c r="C3" t="s"><v>2</v></c>'
    '<c r="D3" t="str"><v>Cost</v></c><c r="E3" t="str"><v>From</v></c></row>'
    '<row r="4"><c r="A4" t="str"><v>Filter</v></c><c r="B4" t="str"><v>F-10</v></c><c r="C4" s="1"><v>89.5</v></c>'
    '<c r="D4"><v>12</v></c><c r="E4" s="2"><v>46127</v></c></row>'
    '<row r="5"><c r="B5" t="str"><v>F-20</v></c><c r="C5" s="1"><v>1299</v></c><c r="E5" s="2"><v>46127</v></c></row>'
    '<row r="6" hidden="1"><c r="B6" t="str"><v>F-30</v></c></row>'
    '<row r="8"><c r="A8" t="str"><v>Note</v></c><c r="B8" t="str"><v>With VAT</v></c></row>'
    '</sheetData><mergeCells><mergeCell ref="A4:A5"/><mergeCell ref="A1:E1"/></mergeCells>'
)


def workbook(*sheets: tuple[str, str, str]) -> bytes:
    """A workbook of sheets, each a name, a state and what stands in it."""
    numbers = range(1, len(sheets) + 1)
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" state="{state}" r:id="r{n}"/>'
        for n, (name, state, _) in zip(numbers, sheets, strict=True)
    )
    parts = {
        "workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>',
        "_rels/workbook.xml.rels": "<Relationships>"
        + "".join(f'<Relationship Id="r{n}" Target="worksheets/sheet{n}.xml"/>' for n in numbers)
        + "</Relationships>",
        "styles.xml": f'<styleSheet xmlns="{MAIN}">{STYLES}</styleSheet>',
        "sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>Group</t></si><si><r><t>Arti</t></r><r><t>cle</t></r></si>'
        "<si><t>Price</t><rPh><t>pu rai su</t></rPh></si></sst>",
    }
    parts |= {
        f"worksheets/sheet{n}.xml": f'<worksheet xmlns="{MAIN}">{said}</worksheet>'
        for n, (_, _, said) in zip(numbers, sheets, strict=True)
    }
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, said in parts.items():
            archive.writestr(f"xl/{name}", said)
    return written.getvalue()


def test_a_price_list_is_read_as_it_is_shown() -> None:
    secret = '<sheetData><row r="1"><c r="A1" t="str"><v>margin</v></c></row></sheetData>'
    book = workbook(("Prices", "visible", PRICES), ("Margins", "hidden", secret), ("Empty", "visible", "<sheetData/>"))
    assert [(one.heading, one.text) for one in cut(read("a.xlsx", book).blocks)] == [
        ("Prices › Prices 2026", "Group: Filter; Article: F-10; Price: 89.50 €; From: 2026-04-15"),
        ("Prices › Prices 2026", "Group: Filter; Article: F-20; Price: 1299.00 €; From: 2026-04-15"),
        ("Prices › Prices 2026", "Note: With VAT"),
    ]


def test_a_list_of_one_column_and_rows_after_a_gap_are_kept() -> None:
    cell = '<row r="{0}"><c r="A{0}" t="str"><v>{1}</v></c></row>'
    one = "<sheetData>" + cell.format(1, "Bring a towel") + cell.format(2, "Bring water") + "</sheetData>"
    row = '<row r="{0}"><c r="A{0}" t="str"><v>{1}</v></c><c r="B{0}" t="str"><v>{2}</v></c></row>'
    two = "".join(row.format(*said) for said in ((1, "Size", "Price"), (2, "S", "9"), (4, "M", "11")))
    pieces = cut(
        read("a.xlsx", workbook(("L", "visible", one), ("P", "visible", f"<sheetData>{two}</sheetData>"))).blocks
    )
    assert [piece.text for piece in pieces] == ["Bring a towel\nBring water", "Size: S; Price: 9", "Size: M; Price: 11"]


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (0.1, "0%", "10%"),
        (0.125, "0.0%", "12.5%"),
        (128, '"¥"#,##0.00', "¥128.00"),
        (499.9, "[$€-407]#,##0.00;[Red]-0", "€499.90"),
        (46127.75, "dd.mm.yyyy hh:mm", "2026-04-15 18:00"),
        (0.375, "h:mm", "09:00"),
        (46127, "[$-804]yyyy\\年m\\月d\\日", "2026-04-15"),
        (1234567.5, "General", "1234567.5"),
        (3, "", "3"),
        (5, '0 "pcs"', "5 pcs"),
    ],
)
def test_a_number_is_shown_by_its_format(value: float, code: str, text: str) -> None:
    assert shown(value, code) == text


def test_a_damaged_workbook_is_refused() -> None:
    for said in ("<sheetData><row", '<sheetData><row r="1"><c r="A1" t="s"><v>99</v></c></row></sheetData>'):
        with pytest.raises(Unreadable, match="damaged"):
            read("a.xlsx", workbook(("S", "visible", said)))
