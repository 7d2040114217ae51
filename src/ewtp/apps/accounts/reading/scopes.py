"""The scopes of callers without a token, and those that each kind of token may have."""

from __future__ import annotations

from ewtp.core.values.actor import Scope

__all__ = ["ORGANISATION_SCOPES", "PUBLIC_SCOPES", "Scope"]

# The scopes of a caller without a token.
PUBLIC_SCOPES = frozenset({Scope.READ})
# The scopes that a token of an organisation may have: the installation belongs to none of them.
ORGANISATION_SCOPES = (Scope.READ, Scope.WRITE, Scope.ADMINISTER)
