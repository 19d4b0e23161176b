"""What a library would drop of a file when it saves it: the parts before and after are compared."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter

from mcp_agent import ToolError

_PARTS = {
    r"vbaProject\.bin$": "macros",
    r"/charts/chart[^/]*\.xml$": "charts",
    r"/chartsheets/[^/]*\.xml$": "chart sheets",
    r"/charts/(style|colors)[^/]*\.xml$": "looks of charts",
    r"/chartex/|/charts/chartEx": "charts of newer kinds",
    r"/media/": "pictures",
    r"/pivotTables/[^/]*\.xml$": "pivot tables",
    r"/pivotCache/pivotCacheDefinition": "data of pivot tables",
    r"/slicer": "slicers",
    r"/timeline": "timelines",
    r"/externalLinks/externalLink": "links to other workbooks",
    r"/threadedComments/": "comment threads",
    r"/(comments[^/]*|comments/[^/]*)\.xml$": "comments",
    r"/ctrlProps/|/activeX/": "form controls",
    r"/embeddings/": "embedded objects",
    r"/diagrams/data": "diagrams",
    r"/customXml/item\d": "custom data",
    r"connections\.xml$|/queryTables/": "data connections",
    r"/tables/": "tables",
    r"/model/": "the data model",
    r"^/_xmlsignatures/": "the signature",
    r"^/docProps/custom": "properties of your own",
    r"^/customUI/": "buttons of its own",
}
_INSIDE = {
    rb"<x14:sparkline\b": "sparklines",
    rb"<x14:conditionalFormatting\b": "conditional formats of newer kinds",
    rb"<x14:dataValidation\b": "drop-down lists of newer kinds",
    rb"<(?:xdr:)?(?:sp|grpSp|cxnSp)\b": "shapes and text boxes",
    rb"<conditionalFormatting\b": "conditional formats",
    rb"<dataValidation\b": "drop-down lists",
    rb"<hyperlink\b": "links",
    rb"<mergeCell\b": "merged cells",
    rb"<definedName\b": "names",
}


def losses(before: bytes, after: bytes) -> list[str]:
    """What was in the one and is not in the other, in words with counts."""
    old, new = _inventory(before), _inventory(after)
    gone = {what: count - new[what] for what, count in old.items() if count > new[what]}
    return [f"{what} ({count})" for what, count in sorted(gone.items())]


def check_losses(before: bytes, after: bytes, accepted: bool, name: str) -> list[str]:
    """The losses that the caller accepted. Raises ToolError where there are some and nobody did."""
    found = losses(before, after)
    if found and not accepted:
        raise ToolError(
            f"{name} was not changed: saving it this way would lose {', '.join(found)}.",
            hint="Tell the person. If that is fine for them, call again with accept_loss=true; or work on a copy.",
        )
    return found


def _inventory(data: bytes) -> Counter[str]:
    found: Counter[str] = Counter()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            found.update(
                what for pattern, what in _PARTS.items() if re.search(pattern, f"/{name}") and "/_rels/" not in name
            )
            if re.search(r"^xl/(worksheets|drawings|workbook)[^/]*(/[^/]*)?\.xml$", name):
                content = package.read(name)
                found.update({what: len(re.findall(pattern, content)) for pattern, what in _INSIDE.items()})
    return found
