"""The routing engine Valhalla, an extra: in a process of its own, over tiles of its own made from the same extract."""
