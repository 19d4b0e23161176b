"""AI assistants on this machine, and the files in which they keep the MCP servers they start."""
