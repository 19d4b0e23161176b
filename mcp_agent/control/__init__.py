"""Watching and steering running instances, from other processes of the same person on the same machine.

api.py         what can be asked of an instance, and what it tells: the table of contents
endpoint.py    the socket of an instance: made at its start, found by ``instances.py``, open to its owner only
server.py      the instance's side: newline-delimited JSON-RPC, one connection for each watcher
live.py        the answers, out of a running host
ticker.py      news for those who watch, ten times a second; nothing at all while nobody does
client.py      the other side of ``server.py``
instances.py   which instances there are
stored.py      what is known without any: the audit log, consent, undo, settings, secrets' names, the log
desk.py        all of it together: what the command line and the dashboard work with
"""
