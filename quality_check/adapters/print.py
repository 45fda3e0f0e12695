"""The quality report as PDF (ReportLab). Chinese needs no font file: STSong-Light is one of PDF's own CJK fonts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any, Final

from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.charts.lineplots import LinePlot
from reportlab.graphics.shapes import Drawing
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

FONT: Final = "STSong-Light"
INK, EDGE, MAIN = colors.HexColor("#1c2430"), colors.HexColor("#d9dee6"), colors.HexColor("#1f5fcf")
TITLE: Final = ParagraphStyle("title", fontName=FONT, fontSize=18, leading=24, textColor=INK)
HEAD: Final = ParagraphStyle("head", fontName=FONT, fontSize=12, leading=18, spaceBefore=10, textColor=INK)
TEXT: Final = ParagraphStyle("text", fontName=FONT, fontSize=9, leading=12, textColor=INK, wordWrap="CJK")
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {
        "title": "质检报告",
        "total": "总览",
        "inspections": "质检会话",
        "score": "平均分",
        "machine": "机器平均分",
        "fatal": "一票否决",
        "reviewed": "人工复核",
        "appealed": "申诉",
        "over_time": "得分走势",
        "distribution": "得分分布",
        "by_subject": "按坐席与机器人",
        "by_group": "按技能组",
        "rules": "规则命中",
        "rule": "规则",
        "hits": "命中",
        "conversations": "会话",
        "precision": "准确率",
        "appeals": "申诉结果",
        "accepted": "成立",
        "partly": "部分成立",
        "rejected": "驳回",
        "open": "待裁定",
        "name": "名称",
        "none": "这段时间没有质检过的会话。",
    },
    "en": {
        "title": "Quality report",
        "total": "Overview",
        "inspections": "Inspected",
        "score": "Mean score",
        "machine": "Machine's mean",
        "fatal": "Automatic fails",
        "reviewed": "Reviewed",
        "appealed": "Appealed",
        "over_time": "Score over time",
        "distribution": "Distribution of scores",
        "by_subject": "By agent and bot",
        "by_group": "By group",
        "rules": "Rules",
        "rule": "Rule",
        "hits": "Hits",
        "conversations": "Conversations",
        "precision": "Precision",
        "appeals": "Appeals",
        "accepted": "accepted",
        "partly": "partly accepted",
        "rejected": "rejected",
        "open": "open",
        "name": "Name",
        "none": "Nothing was inspected in this time.",
    },
}


def printed(
    told: Mapping[str, Any], names: Mapping[str, str], language: str, since: datetime, until: datetime
) -> bytes:
    """The report's bytes; `told` is what the overview says, `names` are people's by id."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    words, held = WORDS[language], BytesIO()
    page = SimpleDocTemplate(
        held, pagesize=A4, title=words["title"], leftMargin=18 * mm, rightMargin=18 * mm, topMargin=16 * mm
    )
    parts: list[Flowable] = [
        Paragraph(words["title"], TITLE),
        Paragraph(f"{since:%Y-%m-%d} – {until:%Y-%m-%d}", TEXT),
    ]
    if not told["total"]["inspections"]:
        parts.append(Paragraph(words["none"], TEXT))
    else:
        parts += _figures(told, names, words, language)
    page.build(parts)
    return held.getvalue()


def _figures(
    told: Mapping[str, Any], names: Mapping[str, str], words: Mapping[str, str], language: str
) -> list[Flowable]:
    columns = ("inspections", "score", "machine", "fatal", "reviewed", "appealed")
    head = [words[name] for name in columns]
    parts = [Paragraph(words["total"], HEAD), _table([head, [_number(told["total"][name]) for name in columns]])]
    scores = [(row["key"], row["score"]) for row in told["rows"] if row["score"] is not None]
    if len(scores) > 1:
        parts += [Paragraph(words["over_time"], HEAD), _line(scores)]
    parts += [Paragraph(words["distribution"], HEAD), _bars(told["distribution"])]
    for key in ("by_subject", "by_group"):
        rows = [
            [names.get(row["key"], row["key"] or "–"), *(_number(row[name]) for name in columns)] for row in told[key]
        ]
        parts += [Paragraph(words[key], HEAD), _table([[words["name"], *head], *rows])]
    rules = [
        [_named(told, row["rule"], language), *(_number(row[name]) for name in ("hits", "conversations", "precision"))]
        for row in told["rules"][:25]
    ]
    titles = [words[name] for name in ("rule", "hits", "conversations", "precision")]
    parts += [Paragraph(words["rules"], HEAD), _table([titles, *rows_or_none(rules)])]
    states = ("accepted", "partly", "rejected", "open")
    counts = [[words[name] for name in states], [_number(told["appeals"][name]) for name in states]]
    return [*parts, Paragraph(words["appeals"], HEAD), _table(counts), Spacer(1, 6)]


def rows_or_none(rows: list[list[str]]) -> list[list[str]]:
    """A table without rows says so with a dash."""
    return rows or [["–"]]


def _named(told: Mapping[str, Any], rule: str, language: str) -> str:
    return str(told["rule_names"].get(rule, {}).get(language, rule))


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.2f}"


def _table(rows: Sequence[Sequence[str]]) -> Table:
    cells = [[Paragraph(_escaped(cell), TEXT) for cell in row] for row in rows]
    made = Table(cells, hAlign="LEFT", repeatRows=1)
    lines = ("LINEBELOW", (0, 0), (-1, -1), 0.4, EDGE)
    made.setStyle(TableStyle([lines, ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#f4f6f9"))]))
    return made


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _line(scores: Sequence[tuple[str, float]]) -> Drawing:
    """Scores by day or week; the first, the middle and the last one are named."""
    days = [day for day, _ in scores]
    drawing, plot = Drawing(470, 130), LinePlot()
    plot.x, plot.y, plot.width, plot.height = 30, 15, 430, 105
    plot.data = [[(number, score) for number, (_, score) in enumerate(scores)]]
    plot.lines[0].strokeColor = MAIN
    plot.yValueAxis.valueMin, plot.yValueAxis.valueMax, plot.yValueAxis.valueStep = 0, 100, 20
    plot.xValueAxis.valueSteps = sorted({0, len(days) // 2, len(days) - 1})
    plot.xValueAxis.labelTextFormat = lambda number: days[int(number)]
    drawing.add(plot)
    return drawing


def _bars(counts: Sequence[int]) -> Drawing:
    drawing, chart = Drawing(470, 130), VerticalBarChart()
    chart.x, chart.y, chart.width, chart.height = 30, 20, 430, 100
    chart.data = [list(counts)]
    chart.bars[0].fillColor = MAIN
    chart.categoryAxis.categoryNames = [str(n * 10) for n in range(len(counts))]
    chart.valueAxis.valueMin = 0
    drawing.add(chart)
    return drawing
