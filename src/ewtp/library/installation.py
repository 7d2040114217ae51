"""An installation as a value: opened once in a process, for any number of questions."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.configuration import load_configuration
from ewtp.gateways.database.server import database_stop, database_url
from ewtp.library.refusals import RefusedError, unless_refused
from ewtp.library.without_rulebook import search
from ewtp.web.django_setup import set_up_django
from ewtp.web.sentences import INSTALLATION_CLOSED, INSTALLATION_OPEN

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Replay:
    """The same lines with and without a change: the report, and one row a line with the columns of both answers."""

    report: dict[str, Any]
    lines: pa.Table


class Installation:
    """A rulebook and the answers given from it, below one directory. Made by ``open_installation``."""

    def __init__(self, home: Path, *, is_throwaway: bool) -> None:
        self.home = home
        self._is_throwaway = is_throwaway
        # The tables can be loaded only once Django knows where they are.
        self._questions: ModuleType = import_module("ewtp.library.questions")
        self._is_open = True

    def assess(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to one question, both in the shape of the API's ``assessments``; the answer is kept."""
        return unless_refused(self._open().answer_question(question))

    def markets(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """Every destination for ``from``, or every origin for ``to``, ranked.

        ``question`` has ``from`` or ``to``, ``hs``, ``value``, ``currency``, and, where they matter, ``quantities``
        and ``date``; the answer is that of ``ewtp markets --json``.
        """
        return unless_refused(self._open().find_markets(question))

    def search(self, words: str, *, limit: int = 10) -> dict[str, Any]:
        """Six-digit codes for a product in words, likeliest first."""
        return search(words, limit=limit)

    def assess_table(self, lines: Any) -> pa.Table:
        """A table of lines answered: one row of answers a row of lines, in their order.

        ``lines`` is an Arrow table or anything that exports one (``__arrow_c_stream__``): a pandas or polars frame,
        a record batch reader. Its columns are those of ``ewtp batch``; amounts are decimals or whole numbers, never
        floats. The first call compiles the rulebook, which takes about half a minute and is kept.
        """
        return unless_refused(self._open().answer_table(lines))

    def replay(self, lines: Any, changeset: Mapping[str, Any] | str | Path) -> Replay:
        """The lines under the rulebook, and under the rulebook with a change: who gains and who pays.

        ``changeset`` is a file, or its content, as ``ewtp rulebook diff --json`` writes it.
        """
        return Replay(*unless_refused(self._open().replay_lines(lines, changeset)))

    @property
    def rulebook_version(self) -> str:
        """The label of the version from which answers are given now."""
        label: str = self._open().find_version()
        return label

    def close(self) -> None:
        """Let go of the database; a throw-away installation is removed."""
        if not self._is_open:
            return
        self._is_open = False
        self._questions.close_connections()
        if self._is_throwaway:
            database_stop(self.home)
            shutil.rmtree(self.home, ignore_errors=True)

    def _open(self) -> ModuleType:
        if not self._is_open:
            raise RefusedError(Refusal(INSTALLATION_CLOSED))
        return self._questions

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


_opened: list[Installation] = []


def open_installation(home: str | os.PathLike[str] | None = None) -> Installation:
    """The installation below ``home`` (``EWTP_HOME``, else ``.ewtp`` in the current directory), made where it is new.

    The first time, the database is started and the rulebook loaded, which takes about half a minute. A process has one
    installation; opening the same again gives it back.
    """
    place = Path(home).expanduser().absolute() if home else load_configuration().home
    return _find_opening_moment(place, is_throwaway=False)


def open_throwaway() -> Installation:
    """A new installation with the seed, in a temporary directory that goes when it is closed or the process ends."""
    if _opened:
        return _find_opening_moment(Path(tempfile.gettempdir()) / "ewtp-throwaway", is_throwaway=True)
    return _find_opening_moment(Path(tempfile.mkdtemp(prefix="ewtp-")), is_throwaway=True)


def _find_opening_moment(home: Path, *, is_throwaway: bool) -> Installation:
    if _opened:
        return _same(_opened[0], home)
    os.environ["EWTP_HOME"] = str(home)
    # A notebook runs an event loop in the same thread; what is called here never yields to it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    unless_refused(database_url(home, throwaway=is_throwaway))
    unusable = set_up_django(with_pages=False)
    if unusable is not None:
        raise RefusedError(unusable)
    unready = import_module("ewtp.web.installation").prepare_installation()
    if unready is not None:
        raise RefusedError(unready)
    opened = Installation(home, is_throwaway=is_throwaway)
    _opened.append(opened)
    atexit.register(opened.close)
    return opened


def _same(opened: Installation, home: Path) -> Installation:
    if opened.home == home:
        opened._open()  # noqa: SLF001 - refuses where it was closed
        return opened
    raise RefusedError(Refusal(INSTALLATION_OPEN, {"home": opened.home}))
