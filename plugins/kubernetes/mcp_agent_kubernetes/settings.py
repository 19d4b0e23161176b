"""The section ``plugins: kubernetes:`` of the configuration."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from mcp_agent import Field


class ContextSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What is allowed with one context of the kubeconfig."""

    writable: Annotated[bool, Field("Whether anything may be changed there.")] = False
    commands: Annotated[
        tuple[str, ...],
        Field("Programs that may be run to log in, as the kubeconfig writes them: 'aws', '/usr/bin/gke-auth'."),
    ] = ()


class Settings(Struct, frozen=True):
    """Every field has a default: all contexts of the usual kubeconfig can be read, and nothing changed."""

    kubeconfig: Annotated[
        str, Field("The file. Empty: what KUBECONFIG names, or else ~/.kube/config.", max_length=4000)
    ] = ""
    contexts: Annotated[dict[str, ContextSettings], Field("Contexts by their name in the kubeconfig.")] = {}
