# smtp-say - speaks SMTP byte for byte: smtp-say.py PORT <SCRIPT. Prints each reply, "gone" when the server has closed.
#
#	EHLO here       a line, sent with CRLF; then one reply is read
#	!a\nb\0         bytes with Python's escapes, sent as they are; no reply is read
#	!1000 a         the same, so many times
#	?               reads one reply
import re
import socket
import sys

connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=60)
replies = connection.makefile("rb")


def reply():
    while True:
        line = replies.readline()
        if not line:
            print("gone")
            return
        print(line.decode("ascii", "replace").rstrip())
        if line[3:4] != b"-":
            return


reply()
for line in sys.stdin.read().split("\n")[:-1]:
    try:
        if line.startswith("!"):
            times = re.match(r"!(\d+) ", line)
            text = line[times.end():] if times else line[1:]
            raw = text.encode().decode("unicode_escape").encode("latin-1")
            connection.sendall(raw * (int(times[1]) if times else 1))
        elif line == "?":
            reply()
        else:
            connection.sendall(line.encode() + b"\r\n")
            reply()
    except OSError:
        print("gone")
        break
