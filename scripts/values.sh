#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Decodes each value of a folder with a manifest.json (values written by the libraries that applications use) and prints how many
# are shown correctly, detected correctly and pass the round trip:  values.sh DIR [NAME…]
set -euo pipefail
[ $# -gt 0 ] || { echo "usage: values.sh DIR [NAME…]" >&2; exit 2; }
here=$(cd "$(dirname "$0")/.." && pwd)
cli=${SLOTSCOPE_CLI:-$here/build/dev/app/cli/slotscope-cli}
[ -x "$cli" ] || { echo "values.sh: build slotscope-cli first, or set SLOTSCOPE_CLI" >&2; exit 1; }
exec python3 "$here/scripts/values.py" "$cli" "$@"
