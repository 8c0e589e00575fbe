#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Fails on an include against the layers app → ui → core, and within core base ← protocol ← cluster ← net ← session ← the rest ←
# models. Also fails on headers of Qt Gui or Widgets in core, and on QFuture::then(). docs/architecture.md gives the reasons.
set -euo pipefail
cd "$(dirname "$0")/../.."

declare -A level=([base]=0 [protocol]=1 [cluster]=2 [drill]=3 [net]=3 [session]=4
    [keys]=5 [analysis]=6 [slowlog]=5 [latency]=6 [clients]=5 [config]=5 [console]=5 [metrics]=5 [values]=5 [formats]=5 [operations]=5 [observe]=5 [local]=5 [profile]=5 [transfer]=6 [pubsub]=6 [profiler]=7 [audit]=6 [load]=7 [models]=8)
# inside core/operations: plan ← facts, journal ← planners ← migration ← run
declare -A room=([plan]=0 [facts]=1 [journal]=1 [planners]=2 [migration]=3 [run]=4)
# inside ui: shared ← the pages and dialogs ← shell; no page knows another one, but Topology shows the events of Metrics
declare -A place=([shared]=0 [health]=3 [shell]=2)
status=0
breach() { echo "$1: $2" >&2; status=1; }

while IFS=: read -r file line text; do
    included=$(sed -E 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*["<]([^">]+)[">].*/\1/' <<<"$text")
    case $file in core/*) top=core ;; ui/*) top=ui ;; *) top=app ;; esac
    case $included in
    app/*) [ $top = app ] || breach "$file:$line" "$top includes app: $included" ;;
    ui/*)
        [ $top != core ] || breach "$file:$line" "core includes ui: $included"
        [ $top = ui ] || continue
        from=${file#ui/} from=${from%%/*} to=${included#ui/} to=${to%%/*}
        if [ "$from" != "$to" ] && [ "$from/$to" != topology/metrics ] &&
            [ "${place[$to]:-1}" -ge "${place[$from]:-1}" ]; then
            breach "$file:$line" "ui/$from includes ui/$to: $included"
        fi ;;
    tests/*) breach "$file:$line" "the program includes its tests: $included" ;;
    core/*)
        [ $top = core ] || continue
        from=${file#core/} from=${from%%/*} to=${included#core/} to=${to%%/*}
        if [ -z "${level[$from]:-}" ] || [ -z "${level[$to]:-}" ]; then
            breach "$file:$line" "a folder of core that tests/style/layering.sh does not know: $from or $to"
        elif [ "$from" != "$to" ] && [ "${level[$to]}" -ge "${level[$from]}" ]; then
            breach "$file:$line" "core/$from includes core/$to: $included"
        elif [ "$from/$to" = operations/operations ]; then
            from=${file#core/operations/} from=${from%%/*} to=${included#core/operations/} to=${to%%/*}
            if [ -z "${room[$from]:-}" ] || [ -z "${room[$to]:-}" ]; then
                breach "$file:$line" "a folder of core/operations that tests/style/layering.sh does not know: $from or $to"
            elif [ "$from" != "$to" ] && [ "${room[$to]}" -ge "${room[$from]}" ]; then
                breach "$file:$line" "core/operations/$from includes core/operations/$to: $included"
            fi
        fi ;;
    esac
done < <(grep -rnE --include='*.h' --include='*.cpp' '^[[:space:]]*#[[:space:]]*include' core ui app)

# core may use all of Qt except what belongs to a graphical interface
screen='Qt(Gui|Widgets|Svg|Test)|Q(Widget|Application|GuiApplication|Pixmap|Image|Icon|Color|Font|Painter|Brush|Pen|Palette|Clipboard|Action|Menu|Dialog|MainWindow|Label|PushButton|Layout|[A-Z][A-Za-z]*View|Style[A-Za-z]*|Screen|Window|KeySequence)'
while IFS= read -r hit; do
    breach "${hit%%:#*}" "core includes what belongs to a screen: ${hit##*:}"
done < <(grep -rnE --include='*.h' --include='*.cpp' "^#[[:space:]]*include[[:space:]]*<(Q[A-Za-z]+/)?($screen)(/|>)" core |
    grep -vE '<(QtCore/)?Q(ByteArray|String|Utf8String|AnyString|Latin1String)View>' || true)
if grep -nE 'Qt6::(Gui|Widgets|Svg)' core/CMakeLists.txt core/*/CMakeLists.txt >&2; then
    breach core "links a module for a screen"
fi
# If another thread finishes the future, Qt 6.4 may run a continuation twice and crash: see core/base/whendone.h.
while IFS= read -r hit; do
    breach "${hit%%: *}" "QFuture::then(): use whenDone()"
done < <(grep -rnE --include='*.h' --include='*.cpp' '(\.|->)(then|onCanceled|onFailed)\(' core ui app | grep -v 'core/base/whendone.h' || true)
# GCC 12 destroys the temporaries of a conditional expression next to co_await twice.
while IFS= read -r hit; do
    breach "${hit%%: *}" "co_await of a conditional: use if"
done < <(grep -rnE --include='*.h' --include='*.cpp' 'co_await \([^;]* \? [^;]* : ' core ui app tests || true)
[ $status = 0 ] && echo "layering: no breach"
exit $status
