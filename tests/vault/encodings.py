"""Every form in which a secret may leave, made and undone independently of the code under test."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator
from urllib.parse import quote, quote_plus, unquote_plus, unquote_to_bytes

from hypothesis import strategies as st

ESCAPE = re.compile(r"""\\(?:u[0-9a-fA-F]{4}|["'\\/bfnrt])""")
REFERENCE = re.compile(rb"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);")
BASE64_RUN = re.compile(rb"[A-Za-z0-9+/_-]+")
HEX_RUN = re.compile(rb"[0-9a-fA-F]{2,}")


@st.composite
def in_url(draw: st.DrawFn, text: str) -> str:
    """Any mix of characters as they are and ``%XX`` in either case, blanks perhaps as ``+``."""
    plus = draw(st.booleans())
    parts = []
    for char in text:
        if plus and char == " ":
            parts.append("+")
        elif char == "%" or (plus and char == "+") or draw(st.booleans()):
            parts.append("".join(draw(st.sampled_from([f"%{byte:02x}", f"%{byte:02X}"])) for byte in char.encode()))
        else:
            parts.append(char)
    return "".join(parts)


@st.composite
def in_json(draw: st.DrawFn, text: str) -> str:
    """Any mix of characters as they are and escapes of each kind that JSON has."""
    parts = []
    for char in text:
        units = char.encode("utf-16-be")
        numbers = [units[at : at + 2].hex() for at in range(0, len(units), 2)]
        ways = ["".join(f"\\u{draw(st.sampled_from([one, one.upper()]))}" for one in numbers)]
        if char in '"\\' or char < " ":
            ways.append(json.dumps(char)[1:-1])
        else:
            ways.append("\\/" if char == "/" else char)
            ways.append(char)
        parts.append(draw(st.sampled_from(ways)))
    return "".join(parts)


@st.composite
def in_xml(draw: st.DrawFn, text: str) -> str:
    """Any mix of characters as they are, but for what XML must escape, and references of each kind that it has."""
    parts = []
    for char in text:
        ways = [f"&#{ord(char)};", f"&#x{ord(char):x};", f"&#X{ord(char):04X};", html.escape(char)]
        parts.append(draw(st.sampled_from(ways)))
    return "".join(parts)


@st.composite
def in_base64(draw: st.DrawFn, text: str) -> str:
    """Coded together with any bytes before and after, in either alphabet, with or without padding."""
    data = draw(st.binary(max_size=5)) + text.encode() + draw(st.binary(max_size=5))
    coded = draw(st.sampled_from([base64.b64encode, base64.urlsafe_b64encode]))(data).decode()
    return coded.rstrip("=") if draw(st.booleans()) else coded


@st.composite
def in_hex(draw: st.DrawFn, text: str) -> str:
    coded = text.encode().hex()
    return coded.upper() if draw(st.booleans()) else coded


@st.composite
def embedded(draw: st.DrawFn, text: str) -> str:
    """A form of the text, then up to two encodings of it together with what surrounds it."""
    kind = draw(st.sampled_from([st.just, in_url, in_json, in_xml, in_base64, in_hex]))
    found = draw(kind(text))
    for _ in range(draw(st.integers(0, 2))):
        found = draw(st.sampled_from(["{", "say: ", "é\n"])) + found + draw(st.sampled_from(["}", " ", '"\\']))
        wrap = draw(
            st.sampled_from([json.dumps, lambda t: json.dumps(t, ensure_ascii=False), quote, quote_plus, html.escape])
        )
        found = wrap(found)
    return found


def shows(data: bytes, value: str, depth: int = 4) -> bool:
    """Whether somebody who undoes these encodings finds the value in there."""
    wanted = value.encode()
    seen, texts = {data}, [data]
    for text in texts:
        if wanted in text or any(wanted in plain for plain in _decoded(text)):
            return True
        if len(texts) < 2**depth:
            for deeper in (_json(text), unquote_to_bytes(text), _plus(text), _xml(text)):
                if deeper not in seen:
                    seen.add(deeper)
                    texts.append(deeper)
    return False


def _decoded(text: bytes) -> Iterator[bytes]:
    for run in HEX_RUN.findall(text):
        for at in (0, 1):
            yield bytes.fromhex(run[at : at + (len(run) - at) // 2 * 2].decode())
    for run in BASE64_RUN.findall(text):
        for at in range(4):
            part = run[at:].translate(bytes.maketrans(b"-_", b"+/"))
            part += b"A" if len(part) % 4 == 1 else b""
            yield base64.b64decode(part + b"=" * (-len(part) % 4))


def _character(escape: re.Match[str]) -> str:
    character: str = "'" if escape[0] == "\\'" else json.loads(f'"{escape[0]}"')  # Python writes that one
    return character


def _json(data: bytes) -> bytes:
    text = ESCAPE.sub(_character, data.decode(errors="surrogateescape"))
    if any("\ud800" <= char <= "\udfff" for char in text):  # pairs of escapes become one character
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
        return text.encode(errors="surrogatepass")
    return text.encode()


def _xml(data: bytes) -> bytes:
    def character(found: re.Match[bytes]) -> bytes:
        said = found[0][1:-1].decode()
        if not said.startswith("#"):
            return html.unescape(f"&{said};").encode()
        number = int(said[2:], 16) if said[1] in "xX" else int(said[1:])
        return chr(number).encode(errors="surrogatepass") if number < 0x110000 else found[0]

    return REFERENCE.sub(character, data)


def _plus(data: bytes) -> bytes:
    return unquote_plus(data.decode("latin-1"), "latin-1").encode("latin-1")
