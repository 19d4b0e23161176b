"""Clients that other people wrote drive ``mcp-agent serve`` as an assistant would."""
