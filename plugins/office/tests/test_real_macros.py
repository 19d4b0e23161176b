"""A document whose macro runs when it is opened: in LibreOffice as a careless person set it, and never by our tools."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from mcp_agent_office.render.libreoffice import _write_profile

from plugins.office.tests.desk import Desk, at_the_desk
from tests.real.libreoffice import libreoffice

pytestmark = [pytest.mark.real, pytest.mark.skipif(sys.platform != "linux", reason="starts LibreOffice as on Linux")]

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_RUN = "vnd.sun.star.script:Standard.Module1.Hello?language=Basic&amp;location=document"
_CONTENT = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-content office:version="1.2" xmlns:office="{_OASIS}office:1.0" xmlns:text="{_OASIS}text:1.0"
 xmlns:script="{_OASIS}script:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:dom="http://www.w3.org/2001/xml-events" xmlns:ooo="http://openoffice.org/2004/office">
<office:scripts><office:event-listeners><script:event-listener script:language="ooo:script"
 script:event-name="dom:load" xlink:href="{_RUN}" xlink:type="simple"/></office:event-listeners></office:scripts>
<office:body><office:text><text:p>Hello there</text:p></office:text></office:body></office:document-content>"""
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"
 script:language="StarBasic">Sub Hello
f = FreeFile
Open "{target}" For Output As #f
Print #f, "it ran"
Close #f
End Sub
</script:module>"""
_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Module1"/></library:library>"""
_LIBRARIES = """<?xml version="1.0" encoding="UTF-8"?>
<library:libraries xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink">
<library:library library:name="Standard" library:link="false"/></library:libraries>"""
_CARELESS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>0</value></prop></item></oor:items>"""


def hostile(path: Path, target: Path) -> None:
    """A document that writes a file as soon as it is opened."""
    kind = "application/vnd.oasis.opendocument.text"
    parts = {
        "content.xml": _CONTENT, "Basic/script-lc.xml": _LIBRARIES, "Basic/Standard/script-lb.xml": _LIBRARY,
        "Basic/Standard/Module1.xml": _MODULE.format(target=target),
    }  # fmt: skip
    entries = "".join(f'<m:file-entry m:full-path="{name}" m:media-type="text/xml"/>' for name in parts)
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", kind)
        for name, content in parts.items():
            package.writestr(name, content)
        package.writestr(
            "META-INF/manifest.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><m:manifest m:version="1.2" xmlns:m="{_OASIS}manifest:1.0">'
            f'<m:file-entry m:full-path="/" m:media-type="{kind}"/>{entries}</m:manifest>',
        )


def opened(program: str, profile: Path, document: Path, until: Path, seconds: float) -> None:
    """Open a document as a person would, and end LibreOffice when the file is there or the time is over."""
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", str(document)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, cwd=profile
    )
    try:
        deadline = time.monotonic() + seconds
        while not until.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_no_macro_runs_when_a_file_is_converted_or_shown(tmp_path: Path) -> None:
    program = str(libreoffice())
    folder, ran = tmp_path / "files", tmp_path / "ran.txt"
    folder.mkdir()
    hostile(folder / "theirs.odt", ran)
    (tmp_path / "careless" / "user").mkdir(parents=True)
    (tmp_path / "careless" / "user" / "registrymodifications.xcu").write_text(_CARELESS)
    begun = time.monotonic()
    opened(program, tmp_path / "careless", folder / "theirs.odt", ran, 60)
    assert ran.exists(), "the macro of the test does not work"
    took = time.monotonic() - begun
    ran.unlink()

    async def work(desk: Desk) -> None:
        await desk.call("convert", path="theirs.odt", target_path="theirs.docx")
        assert "Hello there" in (await desk.call("read_doc", path="theirs.docx"))["markdown"]

    at_the_desk(folder, work)
    assert not ran.exists()
    _write_profile(tmp_path / "ours")
    opened(program, tmp_path / "ours", folder / "theirs.odt", ran, min(took + 1, 10))
    assert not ran.exists(), "with our settings it does not even run where a document is opened"
