"""Webhooks over HTTP."""

import ipaddress
import socket
from collections.abc import Mapping
from typing import Any, Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from desk.ports import Undelivered

SECONDS: Final = 10.0


class PublicOnly(AbstractResolver):
    """Finds public addresses only, so that a webhook cannot reach into the house's own network."""

    def __init__(self) -> None:
        self._inner = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """As AbstractResolver."""
        found = await self._inner.resolve(host, port, family)
        public = [one for one in found if ipaddress.ip_address(one["host"]).is_global]
        if not public:
            raise OSError("the address is not public")
        return public

    async def close(self) -> None:
        """As AbstractResolver."""
        await self._inner.close()


class HttpPost:
    """One POST, no redirects. With `private` also to addresses that are not public."""

    def __init__(self, *, private: bool) -> None:
        self._private = private

    async def send(self, url: str, body: str, headers: Mapping[str, str]) -> int:
        """As Post.send."""
        options: dict[str, Any] = {} if self._private else {"resolver": PublicOnly()}
        try:
            connector = aiohttp.TCPConnector(**options)
            timeout = aiohttp.ClientTimeout(total=SECONDS)
            async with aiohttp.ClientSession(connector=connector, timeout=timeout) as client:
                if not self._private and _is_private(client._build_url(url).host or ""):
                    raise Undelivered("the address is not public")
                async with client.post(url, data=body.encode(), headers=headers, allow_redirects=False) as answer:
                    return answer.status
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise Undelivered(type(error).__name__) from error


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False  # a name: the resolver looks
