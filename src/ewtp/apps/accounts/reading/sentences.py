"""What can be wrong with a token, an attempt and a mail."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

MAIL_NOT_TAKEN = Sentence(
    "mail_not_taken", "The mail server did not take this mail ({reason:english}): check EWTP_SMTP and that server."
)
PERSON_UNKNOWN = Sentence(
    "person_unknown", "There is no account with the address {email:quoted}: have that person sign up first."
)
RATE_EXCEEDED = Sentence("rate_exceeded", "Too many attempts came from you: try again in {seconds:number} seconds.")
SECOND_FACTOR_MISSING = Sentence(
    "second_factor_missing",
    "{email:quoted} signs in with a password alone: have that person add a passkey or one-time codes first.",
)
TOKEN_NAME_INVALID = Sentence("token_name_invalid", "Give the token a name of 1 to {most:number} characters.")
TOKEN_SCOPE_UNKNOWN = Sentence("token_scope_unknown", "Choose scopes among {scopes:list text}.")
TOKEN_UNKNOWN = Sentence("token_unknown", "There is no token {prefix:quoted}: list the tokens to see their prefixes.")
