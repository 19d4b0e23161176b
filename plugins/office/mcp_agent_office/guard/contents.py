"""What is in a package that a person should know of before they trust it. Nothing of it is ever run or followed."""

from __future__ import annotations

import html
import re
import zipfile

from mcp_agent import Context
from mcp_agent_office.guard.formulas import reaches_out

_LINK = re.compile(rb'<Relationship\b[^>]*TargetMode="External"[^>]*>')
_TYPE = re.compile(rb'\bType="[^"]*/([^"/]+)"')
_TARGET = re.compile(rb'\bTarget="([^"]*)"')
_FORMULA = re.compile(rb"<(?:f|definedName)\b[^>]*>([^<]+)</(?:f|definedName)>")
_FIELD = re.compile(rb"(?:<w:instrText[^>]*>|w:instr=\")\s*(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|DATABASE)\b", re.I)
_SHOWN = 3


def warnings_of(ctx: Context, path: str) -> list[str]:
    """Macros, signatures, links to elsewhere, fields and formulas that reach out, embedded programs: in words."""
    found: list[str] = []
    with ctx.folders.open(path) as file, zipfile.ZipFile(file) as package:
        names = package.namelist()
        lower = [name.lower() for name in names]
        if any(name.endswith(("vbaproject.bin", ".basic")) or name.startswith("basic/") for name in lower):
            found.append("It holds macros. They are kept, and never run.")
        if is_signed(package):
            found.append("It is signed. Any change to it breaks the signature.")
        if any("/embeddings/" in name or "/activex/" in name for name in lower):
            found.append("It holds embedded objects or controls. They are kept, and never opened.")
        if any("/externallinks/" in name for name in lower) or "xl/connections.xml" in lower:
            found.append("It links to other workbooks or data. The links are kept, and never followed.")
        links = [link for name in names if name.endswith(".rels") for link in _links(package.read(name))]
        if links:
            found.append(f"It loads from elsewhere: {_some(links)}. Nothing is loaded.")
        fields = {
            mark.decode().upper() for name in names if _is_text(name) for mark in _FIELD.findall(package.read(name))
        }
        if fields:
            found.append(f"It has fields that fetch: {', '.join(sorted(fields))}. They are never updated.")
        formulas = [text for name in names if _is_sheet(name) for text in _reaching(package.read(name))]
        if formulas:
            found.append(f"It has formulas that reach out: {_some(formulas)}. They are never computed.")
    return found


def is_signed(package: zipfile.ZipFile) -> bool:
    """Whether somebody signed the file as a whole: that is another thing than signed macros."""
    return any(name.startswith("_xmlsignatures/") for name in package.namelist())


def _links(rels: bytes) -> list[str]:
    """Targets outside the package, of what is loaded without a click."""
    found = []
    for link in _LINK.findall(rels):
        kind, target = _TYPE.search(link), _TARGET.search(link)
        if kind and target and kind[1] != b"hyperlink":
            found.append(f"{kind[1].decode('utf-8', 'replace')} {target[1].decode('utf-8', 'replace')[:100]}")
    return found


def _reaching(sheet: bytes) -> list[str]:
    found = (html.unescape(text.decode("utf-8", "replace")) for text in _FORMULA.findall(sheet))
    return [f"{text[:80]} ({why})" for text in found if (why := reaches_out(text))]


def _is_text(name: str) -> bool:
    return name.startswith("word/") and name.endswith(".xml")


def _is_sheet(name: str) -> bool:
    return name == "xl/workbook.xml" or (name.startswith("xl/worksheets/") and name.endswith(".xml"))


def _some(items: list[str]) -> str:
    more = f", and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return ", ".join(items[:_SHOWN]) + more
