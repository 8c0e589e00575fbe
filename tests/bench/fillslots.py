#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes PER keys of 100 bytes to every slot of a cluster on this machine: fillslots.py PORT PER"""
import binascii
import socket
import sys
import threading

port, per = int(sys.argv[1]), int(sys.argv[2])
tags = {}
number = 0
while len(tags) < 16384:
    tag = str(number).encode()
    tags.setdefault(binascii.crc_hqx(tag, 0) % 16384, tag)
    number += 1


def encoded(*words):
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w) for w in words)


seed = socket.create_connection(("127.0.0.1", port))
seed.sendall(encoded(b"CLUSTER", b"NODES"))
table = b""
while not table.endswith(b"\n\r\n"):
    table += seed.recv(1 << 20)
owned = {}
for line in table.split(b"\n"):
    fields = line.split()
    if len(fields) > 8 and b"master" in fields[2]:
        node = int(fields[1].split(b"@")[0].rsplit(b":", 1)[1])
        for part in fields[8:]:
            first, _, last = part.partition(b"-")
            owned.setdefault(node, []).extend(range(int(first), int(last or first) + 1))


def fill(node, slots):
    connection = socket.create_connection(("127.0.0.1", node))
    value = b"v" * 100
    batch = []

    def flush():
        connection.sendall(b"".join(batch))
        due = len(batch) * len(b"+OK\r\n")
        while due:
            due -= len(connection.recv(1 << 20))
        batch.clear()

    for slot in slots:
        for i in range(per):
            batch.append(encoded(b"SET", b"k{%s}%d" % (tags[slot], i), value))
            if len(batch) >= 2000:
                flush()
    flush()


threads = [threading.Thread(target=fill, args=item) for item in owned.items()]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
