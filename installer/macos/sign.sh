#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Signs an app bundle or a disk image for distribution and has Apple notarise the latter: sign.sh slotscope.app | slotscope.dmg.
# For macOS only, not tested yet.
#   SLOTSCOPE_SIGN_IDENTITY   name of the certificate in the keychain. Without it the bundle gets an ad-hoc signature.
#   SLOTSCOPE_NOTARY_PROFILE  name given to "xcrun notarytool store-credentials". Without it nothing is sent to Apple.
set -euo pipefail
[ $# = 1 ] && [ -e "$1" ] || { echo "usage: sign.sh slotscope.app | slotscope.dmg" >&2; exit 2; }
identity=${SLOTSCOPE_SIGN_IDENTITY:--}
stamp=() # bash 3.2, which macOS has, treats an empty array as unset
[ "$identity" = - ] || stamp=(--timestamp)

case $1 in
*.app)
    # Inner parts are signed first, because the outer signature covers them.
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
