"""``python -m mcp_agent`` is ``mcp-agent``."""

import sys

from mcp_agent.cli import main

sys.exit(main())
