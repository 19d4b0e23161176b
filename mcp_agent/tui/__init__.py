"""The dashboard in a terminal: ``mcp-agent tui``. It shows what ``mcp_agent.control`` knows, and holds no logic.

app.py        the frame: tabs, status, keys, timers, palette
page.py       what all screens have in common
rows.py       the table: only what is seen is painted, however long it is
graph.py      a line of bars
detail.py     the panel that shows one thing in full
dialogs.py    yes or no, and a text to edit
words.py      times, sizes and outcomes in words and marks
themes.py     colours that everybody can tell apart
now.py calls.py approvals.py plugins.py memory.py secrets.py logs.py help.py    one file a screen
"""
