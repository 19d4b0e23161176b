"""How frames travel: stdio, Streamable HTTP, and in memory for tests."""
