"""Files in the folders that the person configured, and no way out of them. Docs: ``docs/folders.md``.

``names`` and ``places`` are pure: what a path may look like, and which folder it is in. ``handles`` opens folders so
that nothing on the way can be swapped, ``saving`` replaces a file or leaves it alone, ``backups`` keeps bytes for undo,
``files`` is what plugins use, and ``undoing`` takes back what they did.
"""

from mcp_agent.folders.files import Folders as Folders
from mcp_agent.folders.places import Folder as Folder
from mcp_agent.folders.reading import FileInfo as FileInfo
from mcp_agent.folders.undoing import undo_files as undo_files
from mcp_agent.folders.undoing import undo_move as undo_move
