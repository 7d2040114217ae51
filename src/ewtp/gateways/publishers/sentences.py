"""Why a source was not updated."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

COMMODITIES_UNREADABLE = Sentence(
    "setting_unreadable",
    "EWTP_UK_COMMODITIES cannot be read; list up to {most:number} commodity codes of ten digits, with commas between.",
    form="commodities",
)
LIST_SHRINKS = Sentence(
    "list_shrinks",
    "The list has {new:number} entries, and the one that is loaded has {held:number}; if that is right, load the file "
    "with `ewtp screening import`.",
)
RATES_SHRINK = Sentence(
    "rates_shrink",
    "{ended:number} rates that are held are not in the file, which has {read:number}; if that is right, import it "
    "with `ewtp rulebook import`.",
)
RELEASES_UNREADABLE = Sentence(
    "file_not_hts_releases",
    "{address:quoted} gave no list of USITC's releases with a current one; look whether the address is still right.",
)
SOURCES_UNREADABLE = Sentence(
    "setting_unreadable", "EWTP_UPDATE_SOURCES cannot be read; list some of {names:list text}.", form="sources"
)
UPDATE_NOT_CONFIGURED = Sentence(
    "update_not_configured", "{source} has nothing to look for; list commodity codes in EWTP_UK_COMMODITIES."
)
UPDATE_RUNNING = Sentence("update_running", "{source} is being updated already; wait until that has ended.")
UPDATE_SOURCE_UNKNOWN = Sentence(
    "update_source_unknown", "No source {name:quoted} can be updated; name one of {names:list text}."
)
