"""What can be wrong with an import, a changeset's file, or a question to the rulebook."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

ADOPTION_TERRITORY_UNKNOWN = Sentence(
    "adoption_territory_unknown",
    "The rulebook has no territory {territory:quoted}; give the code of the one whose law changes, such as GH.",
)
ADOPTION_UNCITED = Sentence(
    "adoption_uncited",
    "Cite the act that adopts the change: its title, its publisher and the place in it.",
)
ADOPTION_UNVOTED = Sentence(
    "adoption_unvoted",
    "Only a proposal that passes changes the procedure of {platform:text}; propose the change instead.",
)
ADOPTION_RECORD_REFUSED = Sentence(
    "adoption_record_refused",
    "Nothing was adopted, because the rulebook cannot hold one of the rules: {problem:sentence}",
)
CHANGESET_TOO_LARGE = Sentence(
    "changeset_too_large", "{path} is larger than {most:number} MB; give a changeset of fewer measures."
)
CHANGESET_FILE_MISSING = Sentence(
    "changeset_unreadable", "There is no file {path}; give the path of a changeset or of acts.", form="missing"
)
CHANGESET_FILE_UNREADABLE = Sentence(
    "changeset_unreadable",
    "{path} holds neither acts nor a changeset; `ewtp rulebook diff --json` writes one.",
    form="file",
)
CODE_FILTER_UNREADABLE = Sentence(
    "code_unreadable", "Give the tariff code as up to 14 digits, such as 610910.", form="filter"
)
DATES_REVERSED = Sentence("dates_reversed", "{last:date} is before {first:date}; give the earlier date first.")
FILE_BROKEN = Sentence(
    "file_broken", "Nothing was imported, because the file cannot be read to its end ({reason:english})."
)
RECORD_BROKEN = Sentence(
    "file_broken", "Nothing was imported, because the file is broken: {problem:sentence}", form="record"
)
FILE_EMPTY = Sentence("file_empty", "Nothing could be read from {name}; is it the right file?")
FILE_MISSING = Sentence("file_missing", "There is no file {path}; give the path of the official file.")
FILE_SHRINKS = Sentence(
    "file_shrinks",
    "The file holds {staged:number} {records:term} where the rulebook has {held:number} from the same source: check "
    "that it is complete, or repeat with --allow-removals.",
)
FORMAT_UNKNOWN = Sentence("format_unknown", "There is no format {format:quoted}; use one of: {names:list text}.")
KIND_UNKNOWN = Sentence("kind_unknown", "There is no kind {kind:quoted}; use one of: {kinds:list text}.")
MOMENT_UNREADABLE = Sentence(
    "known_at_unreadable", "Give the moment as ISO 8601, such as 2026-06-30T12:00:00Z.", form="moment"
)
VERSIONS_OR_DATES = Sentence("versions_or_dates", "Compare two versions or two dates, not a version with a date.")
VERSION_UNKNOWN = Sentence("version_unknown", "There is no version {name:quoted}; `ewtp rulebook list` names them all.")
PACKS_HOLD_LAW = Sentence(
    "packs_hold_law",
    "Packs hold law alone, and {count:number} acts are in effect, such as {act}; add --law to write the law without "
    "them.",
)
YES_OR_NO_UNREADABLE = Sentence(
    "yes_or_no_unreadable", "{field:field} is yes or no; leave it out where it is not known."
)
RULEBOOK_EMPTY = Sentence("rulebook_empty", "No rulebook is loaded yet; `ewtp serve` loads the seed.")
EFFECTIVE_DATE_ABSURD = Sentence(
    "effective_date_absurd", "Give a day between {first} and {last} from which the file holds."
)
SOURCE_DATE_ABSURD = Sentence(
    "source_date_absurd",
    "A file cannot be published after it is retrieved, nor retrieved after today; correct the dates.",
)
ACT_ENDS_OTHERWISE = Sentence(
    "act_ends_otherwise", "No rule of the act {act:quoted} ends on {day:date}: there is nothing to extend."
)
ACT_FOLLOWED = Sentence(
    "act_followed",
    "The act {other:quoted} states other rules for the days that {act:quoted} would get: withdraw that one first.",
)
ACT_HAS_NO_RULES = Sentence("act_has_no_rules", "No rule of the act {act:quoted} is in force after {day:date}.")
