"""Paths that try to leave a folder: for each system, and what a tree looks like in which the Linux ones are tried."""

from __future__ import annotations

import hashlib
import os
import socket
from pathlib import Path

SECRET = b"what nobody may read"
SHARED = b"a file with a name inside and one outside"

UPWARD = [
    "..", "../outside/secret.txt", "a/../../outside/secret.txt", "./../outside", "a/..", "a/b/../..",
    "../work/../outside", "../../../../../../../../../../etc/passwd", "a/./.././../outside",
    "..//outside//secret.txt", "/..", "/../etc/passwd", "{work}/../outside/secret.txt",
    "{work}/a/../../outside", "{work}/..", "{docs}/../outside/secret.txt", "{docs}/../work/a.txt", "~/..",
    "~/../..", "a/../a.txt", "{work}/a/../a.txt", "nothing/../../outside", "../", "../work/a.txt",
    "a/b/c/d/e/../../../../../../outside", "{work}//..//outside", "{work}/./../outside/secret.txt",
]  # fmt: skip
ABSOLUTE = [
    "/", "/etc/passwd", "/etc/shadow", "/root/.ssh/id_rsa", "/home", "/tmp", "{outside}",
    "{outside}/secret.txt", "{base}", "{work}x", "{work}-evil/secret.txt", "{WORK}/a.txt",
    "/proc/self/root/etc/passwd", "/proc/self/cwd", "/proc/self/environ", "/proc/self/fd/0", "/proc/self/fd/1",
    "/proc/self/mem", "/proc/1/root", "/proc/self/exe", "/proc/thread-self/root{outside}/secret.txt",
    "/proc/self/root{work}/a.txt", "/sys/kernel", "/sys/power/state", "/dev/null", "/dev/zero", "/dev/sda",
    "/dev/stdin", "/dev/fd/0", "/dev/tty", "/dev/shm/x", "/dev/tcp/127.0.0.1/80", "/run/secrets",
    "/var/run/docker.sock", "//etc/passwd", "///etc/passwd", "//server/share/file", "//?/C:/x", "//./COM1",
    "/./etc/passwd", "/etc/./passwd", "//{outside}/secret.txt", "///{work}/a.txt", "~/.ssh/id_rsa", "~", "~/",
    "~/.bashrc", "~/nothing",
]  # fmt: skip
SYSTEMS = [
    "C:\\Windows\\win.ini", "C:/Windows/win.ini", "..\\outside\\secret.txt", "a\\..\\..\\outside",
    "\\etc\\passwd", "\\\\server\\share", "\\\\?\\C:\\x", "\\\\.\\PhysicalDrive0", "\\\\.\\pipe\\x",
    "\\??\\C:\\x", "a\\b.txt", "..\\", ".\\..\\x", "file:///etc/passwd", "file:/etc/passwd", "FILE:etc/passwd",
    "file://localhost/etc/passwd", "http://127.0.0.1/x", "https://example.org/a", "smb://server/share",
    "sftp://host/x", "zip://a.zip/x",
]  # fmt: skip
UNPRINTABLE = [
    "a.txt\0", "\0", "a.txt\0.png", "a\0/../b", "a\nb", "a\r\nb", "a\tb", "\x1b[2Ja", "a\x7f", "\x01",
    "a/\x00/b", "\ud800", "a\udcff.txt", "\udc2e\udc2e/x", "a/\ud83d", "\x08\x08..", "..\n", "\n../outside",
]  # fmt: skip
LONG = [
    "x" * 256, "é" * 128, "a/" + "x" * 300, "a/" * 65 + "x", "x/" * 2001, "y" * 5000, "a/" + "ü" * 200 + "/x",
]  # fmt: skip
LINKS = [
    "out", "out/secret.txt", "out/", "out/.", "out/dir", "out/dir/deep.txt", "out/new.txt",
    "out/new/folder/file.txt", "relative", "relative/secret.txt", "secret-link", "secret-link/", "chain",
    "chain/secret.txt", "chain2", "loop", "loop/x", "loop2/loop1/x", "broken", "broken/x", "to-root",
    "to-root/etc/passwd", "to-etc/passwd", "proc", "proc/self/environ", "dev", "dev/null", "self",
    "self/self/self/out/secret.txt", "self/a.txt", "up", "up/outside/secret.txt", "inner-link",
    "inner-link/x.txt", "a/out", "a/out/secret.txt", "a/b/out/secret.txt", "{work}/out",
    "{work}/out/secret.txt", "{work}/secret-link", "{work}/chain/secret.txt",
    "{work}/to-root{outside}/secret.txt", "{work}/proc/self/root/etc", "{docs}/out/secret.txt",
    "{docs}/to-work/a.txt", "to-docs/read.txt", "to-private/config.yaml", "./out/./secret.txt",
    "out//secret.txt", "fdlink/secret.txt", "cwd", "cwd/pyproject.toml", "link-to-hidden",
    "out2/../out/secret.txt",
]  # fmt: skip
SPECIAL = [
    "pipe",
    "socket",
    "device",
    "pipe/x",
    "socket/x",
    "a.txt/x",
    "a.txt/.",
    "a.txt/out/secret.txt",
    "{work}/pipe",
]
SPECIAL_OK = ["a.txt/."]
PRIVATE = [
    "{base}/work/agent/config.yaml", "agent", "agent/", "agent/config.yaml", "agent/data/audit.log",
    "{work}/agent/x", "./agent/./config.yaml", "agent//new.txt", "a/.././agent", "self/agent/config.yaml",
]  # fmt: skip
LITERAL = [
    "%2e%2e/outside/secret.txt", "%2e%2e%2foutside", "..%2foutside", "..%c0%afoutside", "%00", "a%00.txt",
    "..;/outside", ".../outside", "..../x", ". ./x", ".. /outside/secret.txt", " ../outside",
    "..\u200b/outside", "\u200b../x", "．．/outside", "‥/outside", "…/x", "..∕outside", "..／outside", "a／..／..",
    "․․/x", "$HOME/x", "${{HOME}}/x", "$(id)/x", "`id`", "%USERPROFILE%/x", "%SystemRoot%/x", "~root/x",
    "~anna/.ssh/id_rsa", "~~/x", "-rf", "--help", "*", "?", "[a]", "{{a,b}}", "a;rm x", "a|b", "a&b", "'a'",
    '"a"', "CON", "NUL", "aux.txt", "com1", "a:b", "a.txt:stream", "a.txt::$DATA", "\u202ecod.exe", "A.TXT",
    "é.txt", "e\u0301.txt", "ﬁle.txt", ".hidden", "...", "a. ", "a/ /b", " ", "c:x.txt",
    "jar:file:/x!/y", "data:text/plain,x",
]  # fmt: skip
"""Strange, but names like others on Linux: whatever is done with them stays inside."""

