"""Other MCP servers, and the client that speaks to them."""
