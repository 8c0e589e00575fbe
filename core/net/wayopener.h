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

/// Opens one connection's route through a proxy, SSH or a command, on the socket that the connection then uses. Qt's
/// own proxy support is not used, because it reads without limit and does not distinguish refusals well. Lives on its
/// thread.
class WayOpener final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WayOpener)
public:
    /// `socket` must outlive this object.
    WayOpener(QAbstractSocket &socket, Way way, Endpoint goal, QObject *parent);
    ~WayOpener() override;

    void open();
    void stop(); ///< stops without emitting any signal
    /// Whether connecting has not begun because SSH is logging in or the command is starting.
    [[nodiscard]] bool isHeldUp() const { return m_phase == Phase::Waiting; }
    /// Whether this socket error is caused by the route; failed() then follows with a better reason. If the SSH server
    /// cannot connect, OpenSSH closes the connection without an answer and prints the reason to its standard error.
    bool explains(const Error &error);

Q_SIGNALS:
    void begun(); ///< the tunnel is ready
    void opened(); ///< the next bytes come from the server
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
    Error m_closed; ///< error to report if the tunnel gives no better reason
    QTimer m_patience;
};

} // namespace slotscope
