"""The door to whatever looks at pictures, over HTTP (docs/engine.md, Pictures); closed unless a URL is configured."""

import asyncio
import base64
import logging
from typing import Any, Final

import aiohttp

from conversation.events import Attachment
from language.pii import mask
from web.files import Files

LONGEST: Final = 300  # characters of what is seen

log = logging.getLogger(__name__)


class HttpVision:
    """Asks `url`; `seconds` is the most that a look may take, all together."""

    def __init__(self, url: str, files: Files, key: str = "", *, seconds: float = 6.0) -> None:
        self._url = url
        self._files = files
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._timeout = aiohttp.ClientTimeout(total=seconds)

    async def look(self, picture: Attachment, text: str, language: str) -> str:
        """As Vision.look."""
        stored = await self._files.find(picture.id)
        if stored is None:
            return ""  # erased meanwhile
        image = base64.b64encode(await asyncio.to_thread(stored.path.read_bytes)).decode()
        body = {"media_type": picture.media_type, "image": image, "text": mask(text), "language": language}
        try:
            async with (
                aiohttp.ClientSession(timeout=self._timeout, headers=self._headers) as session,
                session.post(self._url, json=body) as answer,
            ):
                answer.raise_for_status()
                told: Any = await answer.json()
            return mask(" ".join(str(told["text"]).split())[:LONGEST])
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
            log.warning("nobody looked at a picture: %s", type(error).__name__)
            return ""
