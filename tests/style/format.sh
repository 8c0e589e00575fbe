#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Fails if a source file is not formatted as by clang-format 14 (other versions format differently). Exit code 77 if that is not
# installed.
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v clang-format-14 >/dev/null || { echo "format: clang-format-14 is not installed"; exit 77; }
find app core ui tests -type f \( -name '*.h' -o -name '*.cpp' \) -print0 |
    xargs -0 -n 16 -P "$(nproc)" clang-format-14 --dry-run -Werror
echo "format: nothing to change"
