"""What the entries of a log can contradict, and what they cannot show."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

ENTRY_UNREADABLE = Sentence(
    "recount_entry_unreadable", "Entry {index:number}, of the kind {kind:quoted}, does not state what its kind states."
)
ENTRY_ERASED = Sentence(
    "recount_entry_erased",
    "Entry {index:number}, of the kind {kind:quoted}, was erased: what followed from it cannot be recounted.",
)
ROLL_DIFFERS = Sentence(
    "recount_roll_differs",
    "The roll of the vote {vote:quoted} in the bundle is not the one whose root entry {index:number} states.",
)
BALLOT_OF_ANOTHER = Sentence(
    "recount_ballot_of_another",
    "Entry {index:number} is a ballot of {member:quoted} that was cast on behalf of {other:quoted}.",
)
OUTCOME_DIFFERS = Sentence(
    "recount_outcome_differs",
    "Entry {index:number} states that the vote {vote:quoted} had the result {published:quoted}; its entries give "
    "{recounted:quoted}.",
)
FIGURES_DIFFER = Sentence(
    "recount_figures_differ",
    "Entry {index:number} states figures of the vote {vote:quoted} that its entries do not give: {names:list quoted}.",
)
ALARM_DIFFERS = Sentence(
    "recount_alarm_differs",
    "Entry {index:number} raises the alarm {alarm:quoted} about {bloc:quoted}, which does not follow from the roll and "
    "the ballots of the vote {vote:quoted}.",
)
ALARM_MISSING = Sentence(
    "recount_alarm_missing",
    "The vote {vote:quoted}, which entry {index:number} opened, was not stopped by the alarm {alarm:quoted} about "
    "{bloc:quoted}, which follows from its roll.",
)
ADOPTION_UNPASSED = Sentence(
    "recount_adoption_unpassed",
    "Entry {index:number} adopts articles of {proposal:quoted} in {territory:quoted}; no earlier entry says that it "
    "passed.",
)
ADOPTION_ARTICLES = Sentence(
    "recount_adoption_articles",
    "Entry {index:number} adopts articles of {proposal:quoted} in {territory:quoted} that it does not have or that "
    "were adopted before: {articles:list quoted}.",
)
ADOPTION_AUTHORITY = Sentence(
    "recount_adoption_authority",
    "Entry {index:number} states something for {territory:quoted} on behalf of {by:quoted}, which was not a verified "
    "authority of it by the earlier entries.",
)
ADOPTION_ACT = Sentence(
    "recount_adoption_act",
    "Entry {index:number} adopts articles in {territory:quoted} by the act {act:quoted}, which no earlier entry "
    "states.",
)
REPLAY_DIFFERS = Sentence(
    "recount_replay_differs",
    "Entry {index:number} states wrongly whether its replay of {proposal:quoted} gave the result of the first one.",
)
STATEMENT_UNSIGNED = Sentence(
    "recount_statement_unsigned",
    "Entry {index:number} states something for {territory:quoted} that the key of its authority did not sign.",
)
KEY_UNFOUNDED = Sentence(
    "recount_key_unfounded",
    "Entry {index:number} is about a key of the authority of {territory:quoted} for which neither its previous key "
    "nor the key of another government signed.",
)
ENDING_UNFOUNDED = Sentence(
    "recount_ending_unfounded",
    "Entry {index:number} ends the adoption by the act {act:quoted} in {territory:quoted}, which no earlier entry "
    "adopts or displaces.",
)
RENEWAL_UNFOUNDED = Sentence(
    "recount_renewal_unfounded",
    "Entry {index:number} renews the adoption by the act {act:quoted} in {territory:quoted}, which by the earlier "
    "entries does not end by itself, was renewed before, or gets more days than were voted on.",
)
WITHDRAWAL_UNFOUNDED = Sentence(
    "recount_withdrawal_unfounded",
    "Entry {index:number} is about withdrawing {proposal:quoted}, by whom neither wrote it nor, by the earlier "
    "entries, stands behind it with more than half of its sponsors.",
)
APPEAL_UNFOUNDED = Sentence(
    "recount_appeal_unfounded",
    "Entry {index:number} is about the appeal {appeal:quoted} in the vote {vote:quoted}, which by the earlier entries "
    "was not lodged in time, was not decided by those who were drawn, or does not undo its result.",
)
ROLL_UNFOUNDED = Sentence(
    "recount_roll_unfounded",
    "The roll of the vote {vote:quoted}, which entry {index:number} opened, differs from what the earlier entries give "
    "for these members (entitled or not, house, owner group, verification): {members:list quoted}.",
)
JOIN_UNFOUNDED = Sentence(
    "recount_join_unfounded",
    "Entry {index:number} joins groups in the vote {vote:quoted} that do not have one owner by the earlier entries: "
    "{groups:list quoted}.",
)
STRIKE_UNFOUNDED = Sentence(
    "recount_strike_unfounded",
    "Entry {index:number} strikes members from the roll of the vote {vote:quoted} that have their seats by the earlier "
    "entries: {members:list quoted}.",
)
DRAW_ROOT = Sentence(
    "recount_draw_root",
    "Entry {index:number} draws by a root that the log did not have with {size:number} entries, or that could be "
    "chosen.",
)
DRAW_GROUPS = Sentence(
    "recount_draw_groups",
    "Entry {index:number} names groups other than those drawn to answer the alarm {alarm:quoted} in the vote "
    "{vote:quoted}.",
)
ELECTION_DIFFERS = Sentence(
    "recount_election_differs",
    "The archive of the secret ballot in the vote {vote:quoted} does not agree with entry {index:number}, or with "
    "itself: {name:quoted}.",
)

LEFT_ERASED = Sentence("left_erased", "{count:number} entries whose content was erased")
LEFT_WITHHELD = Sentence("left_withheld", "{count:number} entries that the writer of the bundle withheld")
LEFT_UNBOUND = Sentence(
    "left_unbound", "{count:number} of these, of which no checkpoint says whether everybody may read them"
)
LEFT_EARLIER = Sentence("left_earlier", "{count:number} entries about votes and proposals that began before the bundle")
LEFT_ROLL = Sentence("left_roll", "the vote {vote:quoted}: the bundle does not have its roll")
LEFT_SECRET = Sentence(
    "left_secret",
    "the secret ballots of the vote {vote:quoted}: the bundle does not have their archive",
)
LEFT_PROOFS = Sentence(
    "left_proofs",
    "the proofs of {count:number} secret ballots in the vote {vote:quoted}: too many for Python alone; "
    "`ewtp vote verify` checks their archive with gmpy2",
)
LEFT_UNCOUNTED = Sentence("left_uncounted", "the secret ballots of the vote {vote:quoted}: nobody has counted them")
LEFT_TRUSTEES = Sentence(
    "left_trustees",
    "which member was drawn as the fifth trustee of the vote {vote:quoted}: the log does not show who was a member "
    "that day",
)
LEFT_POWER = Sentence(
    "left_power",
    "the power of blocs in the vote {vote:quoted}: its roll has {groups:number} groups, more than are measured here",
)
LEFT_OWNERS = Sentence(
    "left_owners", "{count:number} alarms and figures of blocs of one owner: the bundle does not show who controls whom"
)
LEFT_ALIKE = Sentence(
    "left_alike",
    "{count:number} alarms about groups that vote alike in several votes: the bundle does not have all of these",
)
LEFT_TOLD = Sentence(
    "left_told",
    "whether alarms of the vote {vote:quoted} that stop nothing, or that follow from its ballots, are missing",
)
LEFT_GROUPS = Sentence(
    "left_groups",
    "who was entitled to be on the roll of the vote {vote:quoted}: some entries before it are not in the bundle",
)
LEFT_PROCEDURE = Sentence(
    "left_procedure",
    "whether the procedure of the vote {vote:quoted} was the one in force",
)
LEFT_STRUCK = Sentence("left_struck", "why {count:number} members were struck from the roll of the vote {vote:quoted}")
LEFT_DRAW = Sentence(
    "left_draw", "the root by which entry {index:number} draws: it is that of {size:number} entries, before the bundle"
)
LEFT_KEYS = Sentence(
    "left_keys", "the signatures of {count:number} statements by authorities: the bundle does not have their keys"
)
LEFT_SUNSETS = Sentence(
    "left_sunsets",
    "the day on which {count:number} adoptions end by themselves: it follows from articles of which the log has only "
    "the digest",
)
LEFT_OTHERS = Sentence(
    "left_others",
    "the content of {count:number} entries of other kinds: nothing in the bundle contradicts or confirms it",
)
LEFT_REPLAYS = Sentence("left_replays", "{count:number} replays: the log has only their digests")
LEFT_AUTHORITIES = Sentence(
    "left_authorities",
    "who spoke for an economy in {count:number} entries: the bundle does not show how those authorities were verified",
)
