"""LibreOffice without a window, and poppler's pdftotext, from Debian's packages."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from tests.real.debian import install
from tests.real.installing import or_skip

_SECONDS = 120
_FOLDER = "/usr/lib/libreoffice"
_PARTS = {
    "soffice": "libreoffice-core-nogui",
    f"{_FOLDER}/program/libsclo.so": "libreoffice-calc-nogui",
    f"{_FOLDER}/program/libswlo.so": "libreoffice-writer-nogui",
    f"{_FOLDER}/share/registry/impress.xcd": "libreoffice-impress-nogui",
    "pdftotext": "poppler-utils",
    "/usr/share/fonts/truetype/crosextra/Carlito-Regular.ttf": "fonts-crosextra-carlito",
}


def libreoffice() -> str:
    """The program. Where it is not to be had the test is skipped, which is a failure in CI."""
    or_skip(lambda: install(_PARTS))
    return "soffice"


def converted(file: Path, to: str) -> bytes:
    """What LibreOffice makes of a file, by a run of its own that has nothing to do with the product."""
    program = libreoffice()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", to,
                   "--outdir", str(folder / "out"), str(file)]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS, stdin=subprocess.DEVNULL)
        return next((folder / "out").iterdir()).read_bytes()


def text_of_pdf(data: bytes) -> str:
    """By another program than LibreOffice."""
    libreoffice()
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True, timeout=60)
    return done.stdout.decode()
