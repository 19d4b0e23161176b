"""The least that can be done: read, decode, answer. No checks, no concurrency, no protocol. The load's ceiling."""

import os

import msgspec


class Request(msgspec.Struct):
    method: str
    id: int | None = None
    params: msgspec.Raw = msgspec.Raw(b"{}")


class Arguments(msgspec.Struct):
    text: str


class Call(msgspec.Struct):
    arguments: Arguments


decode, decode_call = msgspec.json.Decoder(Request).decode, msgspec.json.Decoder(Call).decode
encode = msgspec.json.encode

OPENING = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": {"name": "b", "version": "0"}}
TOOLS = {"tools": [{"name": "echo", "inputSchema": {"type": "object"}}]}


def answer(request: Request) -> object:
    if request.method == "tools/call":
        text = decode_call(request.params).arguments.text
        return {"content": [{"type": "text", "text": text}]}
    return OPENING if request.method == "initialize" else TOOLS


rest = b""
while data := os.read(0, 1 << 16):
    *lines, rest = (rest + data).split(b"\n")
    answers = [
        encode({"jsonrpc": "2.0", "id": request.id, "result": answer(request)})
        for request in map(decode, lines)
        if request.id is not None
    ]
    os.write(1, b"".join(line + b"\n" for line in answers))
