"""See what was done: every call and every refusal, and proof that nothing was changed since."""

from __future__ import annotations

import argparse
import csv
import sqlite3
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import msgspec

from mcp_agent.cli.arguments import Parser, UsageError, actions, utf8, whole
from mcp_agent.cli.moments import moment
from mcp_agent.cli.output import complain, say, say_json, width
from mcp_agent.errors import AgentError
from mcp_agent.paths import default_paths
from mcp_agent.store import audit_reader
from mcp_agent.store.archive import Files
from mcp_agent.store.audit_proof import Proof, verify
from mcp_agent.store.audit_reader import Query, Record
from mcp_agent.store.chain import Row

_FOLLOW_SECONDS = 0.5
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class NoAudit(AgentError):
    """There is no audit log to look into."""


def arguments(parser: Parser) -> None:
    made = actions(
        parser,
        {
            "tail": "show the latest entries",
            "search": "show the entries that fit, oldest first",
            "verify": "prove that no entry was changed, removed or put elsewhere",
            "export": "write all entries to a file",
        },
        plugin=False,
    )
    made["tail"].add_argument("-n", type=whole, default=20, metavar="N", help="how many, 20 unless told")
    made["tail"].add_argument("--follow", "-f", action="store_true", help="go on with what comes, until Ctrl-C")
    for name, words in (("tool", "of this tool, such as home_*"), ("principal", "of this caller, such as stdio:*")):
        made["search"].add_argument(f"--{name}", metavar="PATTERN", type=utf8, help=words)
    for name, words in (("since", "from this time on: 2h, 7d, 2026-11-21, 2026-11-21T18:30"), ("until", "before it")):
        made["search"].add_argument(f"--{name}", metavar="TIME", help=words)
    made["search"].add_argument(
        "--outcome", type=utf8, metavar="WORD", help="ok, error, denied, timeout, cancelled, crashed, ..."
    )
    made["search"].add_argument("--text", type=utf8, metavar="TEXT", help="with this anywhere in it")
    made["export"].add_argument("--format", choices=("jsonl", "csv"), default="jsonl", help="jsonl unless told")
    made["export"].add_argument("file", metavar="FILE", help="where to, - for standard output")


def run(args: argparse.Namespace) -> int:
    if args.action is None:
        raise UsageError("Name what to do: tail, search, verify or export.")
    paths = default_paths()
    files = Files(paths.audit_folder)
    if args.action == "verify":
        return _verify(files, paths.audit_key, args)
    if not files.live.exists():
        raise NoAudit(f"There is no audit log in {files.folder} yet: it begins with the first call.")
    try:
        {"tail": _tail, "search": _search, "export": _export}[args.action](files, args)
    except sqlite3.Error as error:
        raise NoAudit(f"The audit log cannot be read: {error}. 'mcp-agent audit verify' says more.") from None
    return 0


def _verify(files: Files, key: Path, args: argparse.Namespace) -> int:
    proof = verify(files, lambda: key.read_bytes() if key.exists() else b"")
    if args.json:
        say_json(proof)
    else:
        _tell(proof, files)
    return 1 if proof.findings else 0


def _tell(proof: Proof, files: Files) -> None:
    if not proof.findings:
        say(f"{proof.rows:,} rows in {proof.files} file(s) of {files.folder}: every link of the chain holds.")
        return
    say(f"The audit log in {files.folder} is not as it was written:")
    for finding in proof.findings:
        place = finding.file if finding.row is None else f"{finding.file}, row {finding.row}"
        say(f"  {place}: {finding.what}")


def _tail(files: Files, args: argparse.Namespace) -> None:
    if args.n < 0:
        raise UsageError(f"-n takes how many entries to show, not {args.n}.")
    last = 0
    for record in audit_reader.latest(files, args.n or 1):
        last = record.row.seq
        if args.n:
            _show(record, args.json)
    while args.follow:
        sys.stdout.flush()
        time.sleep(_FOLLOW_SECONDS)
        for record in audit_reader.since(files, last):
            last = record.row.seq
            _show(record, args.json)


def _search(files: Files, args: argparse.Namespace) -> None:
    now = time.time()
    query = Query(
        tool=args.tool, principal=args.principal, outcome=args.outcome, text=args.text,
        since=args.since and moment(args.since, now), until=args.until and moment(args.until, now),
    )  # fmt: skip
    count = 0
    for record in audit_reader.search(files, query):
        _show(record, args.json)
        count += 1
    if not count:
        complain("No entry fits.")


def _export(files: Files, args: argparse.Namespace) -> None:
    records = audit_reader.search(files, Query())
    write = _write_csv if args.format == "csv" else _write_jsonl
    try:
        if args.file == "-":
            count = write(records, sys.stdout)
        else:
            with open(args.file, "w", encoding="utf-8", newline="") as file:
                count = write(records, file)
    except BrokenPipeError:  # whoever reads has enough
        raise
    except OSError as error:
        raise NoAudit(f"{args.file} could not be written: {error.strerror}.") from None
    complain(f"{count:,} entries written.")


def _write_jsonl(records: Iterable[Record], file: TextIO) -> int:
    """A row as it was hashed, beside its hash: enough to verify the chain with nothing but SHA-256."""
    count = 0
    for record in records:
        file.write(f'{{"hash":"{record.hash.hex()}","row":{record.text}}}\n')
        count += 1
    return count


def _write_csv(records: Iterable[Record], file: TextIO) -> int:
    names = Row.__struct_fields__
    table = csv.writer(file)
    table.writerow(["time", *names, "hash"])
    count = 0
    for record in records:
        cells = [_cell(getattr(record.row, name)) for name in names]
        table.writerow([datetime.fromtimestamp(record.row.at, UTC).isoformat(), *cells, record.hash.hex()])
        count += 1
    return count


def _cell(value: object) -> object:
    """What a spreadsheet would run as a formula becomes text."""
    if isinstance(value, msgspec.Raw):
        value = bytes(value).decode()
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _show(record: Record, as_json: bool) -> None:
    line = record.text if as_json else _line(record.row)
    fits = as_json or not sys.stdout.isatty() or len(line) <= width()
    say(line if fits else f"{line[: width() - 3]}...")


def _line(row: Row) -> str:
    when = datetime.fromtimestamp(row.at).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    if row.kind == "begin":
        return f"{when}  {row.seq:>7}  a new file begins"
    what = row.outcome or "begins"
    if row.intent:
        what += f" (of {row.intent})"
    took = "" if row.ms is None else f"{row.ms:.1f} ms"
    call = f"{row.principal}  {row.tool} {bytes(row.arguments).decode()}".rstrip()
    more = " ".join(part for part in (row.detail, "degraded" if row.degraded else "", row.decision) if part)
    return f"{when}  {row.seq:>7}  {what:<10} {took:>11}  {call}  {more}".rstrip()
