"""Which kinds of things a cluster knows, its own and custom ones."""

from __future__ import annotations

import asyncio
import difflib
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from msgspec import Struct

from mcp_agent import ToolError
from mcp_agent_kubernetes.failures import Refused

if TYPE_CHECKING:
    from mcp_agent_kubernetes.cluster import Cluster

_GOOD_FOR = 600.0
_SOON = 5.0
"""Seconds after which a kind that is not known is looked for anew: a definition may just have been made."""
_LAST = ("extensions", "events.k8s.io", "metrics.k8s.io")
"""Groups whose kinds another group has as well, under the name that is meant."""


class Kind(Struct, frozen=True):
    """A kind of thing, in one version of its group. The group of the core is empty."""

    group: str
    version: str
    name: str
    plural: str
    singular: str
    short: tuple[str, ...]
    namespaced: bool
    verbs: frozenset[str]
    parts: frozenset[str]
    """Subresources: status, scale, log, ..."""

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def full_name(self) -> str:
        return f"{self.plural}.{self.group}" if self.group else self.plural

    def path(self, namespace: str | None = None, name: str | None = None, part: str = "") -> str:
        """Of one, or of all in a namespace, or of all."""
        words = [_base(self.api_version)]
        if self.namespaced and namespace:
            words += ["namespaces", quote(namespace, safe="")]
        words.append(self.plural)
        if name is not None:
            words.append(segment(name))
        if part:
            words.append(part)
        return "/".join(words)

    def named(self, name: str) -> str:
        return f"{self.name} {name}"


def segment(name: str) -> str:
    """A name as a part of a path, which cannot lead anywhere else. Raises ToolError."""
    if name in ("", ".", "..") or "/" in name or "%" in name:
        raise ToolError(f"{name!r} is no name that anything in a cluster can have.")
    return quote(name, safe=":")


class Discovery:
    """Of one cluster. Asked once, and again when it is old or a kind is not in it."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._lists: dict[str, list[Kind]] = {}
        self._preferred: list[str] = []
        self._asked: float | None = None
        self._asking = asyncio.Lock()

    async def find(self, name: str) -> Kind:
        """By any name that people use: pod, pods, po, deployments.apps, Deployment. Raises ToolError."""
        loop = asyncio.get_running_loop()
        for oldest in (_GOOD_FOR, _SOON):
            async with self._asking:
                if self._asked is None or loop.time() - self._asked > oldest:
                    await self._refresh()
                    self._asked = loop.time()
            found = self._look(name)
            if found is not None:
                return found
        likely = difflib.get_close_matches(name.lower(), sorted(self._names()), 3, 0.6)
        raise ToolError(
            f"{self._cluster} knows no kind {name!r}.",
            hint=f"Is {' or '.join(likely)} meant?" if likely else "k8s_list with kind=crd shows the custom ones.",
        )

    async def exact(self, api_version: str, kind: str) -> Kind:
        """As a manifest names it. Raises ToolError."""
        for fresh in (False, True):
            if fresh or api_version not in self._lists:
                try:
                    self._lists[api_version] = await self._kinds(api_version)
                except Refused as error:
                    if error.status != 404:
                        raise
                    self._lists.pop(api_version, None)
            for one in self._lists.get(api_version, ()):
                if one.name == kind:
                    return one
        raise ToolError(
            f"{self._cluster} knows no {kind} in {api_version}.",
            hint="A custom kind has to be made known first, by its CustomResourceDefinition.",
        )

    async def serves(self, group: str) -> bool:
        await self.find("pods")
        return any(one.partition("/")[0] == group and "/" in one for one in self._preferred)

    async def _refresh(self) -> None:
        groups = (await self._cluster.get("/apis", "list its API groups")).get("groups") or []
        names = [str(one["preferredVersion"]["groupVersion"]) for one in groups]
        names.sort(key=lambda one: one.partition("/")[0] in _LAST)
        self._preferred = ["v1", *names]
        gate = asyncio.Semaphore(8)

        async def one(api_version: str) -> list[Kind]:
            async with gate:
                try:
                    return await self._kinds(api_version)
                except ToolError:  # an extension of the server that is down takes nothing else with it
                    if api_version == "v1":
                        raise
                    return []

        found = await asyncio.gather(*map(one, self._preferred))
        self._lists = dict(zip(self._preferred, found, strict=True))

    async def _kinds(self, api_version: str) -> list[Kind]:
        answer = await self._cluster.get(_base(api_version), f"list the kinds of {api_version}")
        resources: list[dict[str, Any]] = answer.get("resources") or []
        parts: dict[str, set[str]] = {}
        for one in resources:
            plural, slash, part = str(one["name"]).partition("/")
            if slash:
                parts.setdefault(plural, set()).add(part)
        group, _, version = api_version.rpartition("/")
        return [
            Kind(
                group, version, one["kind"], one["name"], str(one.get("singularName") or one["kind"]).lower(),
                tuple(one.get("shortNames") or ()), bool(one.get("namespaced")), frozenset(one.get("verbs") or ()),
                frozenset(parts.get(one["name"], ())),
            )
            for one in resources if "/" not in one["name"]
        ]  # fmt: skip

    def _look(self, name: str) -> Kind | None:
        wanted, _, group = name.lower().partition(".")
        kinds = [one for api in self._preferred for one in self._lists.get(api, ())]
        for one in kinds:
            if (not group or group in (one.group, f"{one.version}.{one.group}")) and wanted in _called(one):
                return one
        return None

    def _names(self) -> set[str]:
        return {called for kinds in self._lists.values() for one in kinds for called in _called(one)}


def _called(kind: Kind) -> tuple[str, ...]:
    return (kind.plural, kind.singular, kind.name.lower(), *kind.short)


def _base(api_version: str) -> str:
    return f"/apis/{quote(api_version, safe='/')}" if "/" in api_version else f"/api/{quote(api_version, safe='')}"
