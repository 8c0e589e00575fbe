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

/// Runs the system's ssh with a dynamic forward (SOCKS) on a local port. All connections of a thread through the same
/// hops share it. ssh itself handles ~/.ssh/config, agents and jump hosts. If ssh ends, it is restarted with back-off,
/// unless the login was refused. It ends with this program, however that ends. Lives on its thread.
class SshTunnel final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SshTunnel)
public:
    enum class State : quint8 {
        Idle,
        Starting, ///< ssh is logging in and may be asking the user
        Up,
        Waiting, ///< ssh has ended and will be restarted
        Refused, ///< host key or login refused; retried only at the user's request
    };

    /// Returns this thread's tunnel through these hops (Way::hops). It ends when the last reference is released.
    [[nodiscard]] static std::shared_ptr<SshTunnel> of(const QStringList &hops);
    ~SshTunnel() override;
    /// Ends the process; called when the last reference is released.
    void stop();

    void use(); ///< starts ssh if it was never started
    void retry(); ///< user request: restarts at once unless Up or starting

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] quint16 port() const { return m_port; } ///< port of the SOCKS5 proxy on 127.0.0.1, while Up
    [[nodiscard]] const Error &error() const { return m_error; } ///< reason for Waiting or Refused
    [[nodiscard]] qint64 processId() const; ///< process id of ssh; 0 if it is not running
    /// Waits until the current attempt has succeeded or failed. Returns true if the tunnel is Up.
    [[nodiscard]] Awaited<bool> settled();
    /// Why the SSH server refused the connection that came from this local port.
    [[nodiscard]] std::optional<Error> refusalAt(quint16 localPort) const { return m_log.refusalAt(localPort); }

    /// Arguments for ssh, without the program's name. The environment variable SLOTSCOPE_SSH_CONFIG names a file to use
    /// instead of the user's.
    [[nodiscard]] static QStringList arguments(const QStringList &hops, quint16 port, bool mayAsk);

Q_SIGNALS:
    void changed(); ///< state() has changed
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
