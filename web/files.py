"""Files that people send: checked by their content, kept on disk, served so that a browser never runs them."""

import asyncio
import json
import zipfile
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, Final, Protocol

import filetype
from starlette.responses import FileResponse

from conversation.events import Attachment
from web.errors import Refused

FILE_BYTES: Final = 10 * 1024 * 1024
OFFICE: Final = "application/vnd.openxmlformats-officedocument."
DOCX, XLSX = f"{OFFICE}wordprocessingml.document", f"{OFFICE}spreadsheetml.sheet"
SHOWN_IN_PLACE: Final = ("image/png", "image/jpeg", "image/gif", "image/webp")
ALLOWED: Final = (*SHOWN_IN_PLACE, "application/pdf", "text/plain", DOCX, XLSX, "audio/mp4", "video/mp4")
HEADERS: Final = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, max-age=86400"}


@dataclass(frozen=True, slots=True)
class Stored:
    """A kept file; `owner` is the contact who sent it, "" when staff did."""

    attachment: Attachment
    owner: str
    path: Path


class Files(Protocol):
    """Where sent files are kept."""

    async def save(self, name: str, content: bytes, owner: str) -> Attachment:
        """Keep a file. Raises Refused for one that is empty, too large or of a kind that is not taken."""

    async def find(self, id: str) -> Stored | None:
        """What is kept under an id."""

    async def read(self, id: str) -> tuple[Attachment, bytes] | None:
        """What is kept under an id, and its bytes."""

    async def delete(self, id: str) -> None:
        """Keep it no longer; an unknown id is harmless."""


class DiskFiles:
    """One file and one description beside it, under a name nobody can guess."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def save(self, name: str, content: bytes, owner: str) -> Attachment:
        """As Files.save."""
        if not content:
            raise Refused("invalid", "this file is empty", "file")
        if len(content) > FILE_BYTES:
            raise Refused("too_large", f"a file has at most {FILE_BYTES} bytes", "file")
        attachment = Attachment(token_urlsafe(24), _safe(name), media_type(content), len(content))
        await asyncio.to_thread(self._write, attachment, content, owner)
        return attachment

    async def find(self, id: str) -> Stored | None:
        """As Files.find."""
        return await asyncio.to_thread(self._find, id)

    async def read(self, id: str) -> tuple[Attachment, bytes] | None:
        """As Files.read."""
        stored = await self.find(id)
        if stored is None:
            return None
        try:
            return stored.attachment, await asyncio.to_thread(stored.path.read_bytes)
        except FileNotFoundError:  # it was deleted between the two looks
            return None

    async def delete(self, id: str) -> None:
        """As Files.delete."""
        stored = await self.find(id)
        if stored is not None:
            stored.path.with_suffix(".json").unlink(missing_ok=True)
            stored.path.unlink(missing_ok=True)

    def _path(self, id: str) -> Path:
        return self._folder / id[:2] / f"{id}.bin"

    def _write(self, attachment: Attachment, content: bytes, owner: str) -> None:
        path = self._path(attachment.id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.with_suffix(".json").write_text(json.dumps({**asdict(attachment), "owner": owner}))

    def _find(self, id: str) -> Stored | None:
        if not id.replace("-", "").replace("_", "").isalnum():
            return None
        path = self._path(id)
        try:
            kept = json.loads(path.with_suffix(".json").read_text())
        except FileNotFoundError:
            return None
        owner = kept.pop("owner")
        return Stored(Attachment(**kept), owner, path)


def media_type(content: bytes) -> str:
    """What these bytes are, whatever their name says. Raises Refused for a kind that is not taken."""
    kind = filetype.guess_mime(content) or ("text/plain" if _is_text(content) else "")
    if kind == "application/zip" or kind.startswith(OFFICE):
        kind = _office(content)
    kind = {"video/x-m4v": "video/mp4", "audio/m4a": "audio/mp4"}.get(kind, kind)
    if kind not in ALLOWED:
        taken = "png, jpeg, gif, webp, pdf, txt, docx, xlsx, m4a and mp4 are taken"
        raise Refused("unsupported_type", f"this kind of file is not taken; {taken}", "file")
    return kind


def _is_text(content: bytes) -> bool:
    try:
        return b"\0" not in content and bool(content.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _office(content: bytes) -> str:
    try:
        names = zipfile.ZipFile(BytesIO(content)).namelist()
    except zipfile.BadZipFile:
        return ""
    return DOCX if "word/document.xml" in names else XLSX if "xl/workbook.xml" in names else ""


def _safe(name: str) -> str:
    """A name to show: no folders, nothing invisible, at most 200 characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(character for character in last if character.isprintable())[:200].strip() or "file"


def serve(stored: Stored) -> FileResponse:
    """The file as an answer: pictures are shown, everything else is saved; nothing runs."""
    file = stored.attachment
    place = "inline" if file.media_type in SHOWN_IN_PLACE else "attachment"
    return FileResponse(
        stored.path, headers=HEADERS, media_type=file.media_type, filename=file.name, content_disposition_type=place
    )


def with_urls(seen: dict[str, Any], prefix: str) -> dict[str, Any]:
    """A shown event whose attachments say where to get them."""
    for file in seen.get("attachments", ()):
        file["url"] = f"{prefix}/{file['id']}"
    return seen
