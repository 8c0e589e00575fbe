// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/net/uri.h"

#include <QByteArray>

namespace slotscope {

/// Whether a proxy can be told this host: at most 255 bytes, in ASCII (ACE).
[[nodiscard]] bool fitsProxyName(const QString &host);

/// What is said to a proxy before the server's bytes come: SOCKS5 (RFC 1928, no credentials) or HTTP's CONNECT. The
/// host goes to the proxy as it is. Pure: bytes in, bytes out.
class ProxyGreeting
{
public:
    ProxyGreeting(Way::Kind kind, const Endpoint &goal);

    /// What is to be sent next; empty where nothing is.
    [[nodiscard]] QByteArray takeOutgoing() { return std::exchange(m_outgoing, {}); }
    /// How many bytes may be read now, that none of the server's are taken; 0: done.
    [[nodiscard]] qsizetype wanted() const { return m_wanted; }
    /// At most wanted() bytes that came. Says whether the way is open: refused by the proxy's rules, or no proxy there
    /// (Proxy), Unreachable, ConnectionRefused, HostNotFound, Timeout.
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
