"""Why an address gave no content."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

FETCH_ADDRESS_UNSAFE = Sentence(
    "fetch_address_unsafe", "{address:quoted} is not asked: give an address of https, with a host."
)
FETCH_CUT_SHORT = Sentence("fetch_cut_short", "{address:quoted} broke off after {got:number} bytes; ask again later.")
FETCH_REDIRECTED = Sentence(
    "fetch_redirected",
    "{address:quoted} leads to {host:quoted}, which is not followed; if that is its publisher's, add it to "
    "EWTP_UPDATE_HOSTS.",
)
FETCH_SLOW = Sentence("fetch_slow", "{address:quoted} did not answer whole within {seconds:number} s; ask again later.")
FETCH_STATUS = Sentence(
    "fetch_status", "{address:quoted} answered with status {status:text}; look whether the address is still right."
)
FETCH_TOO_LARGE = Sentence(
    "fetch_too_large", "{address:quoted} has more than {most:number} bytes; look whether the address is still right."
)
FETCH_UNREACHABLE = Sentence(
    "fetch_unreachable", "{address:quoted} cannot be reached ({reason:english}); check the network and the address."
)
