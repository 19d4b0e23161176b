"""What services do to the things of the simulated home."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from mcp_agent import ToolError
from mcp_agent_smart_home.home import Json

Attributes = dict[str, Json]
Effect = Callable[[str, Attributes, Mapping[str, Json]], tuple[str, Attributes]]
"""Takes state, attributes and data; gives the new state and attributes. It may change the attributes it was given."""


class Number(Struct, frozen=True):
    """A field that takes numbers in these bounds."""

    low: float
    high: float

    def check(self, name: str, value: Json) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float) or not self.low <= value <= self.high:
            raise ToolError(f"{name} must be a number from {self.low:g} to {self.high:g}, not {value!r}.")


class Text(Struct, frozen=True):
    def check(self, name: str, value: Json) -> None:
        if not isinstance(value, str):
            raise ToolError(f"{name} must be text, not {value!r}.")


class Flag(Struct, frozen=True):
    def check(self, name: str, value: Json) -> None:
        if not isinstance(value, bool):
            raise ToolError(f"{name} must be true or false, not {value!r}.")


class Colour(Struct, frozen=True):
    def check(self, name: str, value: Json) -> None:
        parts = value if isinstance(value, list) else []
        if len(parts) != 3 or not all(isinstance(part, int) and 0 <= part <= 255 for part in parts):
            raise ToolError(f"{name} must be three numbers from 0 to 255, not {value!r}.")


class Service(Struct, frozen=True):
    """``required`` names fields that must be there."""

    description: str
    effect: Effect
    fields: Mapping[str, Any] = {}
    required: tuple[str, ...] = ()

    def check(self, name: str, data: Mapping[str, Json]) -> None:
        """Raises ToolError for data that it does not take."""
        for key in self.required:
            if key not in data:
                raise ToolError(f"{name} needs {key}.")
        for key, value in data.items():
            if key not in self.fields:
                raise ToolError(f"{name} does not take {key}.", hint=f"It takes {', '.join(self.fields) or 'nothing'}.")
            self.fields[key].check(key, value)


def _to(state: str) -> Effect:
    return lambda _, attributes, data: (state, {**attributes, **data})


def _flip(state: str, attributes: Attributes, data: Mapping[str, Json]) -> tuple[str, Attributes]:
    return ("off" if state == "on" else "on"), attributes


def _keep(state: str, attributes: Attributes, data: Mapping[str, Json]) -> tuple[str, Attributes]:
    return state, {**attributes, **data}


def _light_on(state: str, attributes: Attributes, data: Mapping[str, Json]) -> tuple[str, Attributes]:
    mode = attributes["supported_color_modes"][0]
    wanted = dict(data)
    if "brightness_pct" in wanted:
        wanted["brightness"] = round(wanted.pop("brightness_pct") * 255 / 100)
    if wanted.get("brightness") == 0:
        return _light_off(state, attributes, data)
    start: Attributes = {"color_mode": mode}
    if mode != "onoff":
        start["brightness"] = 255
    if mode == "color_temp":
        start["color_temp_kelvin"] = 2700
    if mode == "rgb":
        start["rgb_color"] = [255, 244, 229]
    possible = {key: value for key, value in wanted.items() if key in start}
    return "on", {**start, **attributes, **possible}


def _light_off(state: str, attributes: Attributes, data: Mapping[str, Json]) -> tuple[str, Attributes]:
    lit = ("brightness", "color_mode", "color_temp_kelvin", "rgb_color")
    return "off", {key: value for key, value in attributes.items() if key not in lit}


def _light_flip(state: str, attributes: Attributes, data: Mapping[str, Json]) -> tuple[str, Attributes]:
    return (_light_off if state == "on" else _light_on)(state, attributes, data)


def _fan(state: str, attributes: Attributes, data: Mapping[str, Json]) -> tuple[str, Attributes]:
    speed = data.get("percentage", 100)
    return ("on" if speed else "off"), {**attributes, "percentage": speed}


def _fan_flip(state: str, attributes: Attributes, data: Mapping[str, Json]) -> tuple[str, Attributes]:
    return _fan(state, attributes, {"percentage": 0 if state == "on" else 100})


def _position(position: int) -> Effect:
    def move(state: str, attributes: Attributes, data: Mapping[str, Json]) -> tuple[str, Attributes]:
        now = data.get("position", position)
        if "current_position" in attributes:
            attributes["current_position"] = now
        return ("open" if now else "closed"), attributes

    return move


def _thermostat(state: str, attributes: Attributes, data: Mapping[str, Json]) -> tuple[str, Attributes]:
    for key, possible in (("hvac_mode", "hvac_modes"), ("preset_mode", "preset_modes")):
        if key in data and data[key] not in attributes[possible]:
            raise ToolError(
                f"{key} {data[key]!r} is not possible.", hint=f"It takes {', '.join(attributes[possible])}."
            )
    rest = {key: value for key, value in data.items() if key != "hvac_mode"}
    return data.get("hvac_mode", state), {**attributes, **rest}


def _source(state: str, attributes: Attributes, data: Mapping[str, Json]) -> tuple[str, Attributes]:
    if data["source"] not in attributes["source_list"]:
        raise ToolError(f"There is no source {data['source']!r}.", hint=", ".join(attributes["source_list"]))
    return state, {**attributes, **data}


_PERCENT = Number(0, 100)
_LIGHT = {
    "brightness": Number(0, 255), "brightness_pct": _PERCENT, "color_temp_kelvin": Number(2000, 6500),
    "rgb_color": Colour(), "transition": Number(0, 300),
}  # fmt: skip
_NEW_ITEM = {"item": Text(), "due_date": Text(), "due_datetime": Text(), "description": Text()}
_CODE = {"code": Text()}


def _without_code(effect: str) -> Effect:
    return lambda _, attributes, data: (effect, attributes)


_ON, _OFF = Service("Switch on.", _to("on")), Service("Switch off.", _to("off"))
_SWITCH = {"turn_on": _ON, "turn_off": _OFF, "toggle": Service("Switch over.", _flip)}

SERVICES: Mapping[str, Mapping[str, Service]] = {
    "light": {
        "turn_on": Service("Switch on, and set how it shines.", _light_on, _LIGHT),
        "turn_off": Service("Switch off.", _light_off, {"transition": Number(0, 300)}),
        "toggle": Service("Switch over.", _light_flip),
    },
    "switch": _SWITCH,
    "input_boolean": _SWITCH,
    "fan": {
        "turn_on": Service("Switch on.", _fan, {"percentage": _PERCENT}),
        "turn_off": Service("Switch off.", lambda state, attributes, data: _fan(state, attributes, {"percentage": 0})),
        "toggle": Service("Switch over.", _fan_flip),
        "set_percentage": Service("Set the speed.", _fan, {"percentage": _PERCENT}, ("percentage",)),
    },
    "cover": {
        "open_cover": Service("Open.", _position(100)),
        "close_cover": Service("Close.", _position(0)),
        "set_cover_position": Service("Move to a position.", _position(0), {"position": _PERCENT}, ("position",)),
    },
    "climate": {
        "set_temperature": Service(
            "Set the temperature to reach.", _thermostat, {"temperature": Number(7, 30), "hvac_mode": Text()}),
        "set_hvac_mode": Service("Set the mode.", _thermostat, {"hvac_mode": Text()}, ("hvac_mode",)),
        "set_preset_mode": Service("Choose a preset.", _thermostat, {"preset_mode": Text()}, ("preset_mode",)),
    },
    "media_player": {
        "turn_on": _ON, "turn_off": _OFF,
        "media_play": Service("Play.", _to("playing")),
        "media_pause": Service("Pause.", _to("paused")),
        "volume_set": Service("Set the volume.", _keep, {"volume_level": Number(0, 1)}, ("volume_level",)),
        "volume_mute": Service("Mute or not.", _keep, {"is_volume_muted": Flag()}, ("is_volume_muted",)),
        "select_source": Service("Choose what plays.", _source, {"source": Text()}, ("source",)),
    },
    "vacuum": {
        "start": Service("Clean.", _to("cleaning")),
        "pause": Service("Stop where it is.", _to("paused")),
        "return_to_base": Service("Go home.", _to("docked")),
    },
    "lock": {
        "lock": Service("Lock.", _without_code("locked"), _CODE),
        "unlock": Service("Unlock.", _without_code("unlocked"), _CODE),
    },
    "valve": {"open_valve": Service("Open.", _to("open")), "close_valve": Service("Close.", _to("closed"))},
    "alarm_control_panel": {
        "alarm_arm_away": Service("Arm.", _without_code("armed_away"), _CODE),
        "alarm_arm_home": Service("Arm for a night at home.", _without_code("armed_home"), _CODE),
        "alarm_disarm": Service("Disarm.", _without_code("disarmed"), _CODE),
    },
    "button": {"press": Service("Press.", lambda state, attributes, data: (state, attributes))},
    "automation": {
        "turn_on": _ON, "turn_off": _OFF,
        "trigger": Service("Run its actions now.", lambda state, attributes, data: (state, attributes)),
    },
    "scene": {"turn_on": Service("Apply it.", lambda state, attributes, data: (state, attributes))},
    "todo": {
        "get_items": Service("The items.", _keep, {"status": Text()}),
        "add_item": Service("Add an item.", _keep, _NEW_ITEM, ("item",)),
        "update_item": Service("Change an item.", _keep, {"item": Text(), "status": Text()}, ("item",)),
        "remove_item": Service("Remove an item.", _keep, {"item": Text()}, ("item",)),
    },
    "calendar": {
        "get_events": Service("Events.", _keep, {"start_date_time": Text(), "end_date_time": Text()}),
    },
}  # fmt: skip
"""By domain and name. What goes on inside an automation, a scene, a list or a calendar is the home's to do."""
