"""Everything that is offered, by name, and who offers it."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from mcp_agent.errors import PluginError
from mcp_agent.model import Prompt, Resource, Tool

Kind = Literal["tools", "resources", "prompts"]


class Offer(Struct, frozen=True, kw_only=True, eq=False):
    """What one provider brings, be it a plugin in this process or something elsewhere."""

    tools: Sequence[Tool] = ()
    resources: Sequence[Resource] = ()
    prompts: Sequence[Prompt] = ()


class Registry:
    """Names are unique over all providers. ``generation`` grows with each change; ``changed`` hears which kind."""

    def __init__(self) -> None:
        self.generation = 0
        self.changed: Callable[[Kind], None] = lambda kind: None
        self._offers: dict[str, Offer] = {}
        self._tools: dict[str, Tool] = {}
        self._resources: dict[str, Resource] = {}
        self._templates: dict[str, Resource] = {}
        self._prompts: dict[str, Prompt] = {}

    def add(self, provider: str, offer: Offer) -> None:
        """All of an offer or nothing. Raises PluginError when a name is taken, naming both owners."""
        if provider in self._offers:
            raise PluginError(f"{provider} is registered already")
        tools = {tool.name: tool for tool in offer.tools}
        plain = {resource.uri: resource for resource in offer.resources if not resource.template}
        templates = {resource.uri: resource for resource in offer.resources if resource.template}
        prompts = {prompt.name: prompt for prompt in offer.prompts}
        taken = [
            *self._taken("tool", tools, self._tools),
            *self._taken("resource", plain, self._resources),
            *self._taken("template", templates, self._templates),
            *self._taken("prompt", prompts, self._prompts),
        ]
        if taken:
            raise PluginError(f"{provider} cannot be used: " + "; ".join(taken))
        for kind, items in (("tools", offer.tools), ("prompts", offer.prompts)):
            for name, count in Counter(item.name for item in items).items():
                if count > 1:
                    raise PluginError(f"{provider} declares {count} {kind} named {name}")
        for uri, count in Counter(resource.uri for resource in offer.resources).items():
            if count > 1:
                raise PluginError(f"{provider} declares {count} resources of the URI {uri}")
        self._offers[provider] = offer
        self._tools.update(tools)
        self._resources.update(plain)
        self._templates.update(templates)
        self._prompts.update(prompts)
        self._tell(offer)

    def remove(self, provider: str) -> None:
        """Take back what a provider brought, if anything."""
        offer = self._offers.pop(provider, None)
        if offer is None:
            return
        for tool in offer.tools:
            del self._tools[tool.name]
        for resource in offer.resources:
            del (self._templates if resource.template else self._resources)[resource.uri]
        for prompt in offer.prompts:
            del self._prompts[prompt.name]
        self._tell(offer)

    def tools(self) -> Sequence[Tool]:
        """In a stable order: as registered."""
        return list(self._tools.values())

    def resources(self) -> Sequence[Resource]:
        return list(self._resources.values())

    def templates(self) -> Sequence[Resource]:
        return list(self._templates.values())

    def prompts(self) -> Sequence[Prompt]:
        return list(self._prompts.values())

    def tool(self, name: str) -> Tool | None:
        return self._tools.get(name)

    def prompt(self, name: str) -> Prompt | None:
        return self._prompts.get(name)

    def resource(self, uri: str) -> Resource | None:
        """What serves a concrete URI: the resource of that name, or the first template that it fits."""
        exact = self._resources.get(uri)
        if exact is not None:
            return exact
        return next((template for template in self._templates.values() if template.match(uri) is not None), None)

    def template(self, uri: str) -> Resource | None:
        return self._templates.get(uri)

    def suggest(self, kind: Literal["tool", "prompt"], name: str) -> str:
        """`` Did you mean ...?``, or nothing when no name is near."""
        known = list(self._tools if kind == "tool" else self._prompts)
        near = difflib.get_close_matches(name, known, 3, 0.6)
        if not near:
            return ""
        return f" Did you mean {' or '.join(near)}?"

    def _taken(self, kind: str, new: Mapping[str, object], known: Mapping[str, object]) -> list[str]:
        return [
            f"{kind} {name} belongs to {self._owner(known[name])} already"
            for name in new
            if name in known
        ]  # fmt: skip

    @staticmethod
    def _owner(item: object) -> str:
        return str(getattr(item, "plugin", "another plugin"))

    def _tell(self, offer: Offer) -> None:
        self.generation += 1
        if offer.tools:
            self.changed("tools")
        if offer.resources:
            self.changed("resources")
        if offer.prompts:
            self.changed("prompts")
