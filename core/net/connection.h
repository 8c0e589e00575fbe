// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/awaited.h"
#include "core/net/ownlogin.h"
#include "core/net/uri.h"
#include "core/protocol/command.h"
#include "core/protocol/reader.h"

#include "core/base/task.h"
#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <deque>
#include <functional>
#include <memory>

namespace slotscope {

class CommandWatch;
class ConnectionWatch;
class PasswordSource;
class Transport;

struct ConnectionOptions
{
    Endpoint endpoint;
    Credentials credentials;
    TlsSettings tls = {};
    Way way = {};
    RenamedCommands renamed = {}; ///< commands are sent by these names; everybody else knows them by their own
    int database = 0;
    /// Asks who answers (CLUSTER MYID, the run id of INFO) before the connection counts as ready.
    bool identify = false;
    /// The only node that this connection is meant for. Where another one answers, it ends with Error::Code::WrongNode;
    /// where the server does not say who it is (no right to, busy with a script), the connection stays.
    QByteArray expectedId = {};
    bool probeFirst = false; ///< the address is a guess: no credentials before a PING without any was answered rightly
    /// Replies that nobody asked for (messages of SUBSCRIBE and lines of MONITOR in RESP2) are pushes, not a fault.
    bool listens = false;
    bool readonlyReplica = false; ///< send READONLY: a replica then serves reads of its slots
    bool noTouch =
        false; ///< reads leave idle time and frequency as they are, where the server can (Redis >= 7.2, Valkey)
    bool resp3 = true; ///< ask for HELLO 3 first
    QByteArray clientName = QByteArrayLiteral("slotscope");
    QString cluster = {}; ///< what the user calls it, and the addresses that he named: for the records of commands
    QString seeds = {};
    int connectTimeoutMs = 5000;
    int handshakeTimeoutMs = 5000;
    int commandTimeoutMs = 10000;
    ReaderLimits limits;
};

/// Round-trip times of commands that found the pipeline empty.
struct RoundTrips
{
    qint64 count = 0;
    double smoothedMs = -1; ///< exponential average, -1 before the first
    double worstMs = 0;
};

/// Who is at the other end of a connection, in its own words.
struct PeerIdentity
{
    QByteArray nodeId; ///< empty: not told (no right to ask, busy, or no cluster mode)
    QByteArray runId; ///< of this process of the server; empty: not told
    bool isHeldUp = false; ///< it could not say who it is: it runs a script, or loads its data
};

/// One connection to one server: pipelined, in order, RESP3 where the server has it. Does not reconnect (NodeLink
/// does). A request that was never written fails with ConnectionLost, one that was written with MaybeExecuted; nothing
/// is ever sent twice. Lives on its thread; delete with deleteLater().
class Connection final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Connection)
public:
    enum class State : quint8 { Idle, Connecting, Handshake, Ready, Closing, Closed };
    using Reply = Result<Value>; ///< a server's error reply is a Value; Error only where no reply came
    using Replies = Result<std::vector<Value>>;

    explicit Connection(ConnectionOptions options, QObject *parent = nullptr);
    ~Connection() override;

    void open();
    /// Sends nothing more, waits for the replies due, then closes; what is still due after two seconds is given up.
    void close();
    /// Ends at once; requests fail.
    void abort(const Error &reason);

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const Error &error() const { return m_error; } ///< why Closed
    [[nodiscard]] const Endpoint &endpoint() const { return m_options.endpoint; }
    [[nodiscard]] const Value &hello() const
    {
        return m_hello;
    } ///< HELLO's reply (server, version, mode, role); null on RESP2
    /// Who answers; told before ready(), where ConnectionOptions::identify asks for it.
    [[nodiscard]] const PeerIdentity &identity() const { return m_identity; }
    /// Whether reads leave idle time and frequency as they are: ConnectionOptions::noTouch was granted.
    [[nodiscard]] bool leavesIdle() const { return m_leavesIdle; }
    /// Commands that were given to the server so far, for telling our own load from the clients'.
    [[nodiscard]] quint64 commandsSent() const { return m_commandsSent; }
    [[nodiscard]] const RoundTrips &roundTrips() const { return m_roundTrips; }
    [[nodiscard]] bool isIdle() const { return m_requests.empty(); } ///< no reply is due
    /// Bytes accepted but not yet handed to the socket: a producer waits while it is high.
    [[nodiscard]] qsizetype backlog() const { return m_outgoing.size() - m_outgoingDone; }

    /// Since the last bytes came.
    [[nodiscard]] bool heard() const { return m_lastReceived.isValid(); } ///< anything from the server, ever
    [[nodiscard]] qint64 silentMs() const { return m_lastReceived.isValid() ? m_lastReceived.elapsed() : 0; }
    /// Stops reading, or goes on: the server is held back when the sockets' buffers are full.
    void setReading(bool reading);

    /// timeoutMs 0: the option's command timeout; -1: none (blocking commands). `from`: who sends, for CommandWatch.
    [[nodiscard]] QCoro::Task<Reply> send(Command command, int timeoutMs = 0, const char *from = __builtin_FILE());
    /// All commands in one go; the replies in order.
    [[nodiscard]] Awaited<Replies> sendAll(const std::vector<Command> &commands, int timeoutMs = 0,
                                           const char *from = __builtin_FILE());
    /// A command that is answered by nothing (CLIENT REPLY OFF), or only by what comes as a push (SUBSCRIBE). False
    /// where it could not be sent.
    bool tell(const Command &command, const char *from = __builtin_FILE());

    using TakeBytes = std::function<void(QByteArrayView)>;
    /// Ready and idle, the connection becomes a stream: from now on what comes goes to `take` as it is, and writeRaw()
    /// is the only way to send. A renewed password is not told over it, and CommandWatch hears nothing: who does this
    /// tells it by CommandWatch::sentInBulk(). False where it is not ready and idle.
    bool giveOver(TakeBytes take);
    bool writeRaw(QByteArrayView bytes); ///< false: it has ended
    /// The socket itself, where bytes travel over it as they are: who was given the connection over may read and write
    /// a duplicate of it on another thread, while setReading(false) holds here. -1 where there is none (TLS).
    [[nodiscard]] qintptr descriptor() const;

