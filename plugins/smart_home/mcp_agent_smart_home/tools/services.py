"""Which services there are."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_smart_home.examples import EXAMPLES
from mcp_agent_smart_home.home import Json, home_of

_LONGEST = 160


class Service(Struct, frozen=True, omit_defaults=True):
    """``fields`` are what its data may hold, with a word about each."""

    name: str
    description: str = ""
    fields: dict[str, str] = {}


class Services(Struct, frozen=True, omit_defaults=True):
    """Names by domain, or the services of one domain in full."""

    domains: dict[str, list[str]] = {}
    services: list[Service] = []


@tool(effect="read", examples=EXAMPLES["home_list_services"])
async def home_list_services(
    ctx: Context, domain: Annotated[str | None, Field("Of one domain, in full: light.", max_length=64)] = None
) -> Services:
    """What devices can do. Without a domain: names only. With one: what each service does and takes."""
    found = await home_of(ctx).services()
    if domain is None:
        return Services(domains={key: sorted(services) for key, services in sorted(found.items())})
    if domain not in found:
        raise ToolError(f"There are no services of {domain!r}.", hint=f"There are: {', '.join(sorted(found))}.")
    return Services(services=[_service(f"{domain}.{name}", one) for name, one in sorted(found[domain].items())])


def _service(name: str, given: dict[str, Json]) -> Service:
    fields = {field: _about(about) for field, about in (given.get("fields") or {}).items()}
    return Service(name, str(given.get("description") or "")[:_LONGEST], fields)


def _about(field: dict[str, Json]) -> str:
    """The description, whether it must be there, and the bounds of a number."""
    words = [str(field.get("description") or "")[:_LONGEST]]
    if field.get("required"):
        words.append("Required.")
    number = (field.get("selector") or {}).get("number")
    if number and "min" in number and "max" in number:
        words.append(f"{number['min']} to {number['max']} {number.get('unit_of_measurement', '')}".strip() + ".")
    return " ".join(word for word in words if word)
