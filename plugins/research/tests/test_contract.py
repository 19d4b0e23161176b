"""The contract of plugins, held by this one without any network."""

from __future__ import annotations

from typing import Any, ClassVar

from mcp_agent.testing import PluginContract

OFFLINE: dict[str, Any] = {
    "engines": {"wikipedia": "", "brave": ""},
    "papers": {"openalex": "", "arxiv": "", "crossref": "", "doi": ""},
}
"""Settings with which nothing beyond this machine is asked."""


class TestContract(PluginContract):
    module = "mcp_agent_research"
    settings = OFFLINE
    examples: ClassVar = {
        "research_search": {"query": "how are quotes checked"},
        "research_local": {"query": "how are quotes checked", "limit": 2},
        "research_read_source": {"source": 1},
        "research_sources": {},
        "research_index_documents": {},
        "research_verify": {"text": "Quotes are whole: “Nothing may be left out in the middle” [S1]."},
        "research_start": {"question": "how are quotes checked", "pages": 0},
        "research_status": {},
    }
