// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/net/uri.h"

#include <QByteArray>

namespace slotscope {

/// Whether the host can be passed to a proxy: at most 255 bytes, as ASCII (ACE).
[[nodiscard]] bool fitsProxyName(const QString &host);

/// The exchange with a proxy before the server's data: SOCKS5 (RFC 1928, without credentials) or HTTP CONNECT. The
/// proxy resolves the host name. Pure: bytes in, bytes out.
class ProxyGreeting
{
public:
    ProxyGreeting(Way::Kind kind, const Endpoint &goal);

    /// Returns the bytes to send next; empty if there are none.
    [[nodiscard]] QByteArray takeOutgoing() { return std::exchange(m_outgoing, {}); }
    /// How many bytes may be read now without reading the server's data; 0: done.
    [[nodiscard]] qsizetype wanted() const { return m_wanted; }
    /// Takes at most wanted() received bytes. Returns true when the connection to the server is open, or an error:
    /// Proxy (refused by its rules, or no proxy there), Unreachable, ConnectionRefused, HostNotFound, Timeout.
    [[nodiscard]] Result<bool> take(const QByteArray &bytes);

private:
    enum class Phase : quint8 { Methods, Head, Rest, Http };
    [[nodiscard]] Result<bool> takeSocks();
    [[nodiscard]] Result<bool> takeHttp();

    QByteArray m_outgoing, m_request, m_incoming;
    Phase m_phase;
    qsizetype m_wanted;
};

} // namespace slotscope
