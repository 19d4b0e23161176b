"""What every plugin keeps."""

from __future__ import annotations

from typing import ClassVar

from mcp_agent.testing import PluginContract
from plugins.storage.tests.conftest import MODULE


class TestContract(PluginContract):
    module = MODULE
    examples: ClassVar = {
        "storage_whoami": {},
        "storage_buckets": {},
        "storage_put": {"bucket": "files", "key": "a/b.txt", "text": "one"},
        "storage_list": {"bucket": "files"},
        "storage_get": {"bucket": "files", "key": "a/b.txt"},
        "storage_usage": {"bucket": "files"},
        "storage_copy": {"bucket": "files", "key": "a/b.txt", "target_key": "c.txt"},
        "storage_download": {"bucket": "files", "key": "c.txt", "path": "d.txt"},
        "storage_delete": {"bucket": "files", "keys": ["c.txt"]},
    }
