"""The scopes of tokens: the permissions of a token's holder."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """One thing that a token allows; a token has one or more, and none of them includes another."""

    READ = "read"  # ask, and read answers and rules
    WRITE = "write"  # make and move orders, filings and proposals
    OPERATE = "operate"  # operate the installation itself


# The scopes of a caller without a token.
PUBLIC_SCOPES = frozenset({Scope.READ})
