"""What is wrong with a change to the rulebook: with its file, with its base, and with its content."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

CHANGESET_BASE_MOVED = Sentence(
    "changeset_base_moved",
    "The change was written for another rulebook: {measure} from {start:date} is held otherwise, or already "
    "({count:number} such); compare the rulebooks again.",
)
CHANGESET_BASE_MOVED_NOT_HELD = Sentence(
    "changeset_base_moved",
    "The change was written for another rulebook: {measure} from {start:date} is not held as the change states it "
    "({count:number} such); compare the rulebooks again.",
    form="not_held",
)
CHANGESET_CONTRADICTS = Sentence(
    "changeset_contradicts",
    "With the change {first} and {second} would hold under one key on {day:date}; end the first on the day before.",
)
CHANGESET_CONTRADICTS_EARLY = Sentence(
    "changeset_contradicts",
    "The change ends {measure} before its first day, {start:date}; withdraw it instead (last_day null).",
    form="early",
)
CHANGESET_UNREADABLE = Sentence("changeset_unreadable", "Give a changeset as `ewtp rulebook diff --json` writes one.")
CHANGE_DIGEST_WRONG = Sentence(
    "change_digest_wrong",
    "The digest given is not that of these changes; the file was edited after it was written, so compare it with the "
    "original.",
)
CHANGE_FIELD_UNKNOWN = Sentence(
    "change_field_unknown", "A change has no field {field:quoted} here; correct its name or leave it out."
)
CHANGE_NOT_REPLAYED = Sentence(
    "change_not_replayed",
    "A replay takes changes of measures; leave the {count:number} changes of other records out of the file.",
)
CHANGE_REPLACES_WRONG = Sentence(
    "change_digest_wrong",
    "The digest in replaces is not that of the record to be replaced; take both from one rulebook.",
    form="replaces",
)

# What a check of a change finds, in the order of the numbers in ``fault``.

BASE_DIFFERS = Sentence(
    "change_base_differs",
    "The change was written on another version of the rulebook; rebase it on the law in force.",
)
NOT_HELD = Sentence(
    "change_not_held",
    "{record} from {start:date} has another content in the rulebook than the change replaces; rebase the change.",
)
NOT_HELD_MISSING = Sentence(
    "change_not_held",
    "{record} from {start:date} is not in the rulebook, so the change cannot end or amend it; rebase the change.",
    form="missing",
)
CHANGE_EMPTY = Sentence("change_empty", "The change holds no operation; name what it adds, ends or amends.")
OPERATION_EMPTY = Sentence(
    "change_empty", "{record} from {start:date} stays as it is; leave this operation out.", form="operation"
)
REACHES_NOTHING = Sentence(
    "change_reaches_nothing",
    "{record} reaches no line of the schedule on its days; correct its code, its exclusions or its days.",
)
RELIEVES_NOTHING = Sentence(
    "change_reaches_nothing",
    "{record} is a relief of {programme:quoted}, which answers do not know; name what it relieves.",
    form="relief",
)
RECOGNISES_NOTHING = Sentence(
    "change_reaches_nothing",
    "{record} meets no requirement of the rulebook on its days; correct the agency, the document or the code.",
    form="recognition",
)
EXPRESSION_UNREADABLE = Sentence(
    "change_expression_unreadable", "The rate {expression:expression} cannot be read. {reason:sentence}"
)
CHANGE_TERRITORY_UNKNOWN = Sentence(
    "change_territory_unknown", "{territory:quoted} is not a territory of the rulebook; correct its code."
)
CHANGE_ORIGIN_UNKNOWN = Sentence(
    "change_origin_unknown",
    "{name:quoted} is neither an economy nor a group of the rulebook; correct it, or add the group in the same change.",
)
CHANGE_GROUP_UNKNOWN = Sentence(
    "change_origin_unknown",
    "{name:quoted} is not a group of the rulebook; correct it, or add the group in the same change.",
    form="group",
)
CHANGE_CODE_UNKNOWN = Sentence(
    "change_code_unknown",
    "{code:quoted} begins no line of the schedule of {territory:quoted}; look the code up (`ewtp hs`).",
)
CHANGE_CONTRADICTS = Sentence(
    "change_contradicts",
    "{first} and {second} would both hold on {day:date}; end the first on the day before.",
)
CHANGE_CONTRADICTS_ITSELF = Sentence(
    "change_contradicts", "Two operations treat {record} from {start:date} differently; keep one.", form="itself"
)
STATED_IN_FORCE = Sentence(
    "change_stated_in_force",
    "{record} is stated as in force; a rule of a proposal has the status proposed until an economy adopts it.",
)
PREFERENCE_ABOVE = Sentence(
    "change_preference_above",
    "{record} charges {preference:expression}, above the ordinary rate of {ordinary:expression} on {code:code}; a "
    "preference lowers the duty.",
)
CHANGE_ENDS_EARLY = Sentence(
    "change_dates_wrong",
    "{record} would end before its first day, {start:date}; give a later last day, or withdraw it (last_day null).",
)
CHANGE_DAY_ABSURD = Sentence(
    "change_dates_wrong", "{record} starts on {start:date}; give a day between {first} and {last}.", form="absurd"
)
CONDITION_UNKNOWN = Sentence(
    "change_condition_unknown",
    "{record} has a condition of the kind {kind:quoted}, which answers cannot judge; use a known kind.",
)

# Where changes meet.

CHANGES_CONFLICT = Sentence(
    "change_conflict", "The two changes differ on {record} from {day:date}; choose what shall hold, and merge again."
)
LAW_CONFLICTS = Sentence(
    "change_conflict",
    "The law on {record} from {day:date} has changed since the change was written; choose what shall hold.",
    form="law",
)
