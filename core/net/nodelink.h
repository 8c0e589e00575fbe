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

/// A connection that is kept up: opens again after a loss, with capped exponential back-off. Says at any time how it
/// stands. Lives on its thread; delete with deleteLater().
class NodeLink final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NodeLink)
public:
    enum class State : quint8 { Idle, Connecting, Ready, Waiting, Refused };

    /// With a pacer, connections are opened when it is their turn.
    explicit NodeLink(ConnectionOptions options, QObject *parent = nullptr, std::shared_ptr<ConnectPacer> pacer = {});
    ~NodeLink() override;

    void start();
    /// Tries at once instead of waiting for the back-off. What a password was refused for is tried again only when the
    /// user asks for it: further wrong passwords may lock the account.
    void retryNow(bool byUser = false);
    void stop();

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] bool isReady() const { return m_state == State::Ready; }
    [[nodiscard]] const Error &error() const
    {
        return m_error;
    } ///< why Waiting or Refused; kept while Connecting again
    [[nodiscard]] qint64 retryAt() const { return m_retryAt; } ///< ms since 1970, 0 where none is due
    [[nodiscard]] int failures() const { return m_failures; } ///< attempts in a row that failed
    [[nodiscard]] const Endpoint &endpoint() const { return m_options.endpoint; }
    [[nodiscard]] const ConnectionOptions &options() const { return m_options; }
    [[nodiscard]] Connection *connection() const { return m_connection; } ///< null unless Connecting or Ready
    /// Commands given to the server so far over all of its connections.
    [[nodiscard]] quint64 commandsSent() const
    {
        return m_sentBefore + (m_connection ? m_connection->commandsSent() : 0);
    }
    /// Who answers; empty fields where that was not asked, or not told.
    [[nodiscard]] PeerIdentity identity() const { return m_connection ? m_connection->identity() : PeerIdentity(); }
    [[nodiscard]] double roundTripMs() const { return m_connection ? m_connection->roundTrips().smoothedMs : -1; }

    /// Fails at once with ConnectionLost and the reason where the link is not ready.
    [[nodiscard]] QCoro::Task<Connection::Reply> send(Command command, int timeoutMs = 0,
                                                      const char *from = __builtin_FILE());
    [[nodiscard]] Awaited<Connection::Replies> sendAll(const std::vector<Command> &commands, int timeoutMs = 0,
                                                       const char *from = __builtin_FILE());

    /// Waits for the outcome of the attempt under way: true when ready, false when it failed or the link was stopped.
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
    std::shared_ptr<SshTunnel>
        m_tunnel; ///< held, so that it outlasts single connections; null where the way is not SSH
    std::shared_ptr<CommandTunnel> m_program; ///< the same of a way by a command
    std::shared_ptr<PasswordSource> m_source; ///< held for the same reason; null where no command gives the password
    bool m_inPacer = false; ///< a leave() is due
    bool m_failing = false; ///< counted by the pacer
    quint64 m_attempt = 0;
    quint64 m_sentBefore = 0; ///< over connections that have ended
    Connection *m_connection = nullptr;
    State m_state = State::Idle;
    Error m_error;
    Backoff m_backoff;
    QTimer m_retry;
    qint64 m_retryAt = 0;
    int m_failures = 0;
    std::vector<Awaited<bool>::Completer> m_waiting; ///< for settled()
};

} // namespace slotscope
