#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails if a catalogue is not up to date, or if a translation differs from its source in placeholders, tags or surrounding spaces:
translations.py LUPDATE"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "resources" / "translations"
OPTIONS = {"slotscope_en.ts": ["-pluralonly"], "slotscope_ko.ts": ["-target-language", "ko"]}
SHOWN = 15
ADVICE = """Run:  cmake --build build/dev --target slotscope_lupdate
then give each message of resources/translations/*.ts that is marked type="unfinished" its translation, and take the mark
away (HACKING.md, Texts)."""


def messages(path):
    """Returns the messages of a catalogue: (context, source, comment) -> element."""
    found = {}
    for context in ElementTree.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            found[context.findtext("name"), message.findtext("source"), message.findtext("comment")] = message
    return found


def texts(message):
    """Returns the forms of a message's translation, or nothing if it is not translated."""
    translation = message.find("translation")
    if translation is None or translation.get("type"):
        return []
    forms = [form.text or "" for form in translation.iter("numerusform")] or [translation.text or ""]
    return forms if all(forms) else []


def traits(text):
    """Returns the properties of a text that must be equal in a source and its translation, by name."""
    return {
        "places (%1, %n)": sorted(set(re.findall(r"%L?[0-9]+|%n", text))),
        "tags": sorted(re.findall(r"</?[a-zA-Z][^<>]*>", text)),
        "blanks at its ends": (re.match(r"\s*", text).group(), re.search(r"\s*$", text).group()),
        "ellipsis at its end": text.endswith("…"),
        "line breaks and tabs": (text.count("\n"), text.count("\t")),
        "mnemonic (&)": re.findall(r"&(\w)", text.upper()),
        "file patterns": re.findall(r"\*\.[a-z]+", text),
    }


def differences(source, text):
    wanted, has = traits(source), traits(text)
    return [name for name in wanted if wanted[name] != has[name]]


def check(lupdate, name, folder):
    """Returns the complaints about one catalogue."""
    copy = pathlib.Path(folder) / name
    shutil.copy(FOLDER / name, copy)
    command = [lupdate, "-I", ".", "core", "ui", "app", "-no-obsolete", "-locations", "none", "-source-language", "en"]
    run = subprocess.run([*command, *OPTIONS[name], "-ts", str(copy)], cwd=ROOT, capture_output=True, text=True)
    if run.returncode != 0:
        return [f"{name}: lupdate failed: {run.stderr.strip()}"]
    kept, fresh = messages(FOLDER / name), messages(copy)
    complaints = [f"{name}: {key[0]}: no source has “{key[1]}” any more" for key in kept if key not in fresh]
    for key, message in fresh.items():
        forms = texts(kept[key]) if key in kept else []
        if not forms:
            complaints.append(f"{name}: {key[0]}: “{key[1]}” is not translated")
        for form in forms:
            complaints += [
                f"{name}: {key[0]}: “{form}” has other {what} than “{key[1]}”"
                for what in differences(key[1], form)
            ]
    return complaints


def main():
    with tempfile.TemporaryDirectory() as folder:
        complaints = [line for name in OPTIONS for line in check(sys.argv[1], name, folder)]
    for line in complaints[:SHOWN]:
        print(line.replace("\n", "\\n"), file=sys.stderr)
    if len(complaints) > SHOWN:
        print(f"… and {len(complaints) - SHOWN} more", file=sys.stderr)
    if complaints:
        print(ADVICE, file=sys.stderr)
        return 1
    print("translations: all messages are translated")
    return 0


if __name__ == "__main__":
    sys.exit(main())
