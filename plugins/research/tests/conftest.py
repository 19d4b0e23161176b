"""The rules of all tests hold here as well."""

from tests.conftest import _home as _home
from tests.conftest import pytest_runtest_makereport as pytest_runtest_makereport
