"""What can be wrong with the text of a proposal, and with what is asked about it."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

ADOPTION_LAW_MOVED = Sentence(
    "adoption_law_moved",
    "The law that the articles are about has changed since the vote: propose them again, or adopt all of them if they "
    "still apply.",
)
ADOPTION_APPEALED = Sentence(
    "adoption_appealed",
    "An appeal against the vote is open until {moment}: nothing is adopted before it is decided.",
)
ADOPTION_BEFORE_APPEALS = Sentence(
    "adoption_before_appeals",
    "Until {day:date} the vote can be appealed: give the articles effect on that day or later.",
)
APPEAL_MATTER_UNKNOWN = Sentence(
    "appeal_matter_unknown",
    "Name what is appealed: {matters:or text}; of an alarm its kind ({alarms:or text}), of a ballot the member.",
)
APPEAL_VERDICT_UNKNOWN = Sentence("appeal_verdict_unknown", "Decide the appeal: {verdicts:or text}.")
ADOPTION_TOO_SOON = Sentence(
    "adoption_too_soon", "New papers or prohibitions need notice: give them effect on {day:date} or later."
)
BALLOT_ORGANISATION_NEEDED = Sentence(
    "ballot_organisation_needed", "Act for an organisation, in a role or with a token that may cast its ballot."
)
BALLOT_TOO_LATE = Sentence("ballot_too_late", "The vote closed on {moment}: no ballot is taken any more.")
COMMENT_INVALID = Sentence("comment_invalid", "Write a comment of 1 to {most:number} characters.")
NOT_ON_THE_ROLL = Sentence(
    "not_on_the_roll",
    "This organisation is not on the roll that was frozen when the vote was opened: it votes in the next one.",
)
PROPOSAL_TEXT_MISSING = Sentence(
    "proposal_text_missing", "Give the articles of the proposal as acts, or a changeset: one of the two."
)
SEND_BACK_CLOSED = Sentence(
    "send_back_closed",
    "Only small firms on the roll can send back a proposal that passed, within the time set after the count.",
)
VOTE_NOT_OVER = Sentence("vote_not_over", "The vote ends at {moment}: close it then.")
VOTE_UNKNOWN = Sentence("vote_unknown", "There is no vote on the proposal {id:quoted}: it has to be opened first.")
AMENDMENT_DECISION_UNKNOWN = Sentence("amendment_decision_unknown", "Decide about the amendment: {decisions:or text}.")
DIGEST_INVALID = Sentence("digest_invalid", "Give a SHA-256 digest of 64 hexadecimal digits.")
REPLAY_RECORD_INVALID = Sentence(
    "replay_record_invalid",
    "The record of a replay cannot be read: send the file that `ewtp batch --publish` writes, unchanged.",
)
REPLAY_UNKNOWN = Sentence(
    "replay_unknown", "No report with the digest {digest:quoted} is kept here: list the proposal's replays to see them."
)
SHIPMENTS_MISSING = Sentence(
    "shipments_missing", "Give your lines as a list of objects, or as separated values: one of the two."
)
SHIPMENTS_TOO_MANY = Sentence(
    "shipments_too_many",
    "At most {most:number} lines are compared here: give more of them to the command ewtp proposal shipments, or to "
    "ewtp batch --change.",
)
LANGUAGE_UNKNOWN = Sentence(
    "language_unknown", "There is no language {language:quoted} here: choose among {languages:list text}."
)
DAY_INVALID = Sentence("day_invalid", "Write the day as year, month and day: 2027-06-30.")
ALARM_ANSWER_INVALID = Sentence(
    "alarm_answer_invalid", "Name the alarm ({alarms:list text}) and the verdict ({verdicts:or text})."
)
ALARM_NOT_OPEN = Sentence("alarm_not_open", "No alarm of the kind {alarm} waits for an answer in this vote.")
ANSWERING_BODY_NEEDED = Sentence(
    "answering_body_needed",
    "Only the owner groups that the log drew answer this alarm; the page of the proposal names them.",
)
STRIKE_INVALID = Sentence(
    "strike_invalid",
    "To strike, name members or owner groups of the bloc that the alarm is about; with another verdict, name nobody.",
)
EFFECT_PLANNER_NEEDED = Sentence(
    "effect_planner_needed",
    "Only the authority of {territory} and the sponsors of the proposal register a plan: act for one of them.",
)
EFFECT_REGISTERED_LATE = Sentence(
    "effect_registered_late",
    "A plan is registered before there is any figure: this rule has effect from {day:date}, so the registered plan "
    "stays.",
)
EFFECT_PLAN_INVALID = Sentence(
    "effect_plan_invalid",
    "Give an outcome that its source can state, 1 to {months:number} months on either side, and trades that differ, "
    "{most:number} at most: an economy, an origin or *, and 2 or 4 digits or *.",
)
ADOPTION_END_TOO_SOON = Sentence(
    "adoption_end_too_soon",
    "Ending a relief needs notice: give {day:date} or a later day as its last.",
)
CREDENTIAL_AUTHORITY_NEEDED = Sentence(
    "credential_authority_needed", "Only the organisation that was named as credential authority issues credentials."
)
CREDENTIAL_WRONG = Sentence(
    "credential_wrong", "This is not the credential that the authority gave to your owner group; copy it as you got it."
)
CREDENTIALS_INVALID = Sentence(
    "credentials_invalid", "Give each owner group a public key of its own, as `ewtp vote credentials` writes them."
)
CREDENTIALS_MISSING = Sentence(
    "credentials_missing",
    "{count:number} owner groups of small firms have no credential yet: the authority has to issue them first.",
)
DECRYPTION_CLOSED = Sentence(
    "decryption_closed", "Trustees decrypt once the vote is closed and while it is being counted, each of them once."
)
SECRET_BALLOT_INVALID = Sentence(
    "secret_ballot_invalid",
    "This is not a new, valid ballot of this election under your credential; make one with `ewtp vote ballot`.",
)
SECRET_BALLOT_NEEDED = Sentence(
    "secret_ballot_needed", "Your house votes in secret here: give your credential, or a ballot that you encrypted."
)
SECRET_BALLOTS_EXTRA_MISSING = Sentence(
    "secret_ballots_extra_missing",
    "Secret ballots need gmpy2, which is not installed: install the extra `secret-ballots`, then start the site again.",
)
SECRET_ELECTION_NEEDED = Sentence(
    "secret_election_needed",
    "Small firms vote in secret: trustees and a credential authority have to be named before the vote is opened.",
)
SECRET_ELECTION_UNKNOWN = Sentence("secret_election_unknown", "No secret ballot was prepared for {id:quoted}.")
SECRET_ELECTION_UNWANTED = Sentence(
    "secret_election_unwanted",
    "A secret ballot is prepared for a proposal that seeks its vote, while the procedure has small firms vote so.",
)
TRUSTEE_NEEDED = Sentence("trustee_needed", "Only the five trustees of this election decrypt its tally.")
TRUSTEES_INVALID = Sentence(
    "trustees_invalid",
    "Name five organisations of five owner groups: one of each house, followed by {drawn:text}, which the log drew.",
)
TRUSTEES_UNNAMED = Sentence(
    "trustees_unnamed", "Name one organisation of each house first, of four owner groups; the log draws the fifth."
)
