"""What can be wrong with a procedure, a roll, a ballot, and what a vote did not reach."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

BALLOT_LATE = Sentence("ballot_late", "This vote took ballots until {end:text}; a later one does not count.")
BALLOT_MEMBER_UNKNOWN = Sentence(
    "ballot_member_unknown", "{member} is not on the roll of this vote, which was frozen when it was opened."
)
BALLOT_MODE_WRONG = Sentence(
    "ballot_mode_wrong", "Ballots of this house are {mode:term} in this vote; cast yours in that way."
)
BALLOT_STRUCK = Sentence(
    "ballot_struck", "{member} was struck from the roll of this vote, so its ballot does not count."
)
BALLOT_UNSEALED = Sentence(
    "ballot_unsealed", "The nonce and the choice are not those of the sealed ballot; give both as the receipt has them."
)
CHOICE_UNKNOWN = Sentence("choice_unknown", "A ballot is one of {choices:list text}.")
HOUSE_TOO_SMALL = Sentence(
    "house_too_small",
    "The house of {house:term} has {active:number} active groups; nothing passes with fewer than {needed:number}.",
)
MAJORITY_MISSED = Sentence(
    "majority_missed", "In the house of {house:term} there are {yes:number} for and {no:number} against: no majority."
)
MEAN_SHARE_MISSED = Sentence(
    "mean_share_missed", "The mean of the four houses' shares for it is {mean:number}%, and {needed:text} is needed."
)
PROCEDURE_TOO_SOON = Sentence(
    "procedure_too_soon",
    "{name:text} would change on {start:date}; a change of the procedure starts on {first:date} or later.",
)
QUORUM_MISSED = Sentence(
    "quorum_missed",
    "In the house of {house:term} {yes:number} of {active:number} active groups are for it; {quorum:number}% are "
    "needed.",
)
ROLL_ONE_OWNER = Sentence("roll_one_owner", "These groups were found to have one owner while the vote was open.")
ROLL_SEAT_LOST = Sentence("roll_seat_lost", "These members no longer hold a verified seat.")
SMALL_FIRMS_NOT_ENOUGH = Sentence(
    "small_firms_not_enough",
    "It weakens the house of small firms, so {needed:text} of their votes must be for it.",
)
APPEAL_BODY_NEEDED = Sentence(
    "appeal_body_needed",
    "Only the owner groups that the log drew decide this appeal; the page of the proposal names them.",
)
APPEAL_LODGED_BEFORE = Sentence(
    "appeal_lodged_before", "Your owner group has appealed about this before: each matter is decided once."
)
APPEAL_NOT_OPEN = Sentence("appeal_not_open", "The appeal {id:quoted} waits for no decision any more.")
APPEAL_ORGANISATION_NEEDED = Sentence(
    "appeal_organisation_needed",
    "Act for a verified organisation with a seat in one of the houses, in a role that may take part.",
)
APPEAL_TOO_LATE = Sentence(
    "appeal_too_late",
    "An appeal is lodged within {days:number} days after the result of a vote: this vote has none, or it is too late.",
)
APPEAL_UNKNOWN = Sentence(
    "appeal_unknown", "There is no appeal {id:quoted} in this vote: the page of the proposal lists those there are."
)
