"""What sounds secret in commands, variables and addresses of others is not shown; the rest is."""

from __future__ import annotations

import time

import pytest

from mcp_agent import HIDDEN, hide_in_command, hide_logins, sounds_secret


@pytest.mark.parametrize(
    "words",
    [
        ["redis-server", "--requirepass", "hunter2"], ["app", "--db-password=hunter2"], ["app", "-token=hunter2", "-v"],
        ["sh", "-c", "API_KEY=hunter2 app --secret 'hunter2' --verbose"], ["app", "postgres://u:a/hunter2@h/db"],
        ["app", "https://hunter2@h/x"],
    ],
)  # fmt: skip
def test_what_sounds_secret_in_a_command_is_hidden(words: list[str]) -> None:
    seen = hide_in_command(words)
    assert "hunter2" not in " ".join(seen)
    assert (seen[0], len(seen)) == (words[0], len(words))


@pytest.mark.parametrize("text", ["pass" * 50_000, "a://a:" * 30_000, "--pass" * 30_000, "a:" * 100_000])
def test_no_text_of_a_stranger_takes_long_to_look_through(text: str) -> None:
    """Patterns hold up the whole process. A tenth of a second here; two minutes once."""
    began = time.process_time()
    hide_in_command([text])
    assert time.process_time() - began < 10


def test_the_rest_of_a_command_is_shown() -> None:
    words = ["app", "--port=80", "--passive", "--url", "http://h:80/x", "-c", "compass north; ./pass_test.py one"]
    assert hide_in_command(words) == words


@pytest.mark.parametrize("name", ["DB_PASSWORD", "apiKey", "GH_TOKEN", "aws_secret_access_key", "CONNECTION_STRING"])
def test_names_that_sound_secret(name: str) -> None:
    assert sounds_secret(name)


@pytest.mark.parametrize("name", ["PATH", "LANG", "replicas", "PORT", ""])
def test_names_that_do_not(name: str) -> None:
    assert not sounds_secret(name)


def test_an_address_keeps_its_host() -> None:
    assert (
        hide_logins("postgres://me:a@b/c@db/shop and http://db:80/") == f"postgres://{HIDDEN}@db/shop and http://db:80/"
    )
