"""``mcp-agent serve``: one MCP server on stdio."""

from __future__ import annotations

import asyncio


def run(argv: list[str]) -> int:
    from mcp_agent.transports import stdio

    modules = [argv[i + 1] for i, a in enumerate(argv) if a == "--plugin"]
    inward, outward = stdio.take_stdio()

    async def main() -> None:
        from mcp_agent.host import Host

        async with Host(modules=modules) as host:
            await stdio.serve(host.server, inward, outward, max_line=host.config.limits.message_bytes)

    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
    return 0
