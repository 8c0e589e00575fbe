// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/net/awaited.h"
#include "core/net/backoff.h"
#include "core/net/sshlog.h"

#include <QElapsedTimer>
#include <QObject>
#include <QStringList>
#include <QTimer>

#include <memory>
#include <optional>
#include <vector>

class QProcess;

namespace slotscope {

class SshAskpass;

/// The system's ssh with a dynamic forward at a port of our own: one for all connections of a thread that take the same
/// way. ~/.ssh/config, agents and jump hosts are ssh's business. Where it ends it is started again, with back-off,
/// except where it was refused. It dies with this program, however that ends. Lives on its thread.
class SshTunnel final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SshTunnel)
public:
    enum class State : quint8 {
        Idle,
        Starting, ///< logs in; the user may be being asked
        Up,
        Waiting, ///< ended, will be tried again
        Refused, ///< the host key or the login: tried again only when the user asks for it
    };

    /// The tunnel of this thread with these hops (Way::hops); ends when nobody holds it any more.
    [[nodiscard]] static std::shared_ptr<SshTunnel> of(const QStringList &hops);
    ~SshTunnel() override;
    /// Ends the process; called when nobody holds this any more.
    void stop();

    void use(); ///< starts it where it was never started
    void retry(); ///< by the user's wish: starts it at once unless it stands or is being started

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] quint16 port() const { return m_port; } ///< of the SOCKS5 proxy on 127.0.0.1, while Up
    [[nodiscard]] const Error &error() const { return m_error; } ///< why Waiting or Refused
    [[nodiscard]] qint64 processId() const; ///< of ssh; 0 where it does not run
    /// Waits until the current attempt has succeeded or failed. Returns true if the tunnel is Up.
    [[nodiscard]] Awaited<bool> settled();
    /// Why the SSH server did not make the connection that came from this local port.
    [[nodiscard]] std::optional<Error> refusalAt(quint16 localPort) const { return m_log.refusalAt(localPort); }

    /// What is started, without the program's name. SLOTSCOPE_SSH_CONFIG names a file to use in place of the user's.
    [[nodiscard]] static QStringList arguments(const QStringList &hops, quint16 port, bool mayAsk);

Q_SIGNALS:
    void changed(); ///< state()
    void channelRefused(quint16 localPort);

private:
    explicit SshTunnel(QStringList hops);
    void start();
    void endProcess();
    void readWords();
    void takeCancel();
    void handleEnd(const Error &why);
    void setState(State state);

    QStringList m_hops;
    State m_state = State::Idle;
    quint16 m_port = 0;
    Error m_error;
    SshLog m_log{0};
    QProcess *m_process = nullptr;
    SshAskpass *m_askpass = nullptr;
    QTimer m_again;
    Backoff m_backoff;
    QElapsedTimer m_standing;
    int m_portsTried = 0;
    std::vector<Awaited<bool>::Completer> m_waiting;
};

} // namespace slotscope
