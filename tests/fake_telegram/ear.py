"""A socket that knows when the machine received what it reads, however late it reads it.

A busy server, or one that waits for a processor, sees several calls at once; the kernel noted each
as it came in.
"""

import contextlib
import socket
import struct
import time
from typing import Any, Self

_STAMPS = 35
"""SO_TIMESTAMPNS of Linux, which Python does not name before 3.15; also the kind of the note."""
_NOTE = struct.Struct("@qq")


class Ear(socket.socket):
    """A socket of TCP; so are those that it accepts. `heard` is when it last received."""

    heard = 0.0

    @classmethod
    def at(cls, port: int) -> Self:
        """Return one that is bound to *port* of this machine, to any free one if that is 0."""
        ear = cls()
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        ear.bind(("127.0.0.1", port))
        with contextlib.suppress(OSError):  # for what comes in before it is accepted
            ear.setsockopt(socket.SOL_SOCKET, _STAMPS, 1)
        return ear

    def accept(self) -> tuple["Ear", Any]:
        """Return a connection, and who is at its other end."""
        plain, address = super().accept()
        ear = Ear(plain.family, plain.type, plain.proto, fileno=plain.detach())
        with contextlib.suppress(OSError):  # elsewhere, `heard` is when it was read
            ear.setsockopt(socket.SOL_SOCKET, _STAMPS, 1)
        return ear, address

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Return what came in."""
        found, notes, _, _ = self.recvmsg(size, 64, flags)
        self.heard = time.monotonic()
        for _, kind, value in notes:
            if kind == _STAMPS:
                seconds, nano = _NOTE.unpack(value)
                self.heard -= max(0.0, time.time() - seconds - nano / 1e9)
        return found


def heard(transport: Any) -> float:
    """Return when the last byte came in that *transport* has read."""
    found = transport.get_extra_info("socket") if transport is not None else None
    return getattr(getattr(found, "_sock", None), "heard", 0.0) or time.monotonic()
