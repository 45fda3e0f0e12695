"""PDFs as their author laid them out: no word lost, none of another line's, tables with their heads."""

from io import BytesIO

from PIL import Image
from reportlab.lib import colors
from reportlab.lib.fonts import addMapping
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    ListFlowable,
    ListItem,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from knowledge.adapters.reading import read
from knowledge.ports import Block

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
addMapping(FONT, 0, 0, FONT)
BODY = ParagraphStyle("body", fontName=FONT, fontSize=11, leading=16, wordWrap="CJK", spaceAfter=6)
ENGLISH = ParagraphStyle("english", fontName="Helvetica", fontSize=11, leading=16, spaceAfter=6)
HEADS = [ParagraphStyle(f"h{size}", fontName=FONT, fontSize=size, leading=size * 1.4) for size in (22, 15)]
GRID = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONT", (0, 0), (-1, -1), FONT, 10)])
DELIVERY = "订单在当日下午四点以前付款的，当日发出；四点以后付款的，次日发出。" * 4
RETURNS = "Goods may be returned within thirty days of delivery, provided that they are unused and complete. " * 5


def printed(*parts: object) -> list[Block]:
    """What is read of a document of such parts, each page with a running head and its number."""
    sheet = BytesIO()

    def edges(canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.setFont(FONT, 8)
        canvas.drawString(240, 815, "云帆科技 内部文件")
        canvas.drawString(270, 20, f"第 {document.page} 页 共 9 页")

    SimpleDocTemplate(sheet, pagesize=A4).build(list(parts), onFirstPage=edges, onLaterPages=edges)
    return list(read("a.pdf", sheet.getvalue()).blocks)


def test_headings_paragraphs_and_items_are_told_apart_and_page_edges_are_none() -> None:
    items = [ListItem(Paragraph(text, BODY)) for text in ("现金", "银行卡")]
    blocks = printed(
        Paragraph("售后手册", HEADS[0]),
        Paragraph("一、配送", HEADS[1]),
        Paragraph(DELIVERY, BODY),
        Paragraph("2. Returns", HEADS[1]),
        Paragraph(RETURNS, ENGLISH),
        Paragraph("<b>Exceptions</b>", ENGLISH),
        Paragraph("Underwear is not taken back.", ENGLISH),
        ListFlowable(items, bulletType="bullet", start="•"),
        PageBreak(),
        Paragraph("Thank you.", ENGLISH),
    )
    assert [(block.text, block.level) for block in blocks if not block.item] == [
        ("售后手册", 1),
        ("一、配送", 2),
        (DELIVERY, 0),
        ("2. Returns", 2),
        (RETURNS.strip(), 0),
        ("Exceptions", 3),
        ("Underwear is not taken back.", 0),
        ("Thank you.", 0),
    ]
    assert [block.text for block in blocks if block.item] == ["现金", "银行卡"]


def test_a_paragraph_goes_on_over_a_page_and_each_has_its_page() -> None:
    blocks = printed(Paragraph("首行", BODY), Spacer(0, 610), Paragraph(DELIVERY, BODY), Paragraph("末段。", BODY))
    assert [(block.text, block.page) for block in blocks] == [("首行", 1), (DELIVERY, 1), ("末段。", 2)]


def test_rows_have_their_cells_and_a_table_over_two_pages_its_heads_on_both() -> None:
    rows = [("型号", "价格"), *((f"M{n} 扫地机", f"{n}0 元") for n in range(1, 61))]
    first, second = (block for block in printed(Table(rows, repeatRows=1, style=GRID)) if block.rows)
    assert first.page == 1
    assert second.page == 2
    assert first.rows[:2] == (("型号", "价格"), ("M1 扫地机", "10 元"))
    assert second.rows[0] == ("型号", "价格")
    assert (*first.rows, *second.rows[1:]) == tuple(rows)


def test_a_cell_over_several_is_said_in_each() -> None:
    style = TableStyle([*GRID.getCommands(), ("SPAN", (0, 1), (0, 2)), ("SPAN", (0, 0), (1, 0))])
    rows = [("运费", "", "时效"), ("华东", "上海", "1 天"), ("", "江苏", "2 天")]
    (table,) = (block for block in printed(Table(rows, style=style)) if block.rows)
    assert table.rows == (("运费", "运费", "时效"), ("华东", "上海", "1 天"), ("华东", "江苏", "2 天"))


def test_a_table_that_goes_on_without_its_heads_has_them() -> None:
    rows = [("型号", "价格"), *((f"M{n} 扫地机", f"{n}0 元") for n in range(1, 61))]
    _, second = (block for block in printed(Table(rows, style=GRID)) if block.rows)
    assert second.rows[0] == ("型号", "价格")
    assert second.rows[-1] == rows[-1]


def test_words_in_columns_are_a_table_without_lines_too() -> None:
    rows = [("Plan", "Fee", "Seats"), ("Basic", "$9", "3"), ("Team", "$29", "20")]
    blocks = printed(Paragraph("Fees per month, tax included.", ENGLISH), Table(rows, colWidths=120))
    assert blocks[-1].rows == tuple(rows)


def test_a_page_that_is_turned_is_read_as_it_is_seen() -> None:
    sheet = BytesIO()
    canvas = Canvas(sheet, pagesize=A4)
    canvas.setPageRotation(90)
    canvas.translate(A4[0], 0)
    canvas.rotate(90)
    for line, text in enumerate(("The first line goes on", "in the second one.")):
        canvas.drawString(100, 400 - 16 * line, text)
    canvas.save()
    assert [block.text for block in read("a.pdf", sheet.getvalue()).blocks] == [
        "The first line goes on in the second one."
    ]


def test_a_scanned_page_is_told_and_an_empty_one_is_none() -> None:
    sheet = BytesIO()
    canvas = Canvas(sheet, pagesize=A4)
    for page in ("text", "picture", "nothing", "picture"):
        if page == "text":
            canvas.drawString(60, 700, "Returns take 7 days.")
        if page == "picture":
            canvas.drawInlineImage(Image.new("RGB", (60, 60), "grey"), 60, 300)
        canvas.showPage()
    canvas.save()
    assert read("a.pdf", sheet.getvalue()).scanned == (2, 4)


def test_a_watermark_is_no_text_and_a_broken_word_is_one() -> None:
    sheet = BytesIO()
    canvas = Canvas(sheet, pagesize=A4)
    canvas.rotate(45)
    canvas.drawString(300, 300, "DRAFT")
    canvas.rotate(-45)
    for line, text in enumerate(("Shipments are inter-", "national and insured.")):
        canvas.drawString(60, 700 - 14 * line, text)
    canvas.save()
    assert [block.text for block in read("a.pdf", sheet.getvalue()).blocks] == [
        "Shipments are international and insured."
    ]
