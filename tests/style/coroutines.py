#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds statements that GCC 12 compiles wrongly: a conditional expression, or a braced list that is not
empty, in a statement with co_await.
Its temporaries are destroyed twice, which corrupts memory much later. Prints each place; exit code 1 if there is any."""
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
files = subprocess.run(["git", "-C", root, "ls-files", "*.cpp", "*.h"], capture_output=True, text=True, check=True).stdout
wrong = 0
for name in files.split():
    if not (root / name).is_file():
        continue
    text = (root / name).read_text(encoding="utf-8")
    text = re.sub(r"//[^\n]*", lambda m: " " * len(m.group()), text)
    text = re.sub(r'"(\\.|[^"\\\n])*"', lambda m: '"' + "_" * (len(m.group()) - 2) + '"', text)
    for match in re.finditer(r"\bco_await\b([^;]*)", text):
        rest = match.group(1)
        depth, statement = 0, ""
        for letter in rest:  # up to the end of the condition, if the statement is an if or a while
            depth += (letter in "([") - (letter in ")]")
            if depth < 0 or (depth == 0 and letter == "{"):
                break
            statement += letter
        lambdas = re.search(r"\[[^\]]*\]\s*(\([^)]*\))?\s*(mutable)?\s*\{", statement)
        if re.search(r"\s\?\s", statement) or (not lambdas and re.search(r"[(,]\s*\{\s*[^}\s]", statement)):
            line = text.count("\n", 0, match.start()) + 1
            print(f"{name}:{line}: conditional or braced list beside co_await: give it a name first")
            wrong += 1
sys.exit(1 if wrong else 0)
