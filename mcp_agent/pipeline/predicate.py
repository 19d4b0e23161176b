"""Conditions over the arguments of a call, in the Common Expression Language: ``entity_id in ["lock.front"]``."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType

from mcp_agent.errors import ConfigError
from mcp_agent.model import Json

Predicate = Callable[[Mapping[str, Json]], bool]


def compile_predicate(source: str) -> Predicate:
    """A condition over arguments, which are its variables. Raises ConfigError when it is not one.

    An argument that is missing, or of a type the condition does not fit, makes it raise ``ValueError``: the caller
    must take the careful side.
    """
    try:
        program = _cel().compile(source)
    except ValueError as error:
        raise ConfigError(f"{source!r} is not a condition: {str(error).partition(chr(10))[0]}") from None

    def predicate(arguments: Mapping[str, Json]) -> bool:
        try:
            value = program.execute(dict(arguments))
        except (RuntimeError, TypeError, ValueError) as error:
            raise ValueError(f"{source!r} could not be decided: {error}") from None
        if not isinstance(value, bool):
            raise ValueError(f"{source!r} is neither true nor false")
        return value

    return predicate


@functools.cache  # it may be loaded once only in a process
def _cel() -> ModuleType:
    """The compiled part of the library alone: its package imports a command line, which takes a third of a second."""
    package = importlib.util.find_spec("cel")
    for folder in (package.submodule_search_locations or ()) if package else ():
        for file in Path(folder).glob("cel.*"):
            if file.suffix in (".so", ".pyd"):
                spec = importlib.util.spec_from_file_location("cel", file)
                if spec is not None and spec.loader is not None:
                    module = importlib.util.module_from_spec(spec)
                    spec.loader.exec_module(module)
                    return module
    raise ConfigError("Rules with 'when' need the package common-expression-language: install it, then start again.")
