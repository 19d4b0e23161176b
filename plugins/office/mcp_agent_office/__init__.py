"""Workbooks, slides and documents: read, made, changed and checked, in the folders of the person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mcp_agent import Context, PluginInfo, Scene, hookimpl
from mcp_agent_office.demo import keeps_the_books
from mcp_agent_office.needs import missing
from mcp_agent_office.settings import Settings
from mcp_agent_office.tools import (
    anywhere,
    decks,
    documents,
    edit_docs,
    make_sheets,
    read_sheets,
    track_docs,
    write_sheets,
)


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(title="Office", description="Workbooks, slides and documents: read, made, changed, checked.")


@hookimpl
def mcp_agent_config() -> type[Settings]:
    return Settings


@hookimpl
def mcp_agent_tools() -> Sequence[Callable[..., Any]]:
    return [
        read_sheets.office_describe_workbook, read_sheets.office_read_sheet, read_sheets.office_query_sheet,
        make_sheets.office_create_workbook, write_sheets.office_write_cells, write_sheets.office_recalculate,
        write_sheets.office_format_range, write_sheets.office_add_chart, make_sheets.office_pivot,
        make_sheets.office_import_data, documents.office_read_doc, documents.office_create_doc,
        edit_docs.office_replace_text, track_docs.office_track_changes, track_docs.office_list_changes,
        track_docs.office_settle_changes, edit_docs.office_add_comment, documents.office_fill_template,
        decks.office_create_deck, decks.office_read_deck, decks.office_check_deck, decks.office_edit_slide,
        anywhere.office_render_preview, anywhere.office_convert, anywhere.office_diff, anywhere.office_search,
    ]  # fmt: skip


@hookimpl
async def mcp_agent_health(ctx: Context) -> str:
    from mcp_agent_office.render.libreoffice import find_program

    absent = missing()
    libraries = f"Extras not installed: {', '.join(absent)}." if absent else "All libraries are there."
    program = find_program(ctx.config)
    return (
        f"{libraries} {'LibreOffice is there.' if program else 'No LibreOffice: no previews, conversions, computing.'}"
    )


@hookimpl
def mcp_agent_demo() -> Sequence[Scene]:
    return [Scene("It keeps the books", keeps_the_books)]
