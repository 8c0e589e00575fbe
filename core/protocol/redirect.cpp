// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/redirect.h"

#include "core/base/slotcount.h"
#include "core/base/text.h"

namespace slotscope {

std::optional<Redirect> parseRedirect(QByteArrayView error)
{
    Redirect redirect;
    if (error.startsWith("MOVED "))
        error = error.sliced(6);
    else if (error.startsWith("ASK ")) {
        redirect.kind = Redirect::Kind::Ask;
        error = error.sliced(4);
    } else
        return {};
    const qsizetype blank = error.indexOf(' ');
    const qsizetype colon = error.lastIndexOf(':');
    if (blank < 0 || colon < blank)
        return {};
    const std::optional<quint64> slot = toUnsigned(error.first(blank));
    const std::optional<quint64> port = toUnsigned(error.sliced(colon + 1));
    const QByteArrayView host = error.sliced(blank + 1, colon - blank - 1);
    if (!slot || *slot >= quint64(slotCount) || !port || *port == 0 || *port > 0xffff || host.size() > 255)
        return {};
    for (const char c : host) {
        if (c <= ' ' || c > '~')
            return {};
    }
    redirect.slot = quint16(*slot);
    redirect.host = QString::fromLatin1(host.data(), host.size());
    redirect.port = quint16(*port);
    return redirect;
}

} // namespace slotscope
