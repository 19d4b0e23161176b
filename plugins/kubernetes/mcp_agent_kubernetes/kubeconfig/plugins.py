"""Programs that a kubeconfig names to log in with (``exec``). They run with the person's rights, so none is run that
the settings do not name.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from mcp_agent import ToolError, UpstreamError
from mcp_agent_kubernetes.kubeconfig.reading import KubeContext

_SECONDS = 30
_MOST_BYTES = 2**20
_VERSIONS = ("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1")


class Issued(Struct, frozen=True):
    """What such a program gave."""

    token: str = ""
    certificate: bytes = b""
    key: bytes = b""
    until: float | None = None


class _Status(Struct, rename="camel"):
    token: str = ""
    client_certificate_data: str = ""
    client_key_data: str = ""
    expiration_timestamp: datetime | None = None


class _Credential(Struct):
    status: _Status


async def run(
    asked: Any, folder: Path, cluster: Mapping[str, Any], context: KubeContext, commands: tuple[str, ...]
) -> Issued:
    """Raises ToolError where it may not run, or gave nothing to log in with. What it printed is in no error."""
    command = str(asked.get("command") or "") if isinstance(asked, dict) else ""
    version = asked.get("apiVersion") if isinstance(asked, dict) else None
    if command not in commands:
        raise ToolError(
            f"The context {context.name} logs in by running the program {command!r}, which is not allowed.",
            hint="A person who trusts it can allow it: "
            f"plugins: kubernetes: contexts: {context.name}: commands: [{command}].",
        )
    if version not in _VERSIONS:
        raise ToolError(f"The context {context.name} runs {command} by a version of the interface that is not known.")
    told = {"apiVersion": version, "kind": "ExecCredential", "spec": {"interactive": False}}
    if asked.get("provideClusterInfo") is True:
        told["spec"]["cluster"] = {
            name: cluster[name] for name in ("server", "tls-server-name", "certificate-authority-data", "config")
            if name in cluster
        }  # fmt: skip
    environ = {**os.environ, "KUBERNETES_EXEC_INFO": json.dumps(told)}
    environ |= {str(one.get("name")): str(one.get("value") or "") for one in asked.get("env") or ()}
    words = [str(one) for one in asked.get("args") or ()]
    return _issued(await _output(_program(command, folder), words, environ, command), command)


def _program(command: str, folder: Path) -> str:
    """A name is looked up in PATH; a path is relative to the file that has it."""
    if os.sep not in command and "/" not in command:
        found = shutil.which(command)
    else:
        found = shutil.which(str(folder / command))
    if found is None:
        raise ToolError(f"The program {command}, with which to log in, is not there.")
    return found


async def _output(program: str, words: list[str], environ: Mapping[str, str], command: str) -> bytes:
    process = await asyncio.create_subprocess_exec(
        program, *words, env=environ, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_SECONDS):
            output = await process.stdout.read(_MOST_BYTES)
            while more := await process.stdout.read(_MOST_BYTES):
                output = (output + more)[:_MOST_BYTES]
            code = await process.wait()
    except TimeoutError:
        raise UpstreamError(f"{command}, with which to log in, did not end within {_SECONDS} seconds.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if code:
        raise UpstreamError(
            f"{command}, with which to log in, failed with exit code {code}.",
            sent=False,
            hint="Run kubectl in a terminal once: it shows what the program says.",
        )
    return output


def _issued(output: bytes, command: str) -> Issued:
    try:
        status = msgspec.json.decode(output, type=_Credential).status
    except (msgspec.DecodeError, msgspec.ValidationError):  # whose text may quote the output
        raise ToolError(f"{command} printed no ExecCredential to log in with.") from None
    if not status.token and not status.client_certificate_data:
        raise ToolError(f"{command} gave neither a token nor a certificate.")
    until = status.expiration_timestamp.timestamp() if status.expiration_timestamp else None
    return Issued(status.token, status.client_certificate_data.encode(), status.client_key_data.encode(), until)
