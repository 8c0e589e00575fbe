#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the packages of installer/README.md: package.sh. They lie in build/package, and their names are printed.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -eq 0 ] || { echo "usage: package.sh" >&2; exit 2; }
scripts/setup.sh --yes
command -v dpkg-shlibdeps >/dev/null || { echo "package.sh: install dpkg-dev first" >&2; exit 1; }
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
cmake --preset package >/dev/null
cmake --build --preset package -j "$(nproc)" --target slotscope slotscope-cli slotscope_documents
(cd build/package && cpack -G DEB)
ls build/package/*.deb