REFUSED = [
    *UPWARD, *ABSOLUTE, *SYSTEMS, *UNPRINTABLE, *LONG, *LINKS, *PRIVATE,
    *(path for path in SPECIAL if path not in SPECIAL_OK),
]  # fmt: skip
ALL = [*REFUSED, *SPECIAL_OK, *LITERAL]


def make_tree(base: Path) -> Path:
    """``work`` (writable) and ``docs`` (to read), each with ways out to ``outside``; ``work/agent`` is the agent's."""
    work, docs, outside = base / "work", base / "docs", base / "outside"
    for folder in (
        work / "a" / "b",
        work / "inner",
        docs,
        outside / "dir",
        work / "agent" / "data",
        base / "work-evil",
    ):
        folder.mkdir(parents=True)
    for path in (outside / "secret.txt", outside / "dir" / "deep.txt", base / "work-evil" / "secret.txt"):
        path.write_bytes(SECRET)
    for path in (work / "agent" / "config.yaml", work / "agent" / "data" / "audit.log", outside / ".hidden"):
        path.write_bytes(SECRET)
    (work / "a.txt").write_bytes(b"inside")
    (docs / "read.txt").write_bytes(b"inside")
    (base / "outside" / "shared.txt").write_bytes(SHARED)
    os.link(outside / "shared.txt", work / "hard.txt")
    links = {
        "out": outside, "relative": "../outside", "secret-link": outside / "secret.txt", "chain": "chain1",
        "chain1": "out", "chain2": "secret-link", "loop": "loop", "loop1": "loop2", "loop2": "loop1",
        "broken": base / "nothing", "to-root": "/", "to-etc": "/etc", "proc": "/proc", "dev": "/dev", "self": ".",
        "up": "..", "inner-link": "inner", "a/out": outside, "a/b/out": "../../../outside", "to-docs": docs,
        "to-private": work / "agent", "out2": outside, "fdlink": "/proc/self/fd/0", "cwd": "/proc/self/cwd",
        "link-to-hidden": outside / ".hidden", "device": "/dev/null",
    }  # fmt: skip
    for name, target in links.items():
        (work / name).symlink_to(target)
    (docs / "out").symlink_to(outside)
    (docs / "to-work").symlink_to(work)
    os.mkfifo(work / "pipe")
    here = os.getcwd()
    os.chdir(work)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
    os.chdir(here)
    return base


def fingerprint(*folders: Path) -> str:
    """Everything below: names, kinds, bytes, times, where links lead."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in [folder, *sorted(folder.rglob("*"))]:
            found = path.lstat()
            digest.update(f"{path}|{found.st_mode}|{found.st_mtime_ns}".encode())
            if path.is_symlink():
                digest.update(os.readlink(path).encode())
            elif path.is_file():
                digest.update(path.read_bytes())
    return digest.hexdigest()
