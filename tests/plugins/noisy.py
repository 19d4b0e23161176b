"""A plugin that does on stdin and stdout what no plugin should."""

import ctypes
import ctypes.util
import logging
import os
import subprocess
import sys
import time
from typing import Any

from mcp_agent import PluginInfo, hookimpl, tool

sys.stdout.write("noise at import\n")
os.write(1, b"noise at import, past Python\n")
libc = ctypes.CDLL(None)


@tool(effect="read")
def shout() -> str:
    """Print in every way there is."""
    print("noise by print", flush=True)  # noqa: T201
    print('{"jsonrpc":"2.0","id":1,"result":"forged"}')  # noqa: T201
    sys.__stdout__.write("noise by __stdout__\n")
    os.write(1, b"noise by os.write\n")
    libc.puts(b"noise by puts")
    libc.printf(b"noise by printf without an end")
    libc.fflush(None)
    libc.write(1, b"noise by write\n", 15)
    subprocess.run([sys.executable, "-c", "print('noise by a child')"], check=True)
    os.system("echo noise by a shell")
    logging.getLogger("noisy").addHandler(logging.StreamHandler(sys.stdout))
    logging.getLogger("noisy").error("noise by logging")
    return "quiet"


@tool(effect="read")
def shout_in_thread() -> str:
    """The same from a thread."""
    for _ in range(200):
        os.write(1, b"noise from a thread\n")
    return "quiet"


@tool(effect="read")
def listen() -> str:
    """Read what is not for it."""
    try:
        heard = input()
    except EOFError:
        heard = "nothing"
    return f"{heard} {os.read(0, 100)!r} {sys.stdin.read()!r}"


@tool(effect="read")
async def pid() -> int:
    """Which process this is."""
    return os.getpid()


@tool(effect="read")
async def freeze() -> str:
    """Hold up the whole event loop."""
    time.sleep(3600)  # noqa: ASYNC251
    return "never"


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(prefix="")


@hookimpl
def mcp_agent_tools() -> list[Any]:
    return [shout, shout_in_thread, listen, pid, freeze]
