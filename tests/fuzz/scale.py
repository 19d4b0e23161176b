"""How much to fuzz: a little in every test run; ``MCP_AGENT_FUZZ=200000`` for all that the project promises."""

from __future__ import annotations

import os

FRAMES = int(os.environ.get("MCP_AGENT_FUZZ", "20000"))
SEED = int(os.environ.get("MCP_AGENT_FUZZ_SEED", "20260728"))

HTTP = FRAMES // 2
PROCESS = min(FRAMES // 20, 10_000)
STDIO = FRAMES - HTTP - PROCESS
