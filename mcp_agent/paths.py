"""Where a user's files live. ``MCP_AGENT_HOME`` puts all of them into one folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from msgspec import Struct

HOME_VARIABLE = "MCP_AGENT_HOME"


class Paths(Struct, frozen=True):
    """Folders, made when something is first written to them."""

    config: Path
    data: Path
    state: Path
    runtime: Path | None = None
    """Where the platform keeps what only matters while programs run; None for a folder beside the state."""

    @property
    def sockets(self) -> Path:
        """Where running instances can be found."""
        return self.runtime or self.state / "run"

    @property
    def config_file(self) -> Path:
        return self.config / "config.yaml"

    @property
    def log_file(self) -> Path:
        return self.state / "log" / "mcp-agent.jsonl"

    @property
    def audit_folder(self) -> Path:
        return self.data / "audit"

    @property
    def audit_key(self) -> Path:
        return self.state / "audit.key"

    @property
    def private(self) -> tuple[Path, ...]:
        """What no plugin hands out to an assistant: settings, policy, secrets, logs, backups."""
        return self.config_file, self.data, self.state


def default_paths() -> Paths:
    """``MCP_AGENT_HOME`` where it is set, the platform's own places otherwise."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        root = Path(home).expanduser()
        return Paths(root, root / "data", root / "state")
    import platformdirs

    dirs = platformdirs.PlatformDirs("mcp-agent", appauthor=False)
    runtime = Path(dirs.user_runtime_dir) if sys.platform in ("win32", "darwin") else _session_folder()
    return Paths(Path(dirs.user_config_dir), Path(dirs.user_data_dir), Path(dirs.user_state_dir), runtime)


def _session_folder() -> Path | None:
    """In the folder that the session of this user has; None where there is no session, as in a container."""
    session = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}")
    try:
        own = session.is_absolute() and session.stat().st_uid == os.getuid()
    except OSError:
        own = False
    return session / "mcp-agent" if own else None


def private_folder(path: Path) -> None:
    """Make a folder for its owner alone; close one of ours into which others may look. What is in it is as
    private then, though SQLite makes files that all may read. Raises OSError."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.stat()
    if sys.platform != "win32" and found.st_uid == os.geteuid() and found.st_mode & 0o077:
        path.chmod(0o700)


def private_bytes(path: Path, make: bytes) -> bytes:
    """The content of a file that only its owner may read, written with ``make`` if it is not there yet.

    Safe against two processes that start at once: both get the content of the one that came first.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(make)
    try:
        os.link(unfinished, path)
    except FileExistsError:
        return path.read_bytes()
    except OSError:  # a file system without links
        os.replace(unfinished, path)
        return make
    finally:
        unfinished.unlink(missing_ok=True)
    return make
