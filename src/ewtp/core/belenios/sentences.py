"""What can be wrong with the archive of an election by secret ballot."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

BELENIOS_ARCHIVE_UNREADABLE = Sentence(
    "belenios_archive_unreadable", "This is not an archive of an election; give a file that Belenios wrote."
)
BELENIOS_BALLOT_WRONG = Sentence(
    "belenios_ballot_wrong", "A proof or the signature of ballot {number:number} is wrong."
)
BELENIOS_CHAIN_BROKEN = Sentence("belenios_chain_broken", "Event {height:number} does not follow from the one before.")
BELENIOS_CIRCLE_NEEDED = Sentence(
    "belenios_circle_needed",
    "Give one circle of {trustees:number} trustees of whom {threshold:number} decrypt, as `ewtp vote trustee` makes.",
)
BELENIOS_DECRYPTION_WRONG = Sentence(
    "belenios_decryption_wrong", "The partial decryption of trustee {trustee:number} is not proved."
)
BELENIOS_DECRYPTIONS_MISSING = Sentence(
    "belenios_decryptions_missing", "Too few trustees have decrypted to give the result."
)
BELENIOS_FILE_CHANGED = Sentence("belenios_file_changed", "The content of {name:quoted} does not match its name.")
BELENIOS_KEY_WRONG = Sentence("belenios_key_wrong", "The key of the election is not the one of its trustees.")
BELENIOS_KIND_UNKNOWN = Sentence(
    "belenios_kind_unknown",
    "Only elections with the group BELENIOS-2048, and questions that are added up without blank votes, can be checked.",
)
BELENIOS_RESULT_WRONG = Sentence("belenios_result_wrong", "The result is not the one that the trustees decrypted.")
BELENIOS_TALLY_WRONG = Sentence("belenios_tally_wrong", "The encrypted tally is not the product of the ballots.")
BELENIOS_TRUSTEE_WRONG = Sentence("belenios_trustee_wrong", "What trustee {trustee:number} published is not proved.")
