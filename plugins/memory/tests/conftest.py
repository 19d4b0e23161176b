"""Rules that hold for every test of the memory."""

from tests.conftest import _home as _home
