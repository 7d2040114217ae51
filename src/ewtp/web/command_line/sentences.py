"""What is wrong with what was typed for a command."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

ADDRESS_UNUSABLE = Sentence(
    "address_unusable", "Nothing can listen on {host}, port {port} ({reason:english}); try another."
)
ARGUMENT_UNREADABLE = Sentence("argument_unreadable", "An argument is not text in UTF-8; write it in a UTF-8 terminal.")
BASE64_UNREADABLE = Sentence("base64_unreadable", "{text:quoted} is not base64; give a hash as the log shows it.")
BIRTH_UNREADABLE = Sentence("birth_unreadable", "Write --born as a day such as 1966-09-11, or as a year such as 1966.")
CHANGE_IS_LOCAL = Sentence("change_is_local", "A change is replayed here and not by Spark; leave --engine out.")
CHECKPOINT_UNSIGNED = Sentence("checkpoint_unsigned", "The checkpoint in {path} is not signed by {key:quoted}.")
CURRENCY_WITHOUT_CHANGE = Sentence(
    "currency_without_change",
    "--currency sets the currency of a change's sums; give --change as well, or leave it out.",
)
DATABASE_DISK_UNUSABLE = Sentence(
    "disk_unusable",
    "The database cannot write ({reason:english}): make space on its disk, then repeat the command.",
    form="database",
)
DISK_UNUSABLE = Sentence(
    "disk_unusable",
    "{path} cannot be opened or written ({reason:english}): make space or allow access, then repeat the command.",
)
SHIPMENTS_UNREADABLE = Sentence(
    "file_unreadable", "{path} is not readable text in UTF-8; give a file of lines as CSV.", form="shipments"
)
ELECTION_FILE_UNREADABLE = Sentence(
    "file_missing",
    "{path} cannot be read ({reason:english}); give the archive of an election.",
    form="election",
)
SECRET_FILE_UNUSABLE = Sentence(
    "secret_file_unusable",
    "{path} cannot be used here ({reason:english}); give the files as the site and `ewtp vote` write them.",
)
VOTE_ARCHIVE_NONE = Sentence("vote_archive_none", "No vote by secret ballot was opened on {id:quoted}.")
FOLDER_UNUSABLE = Sentence("folder_unusable", "{path} cannot be written ({reason:english}); name a folder that can.")
HOST_UNUSABLE = Sentence("address_unusable", "{host} is not an address; use 127.0.0.1 or 0.0.0.0.", form="host")
LINE_TOO_LONG = Sentence(
    "line_too_long", "This line is longer than {most:number} bytes; a question is one JSON object."
)
LISTS_NOT_LOADED = Sentence(
    "lists_not_loaded",
    "No denied-party list is in {folder}, so no name was screened. Get the UN Security Council's consolidated list "
    "(XML) and OFAC's sdn.csv, alt.csv and add.csv from their publishers, and load them: `ewtp screening import "
    "FILE...`.",
)
LOG_FILE_UNREADABLE = Sentence(
    "file_missing", "{path} cannot be read ({reason:english}); give a file of the log.", form="log"
)
LOG_FILE_UNWRITABLE = Sentence(
    "target_unwritable", "{path} cannot be written ({reason:english}); name a file that can.", form="log"
)
MARKET_END_MISSING = Sentence(
    "option_missing", "Give --from (every destination) or --to (every origin).", form="market_end"
)
MARKET_OPTION_MISSING = Sentence("option_missing", "Give {option}; it is compared everywhere.", form="market")
ACTS_WANTED = Sentence(
    "usage_wrong", "{path} holds a changeset, which is compiled already; give a file of acts.", form="acts"
)
PUBLISHED_UNWRITABLE = Sentence("file_unwritable", "{path} cannot be written; name a file in a folder that can.")
PUBLISHED_WITHOUT_CHANGE = Sentence(
    "usage_wrong",
    "Only the report of a change can be published or confirmed; name a change (--change).",
    form="publish",
)
AUTHORITY_FILE_UNUSABLE = Sentence(
    "authority_file_unusable",
    "{file} cannot be used ({reason:english}): give a new file for a key, the file of a private key, or a statement "
    "unchanged.",
)
MERGE_FILES_WRONG = Sentence(
    "usage_wrong",
    "Name two files of changes to merge; if both amend a draft, name the draft before them.",
    form="merge",
)
NAME_WITHOUT_LETTERS = Sentence(
    "name_without_letters", "{name:quoted} has no letter or digit that could be looked for; give a name."
)
OPTION_MISSING = Sentence("option_missing", "Give {option}; a question needs {needed:list text}.")
OPTION_UNREADABLE = Sentence("option_unreadable", "Write it as NAME=AMOUNT, such as kg=120; {text:quoted} has no =.")
PORT_TAKEN = Sentence("port_taken", "Port {port} is in use; choose another with PORT={other}.")
QUANTITY_OPTION_TWICE = Sentence("quantity_twice", "{name} is given twice; give it once.", form="option")
QUESTIONS_FILE_MISSING = Sentence(
    "file_missing", "{path} cannot be read ({reason:english}); give a file of JSON lines.", form="questions"
)
USAGE_WRONG = Sentence("usage_wrong", "{reason:english}; `{command} --help` says what can be given.")
WITNESS_NAME_UNUSABLE = Sentence(
    "witness_name_unusable", "{name:quoted} cannot name a witness; write an address without spaces and plus signs."
)
