"""no-socket.py COMMAND...: runs it so that it is killed (SIGSYS) when it makes a socket of any kind.

Exit status 77 where this kernel or processor cannot do it.
"""
import ctypes
import os
import platform
import struct
import sys

# socket(2) and socketpair(2) of each processor.
CALLS = {"x86_64": (41, 53), "aarch64": (198, 199)}.get(platform.machine())
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, MODE_FILTER = 38, 22, 2
LOAD_NUMBER, JUMP_EQUAL, RETURN = 0x20, 0x15, 0x06
KILL, ALLOW = 0x80000000, 0x7FFF0000

if not CALLS:
    sys.exit(77)
steps = [(LOAD_NUMBER, 0, 0, 0)]
steps += [(JUMP_EQUAL, 1, 0, CALLS[0]), (JUMP_EQUAL, 0, 1, CALLS[1]), (RETURN, 0, 0, KILL)]
steps += [(RETURN, 0, 0, ALLOW)]
code = b"".join(struct.pack("HBBI", *step) for step in steps)
kept = ctypes.create_string_buffer(code, len(code))
program = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(kept))
libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, MODE_FILTER, program):
    sys.exit(77)
os.execvp(sys.argv[1], sys.argv[1:])
