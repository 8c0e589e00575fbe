#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Checks that each source file names its licence in its first two lines.
set -euo pipefail
cd "$(dirname "$0")/../.."
status=0
while IFS= read -r file; do
    head -n 2 "$file" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' && continue
    echo "$file: no SPDX line" >&2
    status=1
done < <(find app core ui tests scripts cmake CMakeLists.txt -type f \
    \( -name '*.h' -o -name '*.cpp' -o -name '*.c' -o -name '*.sh' -o -name '*.py' -o -name '*.cmake' -o -name CMakeLists.txt \))
[ $status = 0 ] && echo "spdx: every source has its line"
exit $status
