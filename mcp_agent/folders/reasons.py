"""Why the system would not do something with a file, in words for a person."""

from __future__ import annotations

import errno

from mcp_agent.errors import ToolError

_WHY = {
    errno.ENOENT: ("There is no {path}.", "List its folder to see what is there."),
    errno.ELOOP: ("{path} is a link, or is behind one; links are not followed.", "Name the place it leads to."),
    errno.ENOTDIR: ("{path} is not a folder, or goes through something that is none.", "List the folder above it."),
    errno.EISDIR: ("{path} is a folder.", "Name a file in it."),
    errno.ENOTSUP: ("{path} is neither a file nor a folder, but a pipe, socket or device.", None),
    errno.ENXIO: ("{path} is neither a file nor a folder, but a pipe, socket or device.", None),
    errno.EACCES: ("This user may not do that with {path}.", "Look at its permissions."),
    errno.EPERM: ("This user may not do that with {path}.", "Look at its permissions."),
    errno.EEXIST: ("There is something at {path} already.", "Choose another name."),
    errno.ENOTEMPTY: ("The folder {path} is not empty.", None),
    errno.ENOSPC: ("The disk is full; {path} is as it was.", "Make room, then try again."),
    errno.EDQUOT: ("Your quota is used up; {path} is as it was.", "Make room, then try again."),
    errno.EROFS: ("{path} is on a disk that cannot be written.", None),
    errno.EXDEV: ("{path} would have to go to another disk.", "Write a copy there, then trash this one."),
    errno.ENAMETOOLONG: ("The name of {path} is too long for this disk.", "Choose a shorter one."),
    errno.EINVAL: ("{path} cannot be used like that.", None),
    errno.EIO: ("The disk failed while it worked on {path}.", None),
}


def in_words(error: OSError, path: str) -> ToolError:
    words, hint = _WHY.get(error.errno or 0, ("{path}: " + (error.strerror or type(error).__name__), None))
    return ToolError(words.format(path=path), hint=hint)
