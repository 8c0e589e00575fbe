// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QByteArray>
#include <QHash>
#include <QList>

#include <optional>

namespace slotscope {

/// What OpenSSH's client says on its standard error (with -v), read line by line: whether our port is open, why a
/// connection through it was refused, and why it ended. Pure.
class SshLog
{
public:
    explicit SshLog(quint16 ownPort) : m_ownPort(ownPort) { }

    void take(const QByteArray &line);
    [[nodiscard]] bool isListening() const { return m_listening; } ///< it has logged in, and our port is open
    [[nodiscard]] bool isPortTaken() const { return m_portTaken; } ///< somebody else has our port
    void forgetWords() { m_said.clear(); } ///< of the login: it went well
    /// The local ports of connections that were refused since the last call.
    [[nodiscard]] QList<quint16> takeRefused() { return std::exchange(m_news, {}); }
    /// Why the connection from this local port was refused at the other end.
    [[nodiscard]] std::optional<Error> refusalAt(quint16 localPort) const;
    /// Why it ended: Tunnel, or TunnelRefused where a further attempt without the user would be of no use. Reads the
    /// file of known hosts where a key has changed.
    [[nodiscard]] Error whyEnded(int exitCode) const;

private:
    [[nodiscard]] QByteArray lineWith(const char *part) const;
    [[nodiscard]] Error changedKey() const;

    quint16 m_ownPort;
    bool m_announced = false, m_listening = false, m_portTaken = false;
    QList<QByteArray> m_said; ///< without the notes for those who look for faults
    QHash<QByteArray, Error> m_failedChannels; ///< by the number that ssh gives them
    QHash<quint16, Error> m_refused;
    QList<quint16> m_order, m_news;
};

/// "SHA256:…", as ssh writes it, of the key in a line of known_hosts; empty where it is none.
[[nodiscard]] QByteArray knownHostFingerprint(const QByteArray &line);

} // namespace slotscope
