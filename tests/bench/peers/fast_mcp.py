"""The echo server as FastMCP's documentation would write it."""

from fastmcp import FastMCP

server = FastMCP("echo")


@server.tool
async def echo(text: str) -> str:
    """Give the text back."""
    return text


if __name__ == "__main__":
    server.run("stdio", show_banner=False, log_level="ERROR")
