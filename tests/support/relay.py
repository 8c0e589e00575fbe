#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""relay.py LOCAL HOST PORT: forwards connections from 127.0.0.1:LOCAL to HOST:PORT, as a tunnel program does.

--child: forwards in a child process, as some tunnel programs do. --refuse: prints a reason and ends.
--deaf FILE: accepts connections without forwarding them while the file exists. --stubborn: ignores SIGTERM.
"""
import os
import signal
import socket
import subprocess
import sys
import threading


def pass_on(one, other):
    try:
        while True:
            data = one.recv(65536)
            if not data:
                break
            other.sendall(data)
    except OSError:
        pass
    for end in (one, other):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def main():
    words = sys.argv[1:]
    deaf = None
    if "--refuse" in words:
        print("relay: the cloud says no", file=sys.stderr)
        return 3
    if "--child" in words:
        words.remove("--child")
        child = subprocess.Popen([sys.executable, __file__] + words)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        return child.wait()
    if "--stubborn" in words:
        words.remove("--stubborn")
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if "--deaf" in words:
        at = words.index("--deaf")
        deaf = words[at + 1]
        del words[at:at + 2]
    local, host, port = int(words[0]), words[1], int(words[2])
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", local))
    server.listen(64)
    held = []
    while True:
        client, _ = server.accept()
        if deaf and os.path.exists(deaf):
            held.append(client)
            continue
        try:
            target = socket.create_connection((host, port), 5)
            target.settimeout(None)
        except OSError as error:
            print("relay: %s" % error, file=sys.stderr, flush=True)
            client.close()
            continue
        for pair in ((client, target), (target, client)):
            threading.Thread(target=pass_on, args=pair, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
