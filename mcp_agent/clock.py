"""The machine's own time."""

from __future__ import annotations

import time as machine


class SystemClock:
    """The Clock of everything that is no test. Every call looks at it a few times: nothing stands in between."""

    time = staticmethod(machine.time)
    monotonic = staticmethod(machine.monotonic)
