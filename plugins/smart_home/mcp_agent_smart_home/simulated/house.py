"""The simulated home as it is when nobody has touched it yet. Data only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from mcp_agent_smart_home.home import Area, Json

AREAS: Mapping[str, Area] = {
    area.area_id: area
    for area in (
        Area(area_id="living_room", name="Living Room", floor="Ground floor", aliases=("Lounge",)),
        Area(area_id="kitchen", name="Kitchen", floor="Ground floor"),
        Area(area_id="hallway", name="Hallway", floor="Ground floor", aliases=("Entrance",)),
        Area(area_id="garage", name="Garage", floor="Ground floor"),
        Area(area_id="garden", name="Garden", floor=None, aliases=("Outside",)),
        Area(area_id="bedroom", name="Bedroom", floor="Upper floor"),
        Area(area_id="bathroom", name="Bathroom", floor="Upper floor"),
        Area(area_id="office", name="Office", floor="Upper floor", aliases=("Study",)),
    )
}


class Thing(Struct, frozen=True):
    """An entity at the start. ``past`` are the changes of the day before, as (hours ago, state)."""

    entity_id: str
    name: str
    area_id: str | None
    state: str
    attributes: dict[str, Json] = {}
    labels: tuple[str, ...] = ()
    past: Sequence[tuple[float, str]] = ()


_EVENING = ((20.0, "off"), (6.0, "on"), (2.0, "off"))
_MORNING = ((16.0, "on"), (15.0, "off"))
_DIM: dict[str, Any] = {"supported_color_modes": ["brightness"]}
_WHITE: dict[str, Any] = {
    "supported_color_modes": ["color_temp"], "min_color_temp_kelvin": 2000, "max_color_temp_kelvin": 6500
}  # fmt: skip
_COLOUR: dict[str, Any] = {"supported_color_modes": ["rgb"]}


def _heater(temperature: float) -> dict[str, Json]:
    return {
        "hvac_modes": ["off", "heat", "cool", "auto"], "temperature": temperature, "min_temp": 7, "max_temp": 30,
        "preset_modes": ["comfort", "eco", "away"], "preset_mode": "comfort",
    }  # fmt: skip


THINGS: Sequence[Thing] = (
    Thing("light.living_room_ceiling", "Living Room Ceiling", "living_room", "off", _WHITE, past=_EVENING),
    Thing("light.reading_lamp", "Reading Lamp", "living_room", "on",
          {**_DIM, "brightness": 140, "color_mode": "brightness"}, ("evening",), ((20.0, "off"), (1.0, "on"))),
    Thing("light.kitchen_worktop", "Kitchen Worktop", "kitchen", "off", _DIM, past=_MORNING),
    Thing("light.kitchen_ceiling", "Kitchen Ceiling", "kitchen", "off", _DIM, past=_EVENING),
    Thing("light.hallway", "Hallway Light", "hallway", "off", _DIM, ("evening",), _EVENING),
    Thing("light.bedroom_bedside", "Bedside Lamp", "bedroom", "off", _COLOUR, past=_MORNING),
    Thing("light.office_desk", "Desk Lamp", "office", "off", _WHITE, past=((9.0, "on"), (4.0, "off"))),
    Thing("light.garden_path", "Garden Path", "garden", "off", {"supported_color_modes": ["onoff"]}, ("evening",),
          _EVENING),
    Thing("light.garage", "Garage Light", "garage", "off", {"supported_color_modes": ["onoff"]}),
    Thing("switch.coffee_machine", "Coffee Machine", "kitchen", "off", {"device_class": "outlet"}, past=_MORNING),
    Thing("switch.pond_pump", "Pond Pump", "garden", "on", {"device_class": "outlet"}),
    Thing("fan.bathroom", "Bathroom Fan", "bathroom", "off", {"percentage": 0}),
    Thing("cover.living_room_blind", "Living Room Blind", "living_room", "open",
          {"device_class": "blind", "current_position": 100}),
    Thing("cover.bedroom_curtain", "Bedroom Curtain", "bedroom", "closed",
          {"device_class": "curtain", "current_position": 0}),
    Thing("cover.garage_door", "Garage Door", "garage", "closed", {"device_class": "garage"},
          past=((10.0, "open"), (9.9, "closed"))),
    Thing("climate.living_room", "Living Room Thermostat", "living_room", "heat", _heater(21.0)),
    Thing("climate.bedroom", "Bedroom Thermostat", "bedroom", "heat", _heater(18.0)),
    Thing("lock.front_door", "Front Door", "hallway", "locked", past=((10.0, "unlocked"), (9.8, "locked"))),
    Thing("lock.garden_door", "Garden Door", "kitchen", "locked"),
    Thing("alarm_control_panel.home", "Home Alarm", "hallway", "disarmed"),
    Thing("valve.garden_water", "Garden Water", "garden", "closed"),
    Thing("media_player.living_room_tv", "Living Room TV", "living_room", "off",
          {"device_class": "tv", "source_list": ["TV", "HDMI 1", "Radio"]}, past=_EVENING),
    Thing("media_player.kitchen_radio", "Kitchen Radio", "kitchen", "playing",
          {"device_class": "speaker", "volume_level": 0.3, "is_volume_muted": False, "source": "Radio",
           "source_list": ["Radio", "Bluetooth"]}),
    Thing("vacuum.downstairs", "Robot Vacuum", None, "docked", {"battery_level": 100}),
    Thing("camera.front_door", "Front Door Camera", "hallway", "idle"),
    Thing("input_boolean.guests", "Guests", None, "off"),
    Thing("button.doorbell_chime", "Doorbell Chime", "hallway", "unknown"),
    Thing("person.anna", "Anna", None, "home", past=((10.0, "not_home"), (2.0, "home"))),
    Thing("todo.shopping", "Shopping", None, "2"),
    Thing("calendar.family", "Family", None, "off"),
    Thing("binary_sensor.bathroom_leak", "Bathroom Leak", "bathroom", "off", {"device_class": "moisture"}),
    Thing("binary_sensor.kitchen_window", "Kitchen Window", "kitchen", "on", {"device_class": "window"},
          past=((20.0, "off"), (0.5, "on"))),
)  # fmt: skip

TODO: Sequence[tuple[str, str, str]] = (
    ("milk", "Milk", "needs_action"), ("bulbs", "Light bulbs E27", "needs_action"), ("coffee", "Coffee", "completed")
)  # fmt: skip
"""Items of the list as (uid, summary, status)."""

EVENTS: Sequence[tuple[str, float, float]] = (
    ("Bin collection", 20.0, 20.5), ("Chimney sweep", 44.0, 45.0), ("Anna: choir", 53.0, 55.0)
)  # fmt: skip
"""Events of the calendar as (summary, begins in hours, ends in hours)."""

SCENES: Mapping[str, Json] = {
    "evening": {
        "id": "evening", "name": "Evening",
        "entities": {
            "light.living_room_ceiling": {"state": "off"},
            "light.reading_lamp": {"state": "on", "brightness": 90},
            "cover.living_room_blind": {"state": "closed", "current_position": 0},
        },
    },
    "leaving": {
        "id": "leaving", "name": "Leaving",
        "entities": {"light.hallway": {"state": "off"}, "lock.front_door": {"state": "locked"}},
    },
}  # fmt: skip

AUTOMATIONS: Mapping[str, Json] = {
    "hallway_at_night": {
        "id": "hallway_at_night", "alias": "Hallway at night",
        "trigger": [{"platform": "state", "entity_id": "binary_sensor.hallway_motion", "to": "on"}],
        "condition": [],
        "action": [{"service": "light.turn_on", "target": {"entity_id": "light.hallway"}, "data": {"brightness": 60}}],
        "mode": "single",
    },
}  # fmt: skip
