"""What can be wrong with what is asked of a barrier."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

BARRIER_UNKNOWN = Sentence("barrier_unknown", "There is no barrier {id:quoted}: list them to see those there are.")
BARRIER_UNANSWERED = Sentence(
    "barrier_open", "This barrier is open and waits for an answer; report it again instead.", form="unanswered"
)
BARRIER_CLAIMED = Sentence(
    "barrier_open", "The reporters are being asked whether it is gone: say no instead.", form="claimed"
)
BARRIER_RESOLVED = Sentence(
    "barrier_resolved", "This barrier is resolved; a reporter has to reopen it with new evidence first."
)
ANSWER_KIND_UNKNOWN = Sentence("answer_kind_unknown", "Choose the answer among {kinds:list text}.")
CLAIM_MISSING = Sentence("claim_missing", "No authority claims that this barrier is resolved, so nobody is asked.")
CLAIM_OVER = Sentence("claim_over", "This claim has been settled; reopen the barrier with new evidence.")
EVIDENCE_OLD = Sentence(
    "evidence_old", "This report was made before: say what is new, or ask again and report that answer."
)
NOT_THE_AUTHORITY = Sentence(
    "not_the_authority", "Only an agency of {economy:economy} may do this, through a member who may trade for it."
)
NOT_ASKED = Sentence(
    "not_a_reporter",
    "Only reporters whose identity and identifier were verified are asked: report it again once yours are.",
    form="asked",
)
NOT_A_REPORTER = Sentence("not_a_reporter", "Only organisations that were asked may do this: they reported it before.")
ORGANISATION_NEEDED = Sentence(
    "organisation_needed", "Act for an organisation, as a member who may trade for it: visitors only report."
)
OWNER_UNENTITLED = Sentence("owner_unentitled", "Name an agency of {economy:economy}, or secretariat.")
REASON_UNREADABLE = Sentence("reason_unreadable", "Give the reason in 1 to {most:number} characters.")
REPORT_UNKNOWN = Sentence("report_unknown", "There is no report {id:quoted} of this barrier.")
REPORTS_TOO_MANY = Sentence(
    "reports_too_many", "Your organisation has reported this barrier {most:number} times; it is counted once."
)
SILENCE_NOT_DUE = Sentence("silence_not_due", "The time for an answer is not over.")
REPORT_UNREADABLE = Sentence("report_unreadable", "Say in 1 to {most:number} characters what stops you.")
PRODUCT_UNREADABLE = Sentence(
    "barrier_product_unreadable", "Give the product by six digits of the Harmonized System or more, such as 610910."
)
EVIDENCE_UNKNOWN = Sentence(
    "evidence_unknown", "The answer has no rule {measure:quoted} on this line: name one that it lists."
)
STAGE_UNKNOWN = Sentence("stage_unknown", "Choose the stage among {stages:list text}.")
PROMISED_UNREADABLE = Sentence(
    "promised_unreadable", "Give the day by which it will change as 2027-03-01, and not past."
)
