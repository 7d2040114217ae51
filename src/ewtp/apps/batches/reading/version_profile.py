"""The profile that synthetic lines are drawn from, read from the latest version of the rulebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.apps.rulebook.reading.sentences import RULEBOOK_EMPTY
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.synthetic.import_profile import build_import_profile
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.compiled_store.import_profiles import profile_folder, read_profile, write_profile
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.reference.hs_texts import subheadings

if TYPE_CHECKING:
    from ewtp.core.synthetic.import_profile import ImportProfile


def read_import_profile(year: int) -> ImportProfile | Refusal:
    """The profile of a year under the latest version, saved below the installation's home when it is first read.

    Reading it goes through the whole rulebook, one tariff at a time.

    Refusals: ``rulebook_empty``, ``economies_too_few``.
    """
    version = latest_version()
    if version is None:
        return Refusal(RULEBOOK_EMPTY)
    folder = profile_folder(home_path(), version.digest, version.label, year, subheadings())
    profile = read_profile(folder)
    if profile is not None:
        return profile
    reader = RulebookReader(version.ref)
    built = build_import_profile(reader.frame, year=year, subheadings=subheadings(), tariff_book=reader.tariff)
    if not isinstance(built, Refusal):
        write_profile(built, folder)
    return built
