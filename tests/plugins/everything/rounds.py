"""Tools that ask, in the words of the scenarios for multi-round-trip requests."""

from __future__ import annotations

from mcp_agent import ROOTS, Context, elicitation, sampling, tool
from tests.plugins.everything.asking import form

_NAME = form(name={"type": "string"})
_OK = form(ok={"type": "boolean"})


@tool(effect="read")
async def test_input_required_result_elicitation(ctx: Context) -> str:
    """Ask for a name and greet."""
    answer = await ctx.elicit("What is your name?", _NAME, key="user_name")
    return f"Hello, {answer.content['name']}!" if answer.accepted else "Hello, whoever you are!"


@tool(effect="read")
async def test_input_required_result_sampling(ctx: Context) -> str:
    """Ask the client's model."""
    sample = await ctx.sample("What is the capital of France?", max_tokens=100, key="capital_question")
    return sample.text


@tool(effect="read")
async def test_input_required_result_list_roots(ctx: Context) -> str:
    """Ask for the client's folders."""
    roots = await ctx.roots(key="client_roots")
    return "Roots: " + ", ".join(root.uri for root in roots)


@tool(effect="read")
async def test_input_required_result_request_state(ctx: Context) -> str:
    """Ask for a confirmation; the state that came back is checked before this runs again."""
    await ctx.elicit("Please confirm", _OK, key="confirm")
    return "state-ok"


@tool(effect="read")
async def test_input_required_result_tampered_state(ctx: Context) -> str:
    """Ask for a confirmation; state that was tampered with is refused."""
    await ctx.elicit("Please confirm", _OK, key="confirm")
    return "state-ok"


@tool(effect="read")
async def test_input_required_result_multiple_inputs(ctx: Context) -> str:
    """Ask three things at once."""
    answers = await ctx.ask(
        {
            "user_name": elicitation("What is your name?", _NAME),
            "greeting": sampling("Generate a greeting", 50),
            "client_roots": ROOTS,
        }
    )
    return f"Got {', '.join(answers)}."


@tool(effect="read")
async def test_input_required_result_multi_round(ctx: Context) -> str:
    """Ask one thing after the other."""
    name = await ctx.elicit("Step 1: What is your name?", _NAME, key="step1")
    color = await ctx.elicit("Step 2: What is your favorite color?", form(color={"type": "string"}), key="step2")
    return f"{name.content['name']} likes {color.content['color']}."


@tool(effect="read")
async def test_input_required_result_capabilities(ctx: Context) -> str:
    """Ask only what this client can be asked."""
    questions = {
        "elicitation": elicitation("What is your name?", _NAME),
        "sampling": sampling("Generate a greeting", 50),
        "roots": ROOTS,
    }
    possible = {name: question for name, question in questions.items() if ctx.supports(name)}
    answers = await ctx.ask(possible)
    return f"Got {', '.join(answers) or 'nothing'}."


TOOLS = [
    test_input_required_result_elicitation,
    test_input_required_result_sampling,
    test_input_required_result_list_roots,
    test_input_required_result_request_state,
    test_input_required_result_tampered_state,
    test_input_required_result_multiple_inputs,
    test_input_required_result_multi_round,
    test_input_required_result_capabilities,
]
