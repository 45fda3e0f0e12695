"""What a file is, and whether it is taken; by its content, never by its name alone."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final

from knowledge.ports import Unreadable

FILE_BYTES: Final = 50 * 1024 * 1024
UNPACKED_BYTES: Final = 200 * 1024 * 1024
ENTRIES: Final = 5_000
RATIO: Final = 200  # how far a zip's entry may expand
TEXTS: Final = {".txt": "text/plain", ".md": "text/markdown", ".markdown": "text/markdown", ".csv": "text/csv"}
PAGES: Final = {".html": "text/html", ".htm": "text/html"}
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
OFFICE: Final = {
    ".docx": (f"{_OFFICE}wordprocessingml.document", "word/document.xml"),
    ".xlsx": (f"{_OFFICE}spreadsheetml.sheet", "xl/workbook.xml"),
    ".pptx": (f"{_OFFICE}presentationml.presentation", "ppt/presentation.xml"),
}
TAKEN: Final = (".pdf", *OFFICE, *TEXTS, *PAGES)


def check_size(name: str, size: int) -> None:
    """Before it is read. Raises Unreadable for what is too large."""
    most = UNPACKED_BYTES if name.lower().endswith(".zip") else FILE_BYTES
    if size > most:
        raise Unreadable("large", megabytes=most // 1024 // 1024)


def media_type(name: str, content: bytes) -> str:
    """What the file is. Raises Unreadable for what is not taken, with the reason."""
    ending = PurePosixPath(name).suffix.lower()
    if not content:
        raise Unreadable("empty")
    check_size(name, len(content))
    if ending not in TAKEN:
        taken = ", ".join(TAKEN)
        raise Unreadable("ending", ending=ending, taken=taken) if ending else Unreadable("nameless", taken=taken)
    if ending == ".pdf":
        if b"%PDF-" not in content[:1024]:
            raise Unreadable("mismatch", ending="pdf")
        return "application/pdf"
    if ending in OFFICE:
        return _office(ending, content)
    text_of(content)
    return {**TEXTS, **PAGES}[ending]


def _office(ending: str, content: bytes) -> str:
    kind, part = OFFICE[ending]
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("office")
    names = [entry.filename for entry in checked(content).infolist()]
    if part not in names:
        raise Unreadable("mismatch", ending=ending[1:])
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unreadable("macros")
    return kind


def text_of(content: bytes) -> str:
    """The text in UTF-8, UTF-16 with a mark, or GB 18030. Raises Unreadable."""
    for coding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(coding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable("coding")


def checked(content: bytes) -> zipfile.ZipFile:
    """An archive that opens without harm: no bomb, not encrypted. Raises Unreadable."""
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Unreadable("damaged") from error
    entries = archive.infolist()
    if len(entries) > ENTRIES:
        raise Unreadable("entries", most=ENTRIES)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable("encrypted")
    if sum(entry.file_size for entry in entries) > UNPACKED_BYTES or any(
        entry.file_size > RATIO * max(entry.compress_size, 1) and entry.file_size > 1024 * 1024 for entry in entries
    ):
        raise Unreadable("bomb")
    return archive


def unpacked(content: bytes) -> Iterator[tuple[str, bytes | Unreadable]]:
    """A zip's files by name, each with its content or why it is not taken. Raises Unreadable for the whole."""
    archive = checked(content)
    for entry in archive.infolist():
        name = _name(entry)
        place = PurePosixPath(name.replace("\\", "/"))
        if entry.is_dir() or place.name.startswith((".", "~$")) or "__MACOSX" in place.parts:
            continue
        if place.is_absolute() or ".." in place.parts or ":" in place.parts[0]:
            yield name, Unreadable("outside")
            continue
        try:
            yield str(place), archive.read(entry)
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
            yield str(place), Unreadable("damaged")


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant: Windows writes Chinese names in GB 18030 without saying so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename
