// Runs on Node with the official TypeScript client: official_typescript.mjs MODULES MODE HOME PROGRAM [ARGUMENT...]
// Does one of everything and prints what came back as one line of JSON.

import { createRequire } from "node:module";

const [modules, mode, home, program, ...args] = process.argv.slice(2);
const require = createRequire(modules + "/");
const { Client } = require("@modelcontextprotocol/client");
const { StdioClientTransport, getDefaultEnvironment } = require("@modelcontextprotocol/client/stdio");

const client = new Client(
  { name: "typescript", version: "1" },
  { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: mode === "2026-07-28" ? { pin: mode } : mode } },
);
const questions = [];
client.setRequestHandler("elicitation/create", async ({ params }) => {
  questions.push({ message: params.message, fields: Object.keys(params.requestedSchema.properties).sort() });
  return { action: "accept", content: { name: "Ada" } };
});

const env = { ...getDefaultEnvironment(), MCP_AGENT_HOME: home };
await client.connect(new StdioClientTransport({ command: program, args, env }));

const { tools } = await client.listTools();
const { resources } = await client.listResources();
const { resourceTemplates } = await client.listResourceTemplates();
const { prompts } = await client.listPrompts();
const echoed = await client.callTool({ name: "echo", arguments: { text: "hällo ✓" } });
const refused = await client.callTool({ name: "echo", arguments: { txt: "hello" } });
const half = await client.callTool({ name: "ratio", arguments: { part: 1, whole: 2 } });
const infinite = await client.callTool({ name: "ratio", arguments: { part: 1, whole: 0 } });
const read = await client.readResource({ uri: "test://static-text" });
const made = await client.readResource({ uri: "test://template/42/data" });
const prompt = await client.getPrompt({ name: "test_prompt_with_arguments", arguments: { arg1: "one", arg2: "two" } });
const completion = await client.complete({
  ref: { type: "ref/prompt", name: "test_prompt_with_arguments" },
  argument: { name: "arg1", value: "par" },
});
const nothing = await client.complete({
  ref: { type: "ref/resource", uri: "test://template/{id}/data" },
  argument: { name: "id", value: "1" },
});
const asked = await client.callTool({ name: "ask", arguments: {} });

const outcome = {
  version: client.getNegotiatedProtocolVersion(),
  server: client.getServerVersion()?.name ?? null,
  echo_schema: tools.find((tool) => tool.name === "echo").inputSchema,
  tools: tools.map((tool) => tool.name).sort(),
  resources: resources.map((resource) => resource.uri),
  templates: resourceTemplates.map((template) => template.uriTemplate),
  prompts: prompts.map((one) => one.name),
  echo: echoed.content[0].text,
  refused: { is_error: refused.isError === true, text: refused.content[0].text },
  half: half.structuredContent,
  infinite: { is_error: infinite.isError === true, text: infinite.content[0].text },
  read: read.contents[0].text,
  made: JSON.parse(made.contents[0].text),
  prompt: prompt.messages[0].content.text,
  completion: completion.completion.values,
  no_completion: nothing.completion.values,
  asked: asked.content[0].text,
  questions,
};
await client.close();
process.stdout.write(JSON.stringify(outcome) + "\n");
