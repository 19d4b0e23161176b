"""Builds what is published beside the packages: the bundle for desktop programs, and the entry for the MCP registry.

python packaging/build.py FOLDER [--bundle-url URL]

FOLDER gets ``mcp-agent-VERSION.mcpb`` and ``server.json``. With the URL under which the bundle will be found, the
registry's entry names the bundle too.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tomllib
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
_BUNDLED = ("pyproject.toml", "src/server.py")
_EPOCH = (2026, 1, 1, 0, 0, 0)
"""Of every file in the bundle, so that the same sources give the same bytes."""


def version() -> str:
    with (HERE.parent / "pyproject.toml").open("rb") as file:
        found: str = tomllib.load(file)["project"]["version"]
    return found


def build_bundle(folder: Path) -> Path:
    """The ``.mcpb``: a manifest, and a project that the program's own uv installs on each platform."""
    manifest = json.loads((HERE / "mcpb" / "manifest.json").read_text(encoding="utf-8"))
    manifest["version"] = version()
    bundle = folder / f"mcp-agent-{version()}.mcpb"
    with zipfile.ZipFile(bundle, "w") as archive:
        _add(archive, "manifest.json", json.dumps(manifest, indent=2) + "\n")
        for name in _BUNDLED:
            text = (HERE / "mcpb" / name).read_text(encoding="utf-8")
            _add(archive, name, text.replace('mcp-agent-all==0"', f'mcp-agent-all=={version()}"'))
        _add(archive, "LICENSE", (HERE.parent / "LICENSE").read_text(encoding="utf-8"))
    return bundle


def build_entry(folder: Path, bundle: Path, bundle_url: str | None) -> Path:
    """The registry's ``server.json``."""
    entry = json.loads((HERE / "server.json").read_text(encoding="utf-8"))
    entry["version"] = version()
    for package in entry["packages"]:
        package["version"] = version()
    if bundle_url is not None:
        entry["packages"].append({
            "registryType": "mcpb", "identifier": bundle_url, "version": version(),
            "fileSha256": hashlib.sha256(bundle.read_bytes()).hexdigest(), "transport": {"type": "stdio"},
        })  # fmt: skip
    file = folder / "server.json"
    file.write_text(json.dumps(entry, indent=2) + "\n", encoding="utf-8")
    return file


def _add(archive: zipfile.ZipFile, name: str, text: str) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.external_attr = 0o644 << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bundle-url")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    bundle = build_bundle(args.folder)
    sys.stdout.write(f"{bundle}\n{build_entry(args.folder, bundle, args.bundle_url)}\n")


if __name__ == "__main__":
    main()
