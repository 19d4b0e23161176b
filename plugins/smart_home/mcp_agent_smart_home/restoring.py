"""How a thing is put back into a state it had: for each domain what of it is kept, and which services bring it back.

A domain that is not here cannot be put back, and is therefore guarded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from mcp_agent_smart_home.home import ABSENT, Entity, Json

Kept: TypeAlias = dict[str, Json]
"""``state`` and the attributes that were kept, as the undo journal holds it."""
Step: TypeAlias = tuple[str, dict[str, Json]]
"""A service of the entity's domain and its data."""

MOVING: Mapping[str, str] = {"opening": "open", "closing": "closed", "returning": "docked"}
"""States on the way, and where they lead."""

_COLOURS = {
    "hs": "hs_color", "xy": "xy_color", "rgb": "rgb_color", "rgbw": "rgbw_color", "rgbww": "rgbww_color",
    "color_temp": "color_temp_kelvin",
}  # fmt: skip


def kept(entity: Entity) -> Kept:
    """What putting it back needs. The same state gives the same value."""
    state, domain = MOVING.get(entity.state, entity.state), entity.domain
    keep = [attribute for attribute, *_ in _SETTERS.get(domain, ())]
    if domain == "light":
        colour = _COLOURS.get(entity.attributes.get("color_mode") or "")
        keep = ["brightness", "effect", *([colour] if colour else [])]
    if state == "off":
        keep = [attribute for attribute in keep if attribute not in _ONLY_WHEN_ON]
    found = {name: _plain(entity.attributes.get(name)) for name in keep}
    return {"state": state, **{name: value for name, value in found.items() if value is not None}}


def to_state(domain: str, before: Kept, now: Kept) -> list[Step]:
    """The services that bring the state back, to be called first. None for a state that says nothing, and none where
    only attributes are different that have services of their own."""
    right = before["state"] == now["state"] and domain in _SETTERS
    return [] if right or before["state"] in ABSENT else list(DOMAINS[domain](before))


def to_attributes(domain: str, before: Kept, now: Kept) -> list[Step]:
    """The services for what is still different then. What is as it was is not touched: it may not even be possible."""
    found = [
        (service, {field: before[attribute]})
        for attribute, service, field in _SETTERS.get(domain, ())
        if service and attribute in before and before[attribute] != now.get(attribute)
    ]
    both = ("target_temp_high", "target_temp_low")
    if all(name in before for name in both) and any(before[name] != now.get(name) for name in both):
        found.append(("set_temperature", {name: before[name] for name in both}))
    return [(service, _as_flag(data)) for service, data in found]


def _as_flag(data: dict[str, Json]) -> dict[str, Json]:
    """A water heater shows "on" and "off" where its service wants true and false."""
    return {"away_mode": data["away_mode"] == "on"} if "away_mode" in data else data


def _plain(value: Json) -> Json:
    return list(value) if isinstance(value, tuple) else value


# --- domains -------------------------------------------------------------------------------------

_SETTERS: Mapping[str, Sequence[tuple[str, str, str]]] = {
    "fan": [
        ("percentage", "set_percentage", "percentage"), ("preset_mode", "set_preset_mode", "preset_mode"),
        ("oscillating", "oscillate", "oscillating"), ("direction", "set_direction", "direction"),
    ],
    "humidifier": [("humidity", "set_humidity", "humidity"), ("mode", "set_mode", "mode")],
    "climate": [
        ("preset_mode", "set_preset_mode", "preset_mode"), ("fan_mode", "set_fan_mode", "fan_mode"),
        ("swing_mode", "set_swing_mode", "swing_mode"), ("humidity", "set_humidity", "humidity"),
        ("temperature", "set_temperature", "temperature"),
        ("target_temp_high", "", ""), ("target_temp_low", "", ""),
    ],
    "cover": [
        ("current_tilt_position", "set_cover_tilt_position", "tilt_position"),
        ("current_position", "set_cover_position", "position"),
    ],
    "water_heater": [("temperature", "set_temperature", "temperature"), ("away_mode", "set_away_mode", "away_mode")],
    "media_player": [
        ("volume_level", "volume_set", "volume_level"), ("is_volume_muted", "volume_mute", "is_volume_muted"),
        ("source", "select_source", "source"), ("sound_mode", "select_sound_mode", "sound_mode"),
        ("shuffle", "shuffle_set", "shuffle"), ("repeat", "repeat_set", "repeat"),
    ],
    "vacuum": [("fan_speed", "set_fan_speed", "fan_speed")],
}  # fmt: skip
"""Attribute, the service that sets it, and that service's field; without a service it is set in another way."""


_ONLY_WHEN_ON = frozenset({"percentage", "preset_mode", "effect", "brightness"})
"""Setting these switches on what is off."""


def _switch(before: Kept) -> Sequence[Step]:
    return [("turn_off" if before["state"] == "off" else "turn_on", {})]


def _light(before: Kept) -> Sequence[Step]:
    if before["state"] == "off":
        return [("turn_off", {})]
    return [("turn_on", {name: value for name, value in before.items() if name != "state"})]


def _cover(before: Kept) -> Sequence[Step]:
    """By position where it has one."""
    if any(attribute in before for attribute, *_ in _SETTERS["cover"]):
        return []
    return [("close_cover" if before["state"] == "closed" else "open_cover", {})]


def _media(before: Kept) -> Sequence[Step]:
    state = before["state"]
    if state in ("off", "standby"):
        return [("turn_off", {})]
    then = {"playing": "media_play", "paused": "media_pause"}.get(state)
    return [("turn_on", {}), (then, {})] if then else [("turn_on", {})]


def _vacuum(before: Kept) -> Sequence[Step]:
    """On its base, at work, or stopped somewhere."""
    return [({"docked": "return_to_base", "cleaning": "start", "paused": "pause"}.get(before["state"], "stop"), {})]


def _calling(service: str, field: str) -> Callable[[Kept], Sequence[Step]]:
    """One service that takes the state itself."""
    return lambda before: [(service, {field: before["state"]})]


DOMAINS: Mapping[str, Callable[[Kept], Sequence[Step]]] = {
    "light": _light, "cover": _cover, "media_player": _media, "vacuum": _vacuum,
    "switch": _switch, "input_boolean": _switch, "fan": _switch, "humidifier": _switch, "siren": _switch,
    "climate": _calling("set_hvac_mode", "hvac_mode"),
    "water_heater": _calling("set_operation_mode", "operation_mode"),
    "number": _calling("set_value", "value"), "input_number": _calling("set_value", "value"),
    "text": _calling("set_value", "value"), "input_text": _calling("set_value", "value"),
    "date": _calling("set_value", "date"), "time": _calling("set_value", "time"),
    "datetime": _calling("set_value", "datetime"),
    "select": _calling("select_option", "option"), "input_select": _calling("select_option", "option"),
}  # fmt: skip
"""What can be put back, and how its state is."""
