"""The business system over HTTP (docs/engine.md, The shop)."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

import aiohttp

from desk.ports import ShopAway

SECONDS: Final = 2.0


class HttpShop:
    """Asked about one order at a time."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def order(self, number: str) -> Mapping[str, Any] | None:
        """As Shop.order."""
        try:
            timeout = aiohttp.ClientTimeout(total=SECONDS)
            async with (
                aiohttp.ClientSession(timeout=timeout) as client,
                client.get(f"{self._url}/orders/{quote(number, safe='')}") as answer,
            ):
                if answer.status == 404:
                    return None
                if answer.status != 200:
                    raise ShopAway(f"HTTP {answer.status}")
                told: Mapping[str, Any] = await answer.json()
                return told
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise ShopAway(type(error).__name__) from error
