"""Codes from a phone beside the password: TOTP (RFC 6238), with recovery codes for a lost phone."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from secrets import token_hex
from typing import Final

import pyotp
import segno

from desk.store.keys import Keys
from web.seal import BrokenSeal, Seal

CODES: Final = 10
STEP_SECONDS: Final = 30
SLACK: Final = 1  # steps before and after the present one, for clocks that differ


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the phone has to learn: as an address, by hand, and as a QR code (a data: address of an SVG)."""

    secret: str
    uri: str
    qr: str


class SecondFactor:
    """A code is used once; a secret sealed with another house's secret fits nothing."""

    def __init__(self, keys: Keys, seal: Seal) -> None:
        self._keys = keys
        self._seal = seal

    async def on(self, staff: str) -> bool:
        """Does this person need a code to come in?"""
        factor = await self._keys.factor(staff)
        return factor is not None and factor.confirmed

    async def propose(self, staff: str, login: str) -> Proposal:
        """A fresh secret; it counts once `confirm` has seen a code of it."""
        secret = pyotp.random_base32()
        await self._keys.propose(staff, self._seal.close(secret))
        uri = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="kefu")
        return Proposal(secret, uri, segno.make(uri, error="m").svg_data_uri(scale=5, border=4, light="#fff"))

    async def confirm(self, staff: str, code: str) -> list[str] | None:
        """Recovery codes, shown this once; None when the code is wrong or nothing was proposed."""
        step = await self._step(staff, code, confirmed=False)
        if step is None:
            return None
        fresh = [f"{token_hex(3)}-{token_hex(3)}" for _ in range(CODES)]
        await self._keys.confirm(staff, step, map(_hash, fresh))
        return fresh

    async def check(self, staff: str, code: str) -> bool:
        """Is this a code of the phone, or a recovery code, that was not used yet?"""
        step = await self._step(staff, code, confirmed=True)
        if step is not None:
            return await self._keys.spend_step(staff, step)
        return await self._keys.spend_code(staff, _hash(code.strip().lower()))

    async def _step(self, staff: str, code: str, *, confirmed: bool) -> int | None:
        factor = await self._keys.factor(staff)
        if factor is None or factor.confirmed != confirmed:
            return None
        try:
            totp = pyotp.TOTP(self._seal.open(factor.secret))
        except BrokenSeal:
            return None
        now = int(datetime.now(UTC).timestamp()) // STEP_SECONDS
        digits = code.replace(" ", "")
        steps = range(now - SLACK, now + SLACK + 1)
        return next((one for one in steps if pyotp.utils.strings_equal(totp.at(one * STEP_SECONDS), digits)), None)

    async def codes_left(self, staff: str) -> int:
        """Recovery codes that were not used."""
        return await self._keys.codes_left(staff)

    async def forget(self, staff: str) -> None:
        """The password alone is enough again."""
        await self._keys.forget(staff)


def _hash(code: str) -> str:
    return sha256(code.encode()).hexdigest()
