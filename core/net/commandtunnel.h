// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/net/backoff.h"
#include "core/net/uri.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <memory>

class QProcess;
class QTcpSocket;

namespace slotscope {

/// A tunnel to one server, made by a command that the user configured. The command gets a free local port on 127.0.0.1,
/// and the tunnel is Up once the command accepts connections there. All connections of a thread to that server share
/// it. If the command ends or its connections fail, it is restarted with back-off. Its process group ends with this
/// program, however that ends. Lives on its thread.
class CommandTunnel final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CommandTunnel)
public:
    enum class State : quint8 {
        Idle,
        Starting,
        Up,
        Waiting, ///< the command has ended and will be restarted
        Refused, ///< the command cannot be started; retried only at the user's request
    };
    /// Result of an attempt to reach the server through the tunnel.
    enum class Outcome : quint8 {
        Led, ///< a server answered, whatever the reply
        Closed, ///< the connection was closed before the server had sent anything
        Silent, ///< the server sent nothing: it is busy, or the tunnel leads nowhere
    };
    static constexpr int startMs = 20000; ///< time within which the command must accept connections, or is ended

    /// Returns this thread's tunnel to this server. It ends when the last reference is released.
    [[nodiscard]] static std::shared_ptr<CommandTunnel> of(const Way &way, const Endpoint &goal);
    ~CommandTunnel() override;
    /// Ends the process; called when the last reference is released.
    void stop();

    void use(); ///< starts the command if it was never started
    void retry(); ///< user request: restarts at once unless Up or starting
    /// Reports how a connection attempt ended. If several in a row failed while Up, the command is restarted, unless
    /// another connection through it is ready. Silence alone counts less if the command accepts connections, because
    /// the server may be busy.
    void noteOutcome(Outcome outcome);
    /// A ready connection keeps this token, so that the command is not restarted as long as the connection exists.
    [[nodiscard]] std::shared_ptr<void> stand() const { return m_stand; }

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] quint16 port() const { return m_port; } ///< the local port on 127.0.0.1, while Up
    [[nodiscard]] const Error &error() const { return m_error; } ///< reason for Waiting or Refused
    [[nodiscard]] qint64 processId() const; ///< 0 if no process is running

Q_SIGNALS:
    void changed(); ///< state() has changed

private:
    CommandTunnel(Way way, Endpoint goal);
    void start();
    void endProcess();
    void watchProcess();
    void knock();
    void handleKnock();
    [[nodiscard]] bool isOurs() const;
    [[nodiscard]] bool accepts() const;
    void readWords();
    void handleEnd(Error::Code code, const QString &why);
    void setState(State state);

    Way m_way;
    Endpoint m_goal;
    State m_state = State::Idle;
    quint16 m_port = 0;
    Error m_error;
    QProcess *m_process = nullptr;
    qint64 m_group = 0; ///< process group of the command and everything it started
    QProcess *m_watcher = nullptr; ///< ends the process group if our program ends first
    QTcpSocket *m_knocking = nullptr;
    QByteArray m_lastWords; ///< the last line of the command's standard error
    QTimer m_again, m_knock, m_patience;
    Backoff m_backoff;
    QElapsedTimer m_standing, m_badSince;
    int m_bad = 0; ///< number of consecutive failed connections
    /// token for the current process; shared by the connections through it
    std::shared_ptr<int> m_stand = std::make_shared<int>(0);
};

} // namespace slotscope