Q_SIGNALS:
    void ready();
    /// Connecting failed or the connection ended; the last signal.
    void closed(const slotscope::Error &error);
    void pushReceived(const slotscope::Value &push);
    /// Stands before a reply, and describes it: the one with this place among the replies to what was sent in one go.
    void attributeReceived(const slotscope::Value &attribute, size_t place);

private:
    struct Request
    {
        size_t expected = 0;
        std::vector<Value> replies;
        Awaited<Replies>::Completer completer;
        QDeadlineTimer deadline;
        QElapsedTimer age;
        QString name;
        quint64 firstByte = 0; ///< position in the stream of outgoing bytes
        quint64 watched = 0; ///< its number with m_watch; 0: nobody listens
        bool alone = false; ///< found the pipeline empty: its time is a round trip
        bool abandoned = false; ///< timed out; its replies are read and dropped
    };

    void openTransport();
    QCoro::Task<> openWithPassword();
    QCoro::Task<> handshake();
    QCoro::Task<std::optional<Error>> probe();
    QCoro::Task<std::optional<Error>> authenticate();
    QCoro::Task<std::optional<Error>> logIn();
    QCoro::Task<> logInAgain();
    void noteSent(const std::vector<Command> &commands);
    QCoro::Task<std::optional<Error>> prepare();
    QCoro::Task<std::optional<Error>> tellSentinel();
    QCoro::Task<std::optional<Error>> identify();
    Awaited<Replies> enqueue(const std::vector<Command> &commands, int timeoutMs, const char *from = __builtin_FILE());
    [[nodiscard]] std::optional<Error> whyNot(const std::vector<Command> &commands) const;
    void encode(const Command &command);
    [[nodiscard]] std::vector<Command> ownNames(const std::vector<Command> &commands) const;
    void flush();
    void readAvailable();
    void readOn();
    bool parse(QByteArrayView bytes);
    bool take(Value &value);
    void finishFront();
    void checkDeadlines();
    void fail(Error error);
    void setReady();
    [[nodiscard]] Error located(Error error) const;

    ConnectionOptions m_options;
    State m_state = State::Idle;
    Error m_error;
    Transport *m_transport = nullptr;
    std::shared_ptr<PasswordSource> m_source; ///< null where no command gives the password
    OwnLogin m_login; ///< what was sent since, where there is a source
    bool m_loginDue = false;
    std::shared_ptr<CommandWatch> m_watches;
    std::unique_ptr<ConnectionWatch> m_watch; ///< null: nobody wants to hear of what is sent
    Reader m_reader;
    Value m_hello;
    std::deque<Request> m_requests;
    QByteArray m_outgoing; ///< encoded, from m_outgoingDone on not yet given to the socket
    qsizetype m_outgoingDone = 0;
    quint64 m_accepted = 0, m_written = 0; ///< stream positions: queued, given to the socket
    QTimer m_deadlines, m_phase;
    QElapsedTimer m_lastReceived;
    RoundTrips m_roundTrips;
    PeerIdentity m_identity;
    std::shared_ptr<void> m_standsThrough; ///< while Ready: a command that leads to the server is not ended
    bool m_leavesIdle = false;
    quint64 m_commandsSent = 0;
    bool m_reading = true;
    TakeBytes m_taker; ///< set: the connection was given over
    bool m_readingOn = false; ///< the next slice of what lies ready is due
};

/// The Error in an error reply ("NOPERM …", "CLUSTERDOWN …"), with node and command; nothing where the value is no
/// error.
[[nodiscard]] std::optional<Error> errorOf(const Value &value, const QString &node, const QString &command);

/// A reply with error replies turned into Errors.
[[nodiscard]] Result<Value> checked(Result<Value> reply, const QString &node, const QString &command);

} // namespace slotscope
