#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Signs, and has Apple notarise, what is to be given away: sign.sh slotscope.app | slotscope.dmg. On macOS only; not tried yet.
#   SLOTSCOPE_SIGN_IDENTITY   the name of the certificate in the keychain; without it the bundle gets an ad-hoc signature
#   SLOTSCOPE_NOTARY_PROFILE  the name that "xcrun notarytool store-credentials" was given; without it nothing is sent to Apple
set -euo pipefail
[ $# = 1 ] && [ -e "$1" ] || { echo "usage: sign.sh slotscope.app | slotscope.dmg" >&2; exit 2; }
identity=${SLOTSCOPE_SIGN_IDENTITY:--}
stamp=() # bash 3.2, which macOS has, takes an empty one for unset
[ "$identity" = - ] || stamp=(--timestamp)

case $1 in
*.app)
    # from the inside out: the outer signature covers the inner ones
    while IFS= read -r -d '' library; do
        codesign --force --options runtime ${stamp[@]+"${stamp[@]}"} --sign "$identity" "$library"
    done < <(find "$1/Contents" \( -name '*.dylib' -o -name '*.framework' \) -print0)
    codesign --force --options runtime ${stamp[@]+"${stamp[@]}"} --sign "$identity" "$1/Contents/MacOS/slotscope-cli"
    codesign --force --options runtime ${stamp[@]+"${stamp[@]}"} --sign "$identity" "$1"
    codesign --verify --deep --strict "$1" ;;
*.dmg)
    codesign --force ${stamp[@]+"${stamp[@]}"} --sign "$identity" "$1"
    [ -n "${SLOTSCOPE_NOTARY_PROFILE:-}" ] || { echo "sign.sh: not notarised: SLOTSCOPE_NOTARY_PROFILE is not set" >&2; exit 0; }
    xcrun notarytool submit "$1" --keychain-profile "$SLOTSCOPE_NOTARY_PROFILE" --wait
    xcrun stapler staple "$1" ;;
*) echo "sign.sh: neither a bundle nor a disk image: $1" >&2; exit 2 ;;
esac
