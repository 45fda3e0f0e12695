"""The door to the shop: orders, parcels and coupons over HTTP, at the address in KEFU_SHOP_URL."""

import asyncio
import os
from typing import Any

import aiohttp

TIMEOUT = aiohttp.ClientTimeout(total=2)

_session: aiohttp.ClientSession | None = None


class ShopAway(Exception):
    """The shop did not answer in time, or answered nonsense."""


class Refused(Exception):
    """The shop understood and does not do it (4xx); the text is its error code."""


async def order(order_id: str) -> dict[str, Any] | None:
    """The order, or None when the shop knows no such one."""
    return await _call("GET", f"/orders/{order_id}")


async def parcel(number: str) -> dict[str, Any] | None:
    """The parcel, or None when the shop knows no such one."""
    return await _call("GET", f"/parcels/{number}")


async def refund_of(order_id: str) -> dict[str, Any] | None:
    """The refund of an order and how far it is, or None when there is none."""
    return await _call("GET", f"/orders/{order_id}/refund")


async def coupon(code: str) -> dict[str, Any] | None:
    """The coupon, or None when the shop knows no such one."""
    return await _call("GET", f"/coupons/{code}")


async def post(order_id: str, what: str, wish: dict[str, str], key: str, proof: str = "") -> dict[str, Any]:
    """Ask for something about an order (docs/engine.md, The shop); the same key asks only once.

    Raises Refused (an order unknown by now included) and ShopAway.
    """
    answer = await _call("POST", f"/orders/{order_id}/{what}", wish, {"Idempotency-Key": key, "Order-Proof": proof})
    if answer is None:
        raise Refused("not_found")
    return answer


async def _call(
    method: str, path: str, body: dict[str, str] | None = None, headers: dict[str, str] | None = None
) -> dict[str, Any] | None:
    try:
        async with _open().request(method, _url() + path, json=body, headers=headers) as response:
            answer: dict[str, Any] = await response.json()
    except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
        raise ShopAway(type(error).__name__) from error
    if response.status >= 500:
        raise ShopAway(f"status {response.status}")
    if response.status == 404:
        return None
    if response.status >= 400:
        raise Refused(answer["error"]["code"])
    return answer


def _url() -> str:
    try:
        return os.environ["KEFU_SHOP_URL"].rstrip("/")
    except KeyError:
        raise ShopAway("KEFU_SHOP_URL is not set") from None


def _open() -> aiohttp.ClientSession:
    global _session
    if _session is None or _session.closed:
        _session = aiohttp.ClientSession(timeout=TIMEOUT)
    return _session


async def close() -> None:
    """Drop the connections."""
    if _session is not None:
        await _session.close()
