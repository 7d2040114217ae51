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
