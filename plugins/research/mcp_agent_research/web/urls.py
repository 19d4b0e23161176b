"""What an address must look like before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcp_agent import ToolError

if TYPE_CHECKING:
    from yarl import URL

_LONGEST = 4000
_PLAIN = {"http": 80, "https": 443}


def read_url(text: str, base: URL | None = None) -> URL:
    """An absolute http(s) URL without credentials and fragment. It is read once: what is checked is what is used.

    ``base`` is where a redirect came from. Raises ToolError.
    """
    from yarl import URL

    text = text.strip()
    if len(text) > _LONGEST:
        raise ToolError(f"The address is longer than {_LONGEST} characters.")
    if any(ord(letter) <= 32 or ord(letter) == 127 or letter == "\\" for letter in text):
        raise _refused(text, "has a space, a control character or a backslash in it")
    try:
        url = URL(text) if base is None else base.join(URL(text))
        host, port = url.host, url.port
    except ValueError as error:
        raise _refused(text, f"cannot be read: {error}") from None
    if url.scheme not in _PLAIN:
        raise _refused(text, "does not begin with http:// or https://")
    if url.user is not None or url.password is not None or "@" in url.raw_authority:
        raise _refused(text, "has a name or password in it")
    if not host or port is None or port == 0:
        raise _refused(text, "has no host, or no port that can be")
    return url.with_fragment(None)


def canonical(text: str) -> str:
    """The same for two addresses of what is most likely the same page: for telling results apart, never to fetch."""
    from yarl import URL

    try:
        url = URL(text)
    except ValueError:
        return text
    host = (url.host or "").removeprefix("www.")
    query = sorted((key, value) for key, value in url.query.items() if not _is_tracking(key))
    return f"{host}{url.path.rstrip('/')}?{query}" if query else f"{host}{url.path.rstrip('/')}"


def _is_tracking(key: str) -> bool:
    return key.startswith("utm_") or key in {"gclid", "fbclid", "msclkid", "mc_cid", "mc_eid", "igshid", "ref_src"}


def _refused(text: str, why: str) -> ToolError:
    return ToolError(f"{text[:200]!r} {why}, so it is not fetched.", hint="Give a plain http or https address.")
