// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace slotscope {

/// A MOVED or ASK error: "MOVED 3999 10.0.0.1:6381". The last colon separates the port, so IPv6 needs no brackets.
struct Redirect
{
    enum class Kind : quint8 { Moved, Ask };
    Kind kind = Kind::Moved;
    quint16 slot = 0;
    QString host; ///< empty: the node that answered; "?": unknown to the server, so find the owner elsewhere
    quint16 port = 0;

    friend bool operator==(const Redirect &, const Redirect &) = default;
};

/// Nullopt if the text is no redirect, or malformed (slot over 16383, port 0 or over 65535).
[[nodiscard]] std::optional<Redirect> parseRedirect(QByteArrayView error);

} // namespace slotscope
