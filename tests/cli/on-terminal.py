# on-terminal - runs a command on a terminal of its own, types when asked, prints what the terminal showed, and ends with its status.
#
#	on-terminal.py [-t PROMPT TEXT]... [-s SHOWN SIGNAL] COMMAND...
#
# SIGNAL (a number) is sent once the terminal has shown SHOWN.
# TEXT: \n is Return, \b Backspace, \x03 Ctrl-C. Without echo nothing of what is typed may
# come back: that is what it is for.
import os
import pty
import select
import sys
import time

args = sys.argv[1:]
typed = []
stop = None
while args and args[0].startswith("-"):
    if args[0] == "-t":
        typed.append((args[1].encode(), args[2].encode().decode("unicode_escape").encode("latin-1").replace(b"\b", b"\x7f")))
        args = args[3:]
    else:
        stop = (args[1].encode(), int(args[2]))
        args = args[3:]
os.environ["TERM"] = "xterm"
pid, fd = pty.fork()
if pid == 0:
    os.execvp(args[0], args)
shown = b""
end = time.time() + 60
while time.time() < end:
    ready, _, _ = select.select([fd], [], [], 0.05)
    if ready:
        try:
            data = os.read(fd, 65536)
        except OSError:
            break
        if not data:
            break
        shown += data
    if typed and typed[0][0] in shown:
        os.write(fd, typed.pop(0)[1])
    if stop and stop[0] in shown:
        os.kill(pid, stop[1])
        stop = None
else:
    os.kill(pid, 9)
sys.stdout.buffer.write(shown.replace(b"\r\n", b"\n"))
_, status = os.waitpid(pid, 0)
code = os.waitstatus_to_exitcode(status)
sys.exit(code if code >= 0 else 128 - code)
