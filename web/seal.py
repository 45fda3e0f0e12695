"""Secrets that the house must read again are sealed in the database with the house's own."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class BrokenSeal(ValueError):
    """It was sealed with another secret, or tampered with."""


class Seal:
    """Fernet (AES-128-CBC with HMAC-SHA256) under a key derived from the house's secret."""

    def __init__(self, secret: str) -> None:
        key = HKDF(SHA256(), 32, None, b"kefu seal").derive(secret.encode())
        self._fernet = Fernet(urlsafe_b64encode(key))

    def close(self, text: str) -> str:
        """Sealed."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Raises BrokenSeal."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise BrokenSeal("sealed with another secret") from None
