"""The name that ``cryptography`` has for a signature that does not hold."""

from __future__ import annotations


class InvalidSignature(Exception):  # noqa: N818 - the name that cryptography has for it
    """The signature is not the key's."""
