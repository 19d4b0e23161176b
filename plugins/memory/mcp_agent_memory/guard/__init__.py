"""Secrets that somebody dictates as facts: recognised by their shape, never kept here."""

from __future__ import annotations

from mcp_agent_memory.guard.shapes import Found as Found
from mcp_agent_memory.guard.shapes import find_secrets as find_secrets
from mcp_agent_memory.guard.shapes import masked as masked
