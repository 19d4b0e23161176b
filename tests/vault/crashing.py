"""Run as a program: does something to an encrypted file and is killed at each of its steps on the disk in turn.

Arguments: folder, ``set`` or ``rotate`` or ``to-passphrase``. Prints one line for each death: what the next process
reads. Ends with ``done`` when it got through alive.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from mcp_agent.vault.backend import Key
from mcp_agent.vault.file_backend import FileBackend
from mcp_agent.vault.secret import Secret

STEPS = {"open", "os.rename", "os.remove", "os.mkdir"}
KEY = Key("steam", "token")
PASSPHRASE = "correct horse battery"


def backend(folder: Path) -> FileBackend:
    return FileBackend(folder / "secrets.vault", folder / "vault.key", lambda: Secret(PASSPHRASE))


def act(folder: Path, what: str, round_: int) -> None:
    if what == "set":
        backend(folder).set(KEY, Secret(f"value-{round_}"))
    else:
        backend(folder).rotate(Secret(PASSPHRASE) if what == "to-passphrase" else None)


def die_at(step: int) -> None:
    """End this process like ``kill -9`` before its n-th step that touches the disk."""
    left = step

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in STEPS:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def main(folder: Path, what: str) -> None:
    backend(folder).set(KEY, Secret("value-0"))
    for step in range(1, 100):
        child = os.fork()
        if child == 0:
            die_at(step)
            act(folder, what, step)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        found = backend(folder).get(KEY)
        sys.stdout.write(f"{step} {found.reveal() if found else None}\n")
        if os.WIFEXITED(status):
            sys.stdout.write("done\n" if os.WEXITSTATUS(status) == 0 else "failed\n")
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
