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

/// A command of the user's own that leads to one server: it is started with a free port of ours on 127.0.0.1, and
/// stands when it accepts connections there. One for all connections of a thread to that server. Where it ends, or
/// leads nowhere any more, it is started again, with back-off. Its process group ends with this program, however that
/// ends. Lives on its thread.
class CommandTunnel final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CommandTunnel)
public:
    enum class State : quint8 {
        Idle,
        Starting,
        Up,
        Waiting, ///< ended, will be tried again
        Refused, ///< the program cannot be started: tried again only when the user asks for it
    };
    /// What came of an attempt to reach the server through it.
    enum class Outcome : quint8 {
        Led, ///< a server was at its end, whatever it said
        Closed, ///< the connection ended before the server had said anything
        Silent, ///< the server did not say anything: it is busy, or the way leads nowhere
    };
    static constexpr int startMs = 20000; ///< it stands by then, or is ended

    /// The tunnel of this thread to this server; ends when nobody holds it any more.
    [[nodiscard]] static std::shared_ptr<CommandTunnel> of(const Way &way, const Endpoint &goal);
    ~CommandTunnel() override;
    /// Ends the process; called when nobody holds this any more.
    void stop();

    void use(); ///< starts it where it was never started
    void retry(); ///< by the user's wish: starts it at once unless it stands or is being started
    /// One that stands and leads nowhere several times in a row is started anew, unless a connection still stands.
    /// Silence alone says little where the program accepts connections: the server may be busy.
    void noteOutcome(Outcome outcome);
    /// A connection that is ready holds it as long as it is: the command is not ended meanwhile.
    [[nodiscard]] std::shared_ptr<void> stand() const { return m_stand; }

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] quint16 port() const { return m_port; } ///< on 127.0.0.1, while Up
    [[nodiscard]] const Error &error() const { return m_error; } ///< why Waiting or Refused
    [[nodiscard]] qint64 processId() const; ///< 0 where it does not run

Q_SIGNALS:
    void changed(); ///< state()

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
    qint64 m_group = 0; ///< of processes: the one that we started, and what it has started itself
    QProcess *m_watcher = nullptr; ///< ends the process and what it started, where we end first
    QTcpSocket *m_knocking = nullptr;
    QByteArray m_lastWords; ///< the last line of its standard error
    QTimer m_again, m_knock, m_patience;
    Backoff m_backoff;
    QElapsedTimer m_standing, m_badSince;
    int m_bad = 0; ///< connections in a row that came to nothing
    std::shared_ptr<int> m_stand = std::make_shared<int>(0); ///< of this process; shared by what stands through it
};

} // namespace slotscope
