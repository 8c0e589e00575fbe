#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creates installer/windows/slotscope.ico and installer/macos/slotscope.icns from resources/icons/logo.svg. Needs rsvg-convert (librsvg2-bin).

Both contain PNG images of several sizes. They are committed, because the systems that need them have no tool to create them.
"""
import pathlib
import struct
import subprocess

here = pathlib.Path(__file__).parent
logo = here.parent / "resources/icons/logo.svg"


def picture(size):
    command = ["rsvg-convert", "-w", str(size), "-h", str(size), "-f", "png", str(logo)]
    return subprocess.run(command, capture_output=True, check=True).stdout


def ico(sizes):
    """Returns an .ico file: a header, a 16-byte entry per image (size 0 means 256), and the images."""
    pictures = [picture(size) for size in sizes]
    offset = 6 + 16 * len(sizes)
    entries = b""
    for size, data in zip(sizes, pictures):
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data), offset)
        offset += len(data)
    return struct.pack("<HHH", 0, 1, len(sizes)) + entries + b"".join(pictures)


def icns(kinds):
    """Returns an .icns file: a header with the total length, then each image after its type and length."""
    body = b""
    for kind, size in kinds:
        data = picture(size)
        body += kind + struct.pack(">I", len(data) + 8) + data
    return b"icns" + struct.pack(">I", len(body) + 8) + body


(here / "windows/slotscope.ico").write_bytes(ico([16, 24, 32, 48, 64, 128, 256]))
(here / "macos/slotscope.icns").write_bytes(icns([(b"icp4", 16), (b"icp5", 32), (b"icp6", 64), (b"ic07", 128), (b"ic08", 256), (b"ic09", 512),
                                                  (b"ic10", 1024)]))
