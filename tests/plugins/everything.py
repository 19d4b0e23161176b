"""A plugin that offers one of everything."""

from mcp_agent import Context, PluginInfo, hookimpl, tool


@hookimpl
def mcp_agent_info():
    return PluginInfo(prefix="")


@tool(effect="read")
async def echo(text: str) -> str:
    """Give the text back."""
    return text


@tool(effect="read")
async def ask(ctx: Context) -> str:
    """Ask for a name."""
    a = await ctx.elicit(
        "Name?",
        {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
        key="user_name",
    )
    return f"Hello {a.content['name']}"


@hookimpl
def mcp_agent_tools():
    return [echo, ask]
