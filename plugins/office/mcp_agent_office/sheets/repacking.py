"""A workbook's package with some parts changed: every other part stays as it was, byte for byte."""

from __future__ import annotations

import io
import re
import zipfile

from mcp_agent_office.sheets.outline import relations

Parts = dict[str, bytes | None]
"""New bytes by part; None for one that goes."""
_CALC = re.compile(rb"<calcPr\b[^>]*/>")


def repacked(package: zipfile.ZipFile, parts: Parts) -> bytes:
    """A package with some parts changed, left out or added, and all others as they were."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for info in package.infolist():
            content = parts.get(info.filename, b"")
            if content is not None:
                made.writestr(info, content or package.read(info), compress_type=info.compress_type)
        for name in parts.keys() - package.NameToInfo.keys():
            made.writestr(name, parts[name] or b"")
    return buffer.getvalue()


def recomputed_when_opened(package: zipfile.ZipFile) -> Parts:
    """Programs are told to compute, and the old order of computing goes, for it may name cells without a formula."""
    workbook = next(target for kind, target in relations(package, "").values() if kind == "officeDocument")
    content = package.read(workbook)
    mark = b'<calcPr calcId="0" fullCalcOnLoad="1"/>'
    if _CALC.search(content):
        content = _CALC.sub(mark, content, count=1)
    else:
        content = re.sub(
            rb"(</definedNames>|</sheets>(?!.*</definedNames>))", rb"\1" + mark, content, count=1, flags=re.S
        )
    parts: Parts = {workbook: content}
    chain = next((target for kind, target in relations(package, workbook).values() if kind == "calcChain"), None)
    if chain is not None:
        folder, _, name = workbook.rpartition("/")
        rels = f"{folder}/_rels/{name}.rels"
        parts[chain] = None
        parts[rels] = _without(package.read(rels), rb"<Relationship\b[^>]*calcChain[^>]*/>")
        parts["[Content_Types].xml"] = _without(
            package.read("[Content_Types].xml"), rb"<Override\b[^>]*calcChain[^>]*/>"
        )
    return parts


def _without(content: bytes, pattern: bytes) -> bytes:
    return re.sub(pattern, b"", content)
