"""The company's file: the shipped one is good, a bad one is refused with its place."""

from pathlib import Path

import pytest

from app.company import BadCompany, read_company
from app.config import Settings


def test_the_shipped_file_is_good() -> None:
    company = read_company(Settings().company)
    assert {"zh", "en"} <= company.sites["demo"].title.keys()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[sites.demo\n", "line 1"),
        ("[sites.demo]\ntitle = 3", "sites.demo.title"),
        ("[sites]\n[hours.week]\nmoon = []", "hours.week.moon"),
    ],
)
def test_a_bad_file_is_refused_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "company.toml"
    path.write_text(text)
    with pytest.raises(BadCompany, match=told):
        read_company(path)
