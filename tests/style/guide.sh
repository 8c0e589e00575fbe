#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Checks that the guide has a page for each page of the window and each operation, and that all links in the documents lead to
# files.
set -euo pipefail
cd "$(dirname "$0")/../.."
status=0
breach() { echo "guide: $*" >&2; status=1; }

pages=$(sed -n 's/^ *{u"\([a-z]*\)"_s, PageGroup::.*/\1/p' ui/shell/pages.cpp)
[ -n "$pages" ] || breach "ui/shell/pages.cpp could not be read"
number=0
for page in $pages; do
    number=$((number + 1))
    [ -e "docs/guide/$page.md" ] || breach "docs/guide/$page.md is missing"
    link="($page.md)"
    if [ $number -le 9 ]; then link="$link Ctrl+$number "; fi # the window assigns Ctrl+1 to Ctrl+9 to the first nine pages in their order
    grep -qF "$link" docs/guide/README.md || breach "docs/guide/README.md lacks $link"
done
for operation in $(sed -n 's/^ *{Operation::\([A-Za-z]*\), Group::.*/\1/p' core/models/operationwords.cpp) RollBack; do
    file=docs/guide/operation-$(sed 's/\([a-z]\)\([A-Z]\)/\1-\2/g' <<<"$operation" | tr '[:upper:]' '[:lower:]').md
    [ -e "$file" ] || breach "$file is missing"
done

while IFS=: read -r file link; do
    link=${link#*](} link=${link%)} link=${link%%#*}
    case $link in http*:* | "") continue ;; esac
    [ -e "$(dirname "$file")/$link" ] || breach "$file leads to $link, which is not there"
done < <(grep -oE '\]\([^)]*\)' README.md HACKING.md CONTRIBUTING.md SECURITY.md docs/*.md docs/*/*.md installer/README.md)
[ $status = 0 ] && echo "guide: no breach"
exit $status
