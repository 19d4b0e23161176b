"""The MCP engine: JSON-RPC, the five revisions, their methods. Knows no transport and no plugin.

Start reading at ``server.py``; what a revision allows is data in ``revisions.py`` and ``methods.py``.
"""
