// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QByteArray>
#include <QHash>
#include <QList>

#include <optional>

namespace slotscope {

/// Parses the standard error of OpenSSH's client (with -v) line by line: whether our local port is open, why a
/// connection through it was refused, and why ssh ended. Pure.
class SshLog
{
public:
    explicit SshLog(quint16 ownPort) : m_ownPort(ownPort) { }

    void take(const QByteArray &line);
    [[nodiscard]] bool isListening() const { return m_listening; } ///< it has logged in, and our local port is open
    [[nodiscard]] bool isPortTaken() const { return m_portTaken; } ///< another process already uses our local port
    void forgetWords() { m_said.clear(); } ///< discards the messages of a successful login
    /// Local ports of the connections refused since the last call.
    [[nodiscard]] QList<quint16> takeRefused() { return std::exchange(m_news, {}); }
    /// Why the SSH server refused the connection from this local port.
    [[nodiscard]] std::optional<Error> refusalAt(quint16 localPort) const;
    /// Why ssh ended: Tunnel, or TunnelRefused if a retry is pointless without the user. Reads the known_hosts file if
    /// a host key has changed.
    [[nodiscard]] Error whyEnded(int exitCode) const;

private:
    [[nodiscard]] QByteArray lineWith(const char *part) const;
    [[nodiscard]] Error changedKey() const;

    quint16 m_ownPort;
    bool m_announced = false, m_listening = false, m_portTaken = false;
    QList<QByteArray> m_said; ///< recent lines without debug messages
    QHash<QByteArray, Error> m_failedChannels; ///< errors by ssh's channel number
    QHash<quint16, Error> m_refused;
    QList<quint16> m_order, m_news;
};

/// "SHA256:…", as ssh writes it, for the key in a line of known_hosts; empty if the line contains none.
[[nodiscard]] QByteArray knownHostFingerprint(const QByteArray &line);

} // namespace slotscope
