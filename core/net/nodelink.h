// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/backoff.h"
#include "core/net/connection.h"

#include <memory>

namespace slotscope {

class CommandTunnel;
class ConnectPacer;
class PasswordSource;
class SshTunnel;

/// A connection that is kept open: reconnects after a loss, with capped exponential back-off, and always reports its
/// state. Lives on its thread; delete with deleteLater().
class NodeLink final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NodeLink)
public:
    enum class State : quint8 { Idle, Connecting, Ready, Waiting, Refused };

    /// If a pacer is given, it decides when connections are opened.
    explicit NodeLink(ConnectionOptions options, QObject *parent = nullptr, std::shared_ptr<ConnectPacer> pacer = {});
    ~NodeLink() override;

    void start();
    /// Retries now instead of waiting for the back-off. After a refused password, it retries only if `byUser` is set,
    /// because further wrong passwords may lock the account.
    void retryNow(bool byUser = false);
    void stop();

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] bool isReady() const { return m_state == State::Ready; }
    [[nodiscard]] const Error &error() const
    {
        return m_error;
    } ///< reason for Waiting or Refused; kept while reconnecting
    /// time of the next attempt in ms since 1970, 0 if none is planned
    [[nodiscard]] qint64 retryAt() const { return m_retryAt; }
    [[nodiscard]] int failures() const { return m_failures; } ///< number of consecutive failed attempts
    [[nodiscard]] const Endpoint &endpoint() const { return m_options.endpoint; }
    [[nodiscard]] const ConnectionOptions &options() const { return m_options; }
    [[nodiscard]] Connection *connection() const { return m_connection; } ///< null unless Connecting or Ready
    /// Number of commands sent so far over all connections of this link.
    [[nodiscard]] quint64 commandsSent() const
    {
        return m_sentBefore + (m_connection ? m_connection->commandsSent() : 0);
    }
    /// The server's identity; fields are empty if it was not asked or did not report them.
    [[nodiscard]] PeerIdentity identity() const { return m_connection ? m_connection->identity() : PeerIdentity(); }
    [[nodiscard]] double roundTripMs() const { return m_connection ? m_connection->roundTrips().smoothedMs : -1; }

    /// Sends a command. Fails at once with ConnectionLost and the reason if the link is not ready.
    [[nodiscard]] QCoro::Task<Connection::Reply> send(Command command, int timeoutMs = 0,
                                                      const char *from = __builtin_FILE());
    [[nodiscard]] Awaited<Connection::Replies> sendAll(const std::vector<Command> &commands, int timeoutMs = 0,
                                                       const char *from = __builtin_FILE());

    /// Waits for the current attempt. Returns true when ready, false when it failed or the link was stopped.
    [[nodiscard]] Awaited<bool> settled();

Q_SIGNALS:
    void stateChanged(slotscope::NodeLink::State state);

private:
    void open();
    void openConnection();
    void leavePacer();
    void setFailing(bool failing);
    void handleClosed(const Error &error);
    void setState(State state);
    void settle(bool ready);
    [[nodiscard]] Error unavailable(const QString &command) const;

    ConnectionOptions m_options;
    std::shared_ptr<ConnectPacer> m_pacer;
    std::shared_ptr<SshTunnel> m_tunnel; ///< the same for a tunnel made by a command
    std::shared_ptr<CommandTunnel> m_program; ///< the same for a tunnel by a command
    /// kept for the same reason; null if the password does not come from a command
    std::shared_ptr<PasswordSource> m_source;
    bool m_inPacer = false; ///< the pacer's leave() must still be called
    bool m_failing = false; ///< the pacer counts this link as failing
    quint64 m_attempt = 0;
    quint64 m_sentBefore = 0; ///< commands sent over earlier connections
    Connection *m_connection = nullptr;
    State m_state = State::Idle;
    Error m_error;
    Backoff m_backoff;
    QTimer m_retry;
    qint64 m_retryAt = 0;
    int m_failures = 0;
    std::vector<Awaited<bool>::Completer> m_waiting; ///< waiters of settled()
};

} // namespace slotscope
