"""Sensors of the simulated home: functions of the time, so that there is a past without anybody having written it."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Mapping

from msgspec import Struct

from mcp_agent_smart_home.home import Json

STEP = 900.0
"""Seconds between two readings."""
_DAY = 86400.0
_METER_FROM = 1_735_689_600.0
"""2025-01-01: when the energy meter was at 0."""


class Sense(Struct, frozen=True):
    """A sensor: ``read(at)`` gives its state at a time that is a multiple of STEP."""

    name: str
    area_id: str | None
    attributes: dict[str, Json]
    read: Callable[[float], str]


def reading_at(at: float) -> float:
    """When the reading was taken that holds at this time."""
    return at - at % STEP


def _noise(name: str, at: float) -> float:
    """From -1 to 1, the same for the same sensor and time."""
    return zlib.crc32(f"{name} {at:.0f}".encode()) / 2**31 - 1


def _wave(name: str, middle: float, swing: float, warmest_hour: float, rough: float) -> Callable[[float], str]:
    def read(at: float) -> str:
        turn = math.cos((at / _DAY - warmest_hour / 24) * math.tau)
        return f"{middle + swing * turn + rough * _noise(name, at):.1f}"

    return read


def _motion(name: str, rarely: int) -> Callable[[float], str]:
    def read(at: float) -> str:
        awake = 6 <= at % _DAY / 3600 < 23
        return "on" if awake and zlib.crc32(f"{name} {at:.0f}".encode()) % rarely == 0 else "off"

    return read


def _watts(at: float) -> float:
    return 380 + 250 * math.cos((at / _DAY - 19 / 24) * math.tau)


def _kilowatt_hours(at: float) -> str:
    """What the power above comes to, so that it always grows."""
    hours = (at - _METER_FROM) / 3600
    swing = 250 * 24 / math.tau * math.sin((at / _DAY - 19 / 24) * math.tau)
    return f"{(380 * hours + swing) / 1000 + 1:.2f}"


def _measured(device_class: str, unit: str) -> dict[str, Json]:
    return {"device_class": device_class, "unit_of_measurement": unit, "state_class": "measurement"}


_TEMPERATURE = _measured("temperature", "°C")
_HUMIDITY = _measured("humidity", "%")

SENSES: Mapping[str, Sense] = {
    "sensor.outside_temperature": Sense(
        "Outside Temperature", "garden", _TEMPERATURE, _wave("outside", 9.0, 4.5, 15, 0.4)),
    "sensor.living_room_temperature": Sense(
        "Living Room Temperature", "living_room", _TEMPERATURE, _wave("living", 20.8, 0.7, 20, 0.2)),
    "sensor.bedroom_temperature": Sense(
        "Bedroom Temperature", "bedroom", _TEMPERATURE, _wave("bedroom", 18.4, 0.6, 21, 0.2)),
    "sensor.bathroom_humidity": Sense("Bathroom Humidity", "bathroom", _HUMIDITY, _wave("bath", 58, 12, 7, 3)),
    "sensor.power": Sense("Power", None, _measured("power", "W"), lambda at: f"{_watts(at):.0f}"),
    "sensor.energy": Sense(
        "Energy", None, {"device_class": "energy", "unit_of_measurement": "kWh", "state_class": "total_increasing"},
        _kilowatt_hours),
    "sensor.front_door_battery": Sense(
        "Front Door Lock Battery", "hallway", _measured("battery", "%"), lambda at: "14"),
    "sensor.bedroom_thermostat_battery": Sense(
        "Bedroom Thermostat Battery", "bedroom", _measured("battery", "%"), lambda at: "76"),
    "binary_sensor.hallway_motion": Sense(
        "Hallway Motion", "hallway", {"device_class": "motion"}, _motion("hallway", 4)),
    "binary_sensor.garden_motion": Sense("Garden Motion", "garden", {"device_class": "motion"}, _motion("garden", 9)),
}  # fmt: skip
