"""The section ``plugins: maps:`` of the configuration."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Struct

from mcp_agent import Field


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where answers come from. With ``prefer: local`` nothing is asked on the web that an extract can answer."""

    online: Annotated[bool, Field("Whether services on the web may be asked at all.")] = True
    prefer: Annotated[
        Literal["local", "online"], Field("Which is asked first where both could answer: the extract or the services.")
    ] = "local"
    contact: Annotated[
        str, Field("An e-mail or web address of yours, for those who run the services. Sent with each question.")
    ] = ""
    nominatim: Annotated[str, Field("Names and addresses. Asked once a second at most.")] = (
        "https://nominatim.openstreetmap.org"
    )
    overpass: Annotated[str, Field("Places around. Asked one question at a time.")] = (
        "https://overpass-api.de/api/interpreter"
    )
    router: Annotated[str, Field("A routing server of yours, such as http://localhost:5000. Empty for none.")] = ""
    router_kind: Annotated[Literal["osrm", "valhalla"], Field("What kind of routing server it is.")] = "osrm"
    engine: Annotated[
        Literal["auto", "built-in"],
        Field("What finds routes in an extract. auto: Valhalla where its extra is installed, else the built-in graph."),
    ] = "auto"
    wait_seconds: Annotated[float, Field("How long a question waits for its turn at a service.", ge=0, le=600)] = 25.0
