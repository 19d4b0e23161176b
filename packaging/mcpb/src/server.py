"""What a desktop program starts: the server on stdin and stdout."""

from mcp_agent.cli import main

raise SystemExit(main(["serve"]))
