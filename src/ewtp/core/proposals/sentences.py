"""What can be wrong with a proposal and with what is asked of it."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

PROPOSAL_ARTICLE_UNKNOWN = Sentence(
    "proposal_article_unknown", "The proposal has no article {article:quoted}: choose among {articles:list text}."
)
ADOPTION_ARTICLE_NEEDED = Sentence(
    "adoption_article_needed", "Article {article} needs article {needed}: adopt both, or neither."
)
ADOPTION_TWICE = Sentence(
    "adoption_twice", "{territory} has adopted article {article} already: withdraw that adoption first."
)
ADOPTION_UNKNOWN = Sentence(
    "adoption_unknown", "No economy has adopted the proposal by the act {act:quoted}: name the act of an adoption."
)
ADOPTION_OVER = Sentence(
    "adoption_over", "The adoption by the act {act:quoted} has effect only until {day:date}; that is settled already."
)
ADOPTION_WITHOUT_SUNSET = Sentence(
    "adoption_without_sunset",
    "The adoption by the act {act:quoted} does not end by itself: there is nothing to renew.",
)
ADOPTION_RENEWED_BEFORE = Sentence(
    "adoption_renewed_before",
    "The adoption by the act {act:quoted} was renewed before and ends on {day:date}: propose its articles again.",
)
RENEWAL_TOO_SOON = Sentence(
    "renewal_too_soon", "The adoption ends on {end:date}: it can be renewed from {day:date} on, and not before."
)
RENEWAL_DAY_INVALID = Sentence(
    "renewal_day_invalid",
    "An adoption is renewed for as long as it was voted on at most: give a last day from {least:date} to {most:date}.",
)
AUTHORITY_KEY_MISSING = Sentence(
    "authority_key_missing", "The authority of {territory} has registered no key: register one first."
)
AUTHORITY_KEY_NAME = Sentence(
    "authority_key_name", "The key of this authority is named {name:quoted}: make one with that name."
)
AUTHORITY_KEY_OWN = Sentence(
    "authority_key_own", "Only another government can state this key: act for the authority of another economy."
)
AUTHORITY_SIGNATURE_INVALID = Sentence(
    "authority_signature_invalid",
    "This is not the statement with a signature by {keys:and text}: sign the statement that comes with this refusal.",
)
AUTHORITY_SIGNATURE_NEEDED = Sentence(
    "authority_signature_needed",
    "The authority of {territory} signs with a key of its own: sign the statement that comes with this refusal, and "
    "send it again with the signature.",
)
AMENDMENT_BASE_MOVED = Sentence(
    "amendment_base_moved",
    "The amendment was written on a version that the proposal never had: write it on the latest one.",
)
AMENDMENT_CONFLICTS = Sentence(
    "amendment_conflicts",
    "The amendment and the latest version change the same rule differently: suggest one written on the latest version.",
)
AMENDMENT_NOT_OPEN = Sentence("amendment_not_open", "Amendment {id:quoted} was merged, rejected or taken back already.")
AMENDMENT_UNKNOWN = Sentence(
    "amendment_unknown", "The proposal has no amendment {id:quoted}: its page lists those it has."
)
AUTHOR_NEEDED = Sentence("author_needed", "Only the organisation that drafted the proposal does this.")
AUTHORITY_NEEDED = Sentence(
    "authority_needed",
    "Only a verified authority of {territory} adopts or declines for it: act for that organisation.",
)
PROPOSAL_PARTICIPANT_NEEDED = Sentence(
    "proposal_participant_needed",
    "Act for a verified organisation with a seat in one of the houses, in a role that may take part.",
)
PROPOSAL_REASON_MISSING = Sentence(
    "proposal_reason_missing", "Give the reason in 1 to {most:number} characters; it is published."
)
PROPOSAL_STAGE = Sentence(
    "proposal_stage", "The proposal is {stage:term} now, and this is possible only where it is {needed:list term}."
)
PROPOSAL_TITLE_INVALID = Sentence(
    "proposal_title_invalid", "Give the proposal a title of 1 to {most:number} printable characters."
)
PROPOSAL_UNKNOWN = Sentence("proposal_unknown", "There is no proposal {id:quoted}: list the proposals to see them.")
PROPOSAL_UNSOUND = Sentence(
    "proposal_unsound",
    "The checks find {count:number} faults in the change: fix them first; they are listed with this refusal.",
)
REPLAY_MISSING = Sentence(
    "replay_missing", "Nobody has replayed the latest version yet: replay it before a vote is opened."
)
REPLAY_OF_ANOTHER_CHANGE = Sentence(
    "replay_of_another_change",
    "The replay is of another change than the latest version: replay the one with the digest {digest:code}.",
)
REPLAY_OF_OWN_GROUP = Sentence(
    "replay_of_own_group",
    "An organisation of your owner group has stated this result: have one of another owner group recompute it.",
)
REPLAY_UNCONFIRMED = Sentence(
    "replay_unconfirmed",
    "No other organisation has recomputed it with the same result: have one do so, or wait until {moment}.",
)
SPONSOR_NEEDED = Sentence(
    "sponsor_needed", "Only an organisation that stands behind the proposal can ask that it be withdrawn."
)
SUPERSEDED_BY_ITSELF = Sentence(
    "superseded_by_itself",
    "Name the identifier of the other proposal that replaces this one.",
)
