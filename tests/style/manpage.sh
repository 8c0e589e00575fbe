#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Fails if slotscope-cli has a command, or a command's option, that its man page does not describe: manpage.sh SLOTSCOPE-CLI
set -euo pipefail
cd "$(dirname "$0")/../.."
page=$(sed 's/\\-/-/g; s/\\f[RIB]//g' docs/man/slotscope-cli.1)
status=0
commands=$("$1" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\).*/\1/p')
[ -n "$commands" ] || { echo "manpage.sh: --help lists no commands" >&2; exit 1; }
for command in $commands; do
    grep -qE "^\.(B|BR) \"?$command( |\"|$)" <<<"$page" || { echo "docs/man/slotscope-cli.1 lacks the command $command" >&2; status=1; }
    for option in $("$1" "$command" --help 2>/dev/null </dev/null | grep -oE '^  --[a-z-]+' || true); do
        grep -qe "$option" <<<"$page" || { echo "docs/man/slotscope-cli.1 lacks $option of $command" >&2; status=1; }
    done
done
exit $status
