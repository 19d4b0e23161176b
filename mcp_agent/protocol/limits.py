"""How a server presents itself, and its bounds."""

from __future__ import annotations

from msgspec import Struct


class ServerInfo(Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """How the server presents itself. ``instructions`` are for the model."""

    name: str
    version: str
    title: str = ""
    description: str = ""
    website_url: str = ""


class Limits(Struct, frozen=True, kw_only=True):
    """Bounds, in seconds, bytes and counts."""

    in_flight: int = 4000
    """Requests of one client at a time; more are refused."""
    page_size: int = 250
    list_ttl: float = 300
    state_ttl: float = 900
    """How long a person may take to answer before a multi-round-trip request must start over."""
    background_after: float = 20
    """A call that runs longer goes on in the background. Desktop clients give up after 60."""
    jobs: int = 256
    job_ttl: float = 3600
    job_poll: float = 1
    drain: float = 2


DEFAULT_LIMITS = Limits()
