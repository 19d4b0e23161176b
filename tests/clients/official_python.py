"""Runs in the official Python SDK's own environment: ``official_python.py MODE HOME PROGRAM [ARGUMENT...]``.

Does one of everything and prints what came back as one line of JSON.
"""

import asyncio
import json
import sys

from mcp import Client, StdioServerParameters
from mcp.types import ElicitResult, PromptReference, ResourceTemplateReference


async def main(mode, home, program, arguments):
    questions = []

    async def answer(context, params):
        questions.append({"message": params.message, "fields": sorted(params.requested_schema["properties"])})
        return ElicitResult(action="accept", content={"name": "Ada"})

    parameters = StdioServerParameters(command=program, args=arguments, env={"MCP_AGENT_HOME": home})
    async with Client(parameters, mode=mode, elicitation_callback=answer) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        resources = await client.list_resources()
        templates = await client.list_resource_templates()
        prompts = await client.list_prompts()
        echoed = await client.call_tool("echo", {"text": "hällo ✓"})
        refused = await client.call_tool("echo", {"txt": "hello"})
        half = await client.call_tool("ratio", {"part": 1, "whole": 2})
        infinite = await client.call_tool("ratio", {"part": 1, "whole": 0})
        read = await client.read_resource("test://static-text")
        made = await client.read_resource("test://template/42/data")
        prompt = await client.get_prompt("test_prompt_with_arguments", {"arg1": "one", "arg2": "two"})
        reference = PromptReference(type="ref/prompt", name="test_prompt_with_arguments")
        completion = await client.complete(reference, {"name": "arg1", "value": "par"})
        template = ResourceTemplateReference(type="ref/resource", uri="test://template/{id}/data")
        nothing = await client.complete(template, {"name": "id", "value": "1"})
        asked = await client.call_tool("ask", {})
        return {
            "version": client.protocol_version,
            "server": client.server_info.name if client.server_info else None,
            "echo_schema": tools["echo"].input_schema,
            "tools": sorted(tools),
            "resources": [str(resource.uri) for resource in resources.resources],
            "templates": [template.uri_template for template in templates.resource_templates],
            "prompts": [prompt.name for prompt in prompts.prompts],
            "echo": echoed.content[0].text,
            "refused": {"is_error": refused.is_error, "text": refused.content[0].text},
            "half": half.structured_content,
            "infinite": {"is_error": infinite.is_error, "text": infinite.content[0].text},
            "read": read.contents[0].text,
            "made": json.loads(made.contents[0].text),
            "prompt": prompt.messages[0].content.text,
            "completion": completion.completion.values,
            "no_completion": nothing.completion.values,
            "asked": asked.content[0].text,
            "questions": questions,
        }


if __name__ == "__main__":
    mode, home, program, *arguments = sys.argv[1:]
    sys.stdout.write(json.dumps(asyncio.run(main(mode, home, program, arguments))) + "\n")
