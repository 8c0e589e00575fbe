// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/proxygreeting.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

class QAbstractSocket;

namespace slotscope {

class CommandTunnel;
class SshTunnel;

/// Opens the way of one connection through a proxy, SSH or a command, on the socket that the connection then uses. Qt's
/// own proxies are not used: they read without bound, and tell refusals apart badly. Lives on its thread.
class WayOpener final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WayOpener)
public:
    /// The socket outlives this.
    WayOpener(QAbstractSocket &socket, Way way, Endpoint goal, QObject *parent);
    ~WayOpener() override;

    void open();
    void stop(); ///< emits nothing any more
    /// SSH logs in, or the command is being started; connecting has not begun.
    [[nodiscard]] bool isHeldUp() const { return m_phase == Phase::Waiting; }
    /// Whether this error of the socket comes from the way: failed() then follows, with the way's own words. OpenSSH
    /// closes the connection without an answer where its server cannot connect; the reason stands on its standard
    /// error.
    bool explains(const Error &error);

Q_SIGNALS:
    void begun(); ///< the tunnel stands
    void opened(); ///< the server's bytes come next
    void failed(const slotscope::Error &error);

private:
    enum class Phase : quint8 { Idle, Waiting, Connecting, Greeting, Explaining, Over };
    void connectTo(const QString &host, quint16 port);
    void openSocket(const QString &host, quint16 port);
    void useTunnel();
    void useProgram();
    void greet();
    void readAnswer();
    void tellRefusal();
    void fail(Error error);

    QAbstractSocket &m_socket;
    Way m_way;
    Endpoint m_goal;
    std::optional<ProxyGreeting> m_greeting;
    std::shared_ptr<SshTunnel> m_tunnel;
    std::shared_ptr<CommandTunnel> m_program;
    Phase m_phase = Phase::Idle;
    quint16 m_localPort = 0;
    Error m_closed; ///< what is said where the tunnel has no better words
    QTimer m_patience;
};

} // namespace slotscope
