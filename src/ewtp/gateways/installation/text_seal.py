"""Texts and bytes sealed with the key of the installation: whoever copies the database alone cannot read them."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet


def seal_text(text: str, *, purpose: str, key: str) -> str:
    """The text sealed; only the same ``purpose`` and ``key`` open it."""
    return _sealer(purpose, key).encrypt(text.encode()).decode()


def seal_bytes(content: bytes, *, purpose: str, key: str) -> bytes:
    """The bytes sealed, some 70 more of them; only the same ``purpose`` and ``key`` open them."""
    return base64.urlsafe_b64decode(_sealer(purpose, key).encrypt(content))


def unseal_bytes(sealed: bytes, *, purpose: str, key: str) -> bytes:
    """The bytes that were sealed; cryptography's InvalidToken where another key sealed them, or they were changed."""
    return _sealer(purpose, key).decrypt(base64.urlsafe_b64encode(sealed))


def unseal_text(sealed: str, *, purpose: str, key: str) -> str:
    """The text that was sealed; cryptography's InvalidToken where it was sealed with another key, or changed."""
    return _sealer(purpose, key).decrypt(sealed.encode()).decode()


def _sealer(purpose: str, key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(purpose.encode() + key.encode()).digest()))
