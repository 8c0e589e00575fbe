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
    RenamedCommands renamed = {}; ///< the names by which servers know renamed commands; callers use the original names
    int database = 0;
    /// Identifies the server (CLUSTER MYID, run id from INFO) before the connection becomes ready.
    bool identify = false;
    /// The only node this connection may lead to. If another one answers, it ends with Error::Code::WrongNode. If the
    /// server does not report its id (not permitted, busy with a script), the connection is accepted.
    QByteArray expectedId = {};
    /// the address is a guess: send credentials only after a PING without any was answered correctly
    bool probeFirst = false;
    /// Accepts replies without a request (SUBSCRIBE messages and MONITOR lines in RESP2) as pushes instead of errors.
    bool listens = false;
    bool readonlyReplica = false; ///< send READONLY, so that a replica serves reads of its slots
    bool noTouch =
        /// reads do not change a key's idle time and frequency, if the server supports that (Redis >= 7.2, Valkey)
        false;
    bool resp3 = true; ///< try HELLO 3 first
    QByteArray clientName = QByteArrayLiteral("slotscope");
    QString cluster = {}; ///< the user's name for the connection and the addresses entered, for command records
    QString seeds = {};
    int connectTimeoutMs = 5000;
    int handshakeTimeoutMs = 5000;
    int commandTimeoutMs = 10000;
    ReaderLimits limits;
};

/// Round-trip times, measured with commands that were sent while no other was pending.
struct RoundTrips
{
    qint64 count = 0;
    double smoothedMs = -1; ///< exponential average, -1 before the first measurement
    double worstMs = 0;
};

/// The identity of the server at the other end, as it reports it.
struct PeerIdentity
{
    QByteArray nodeId; ///< empty if unknown (not permitted, busy, or no cluster mode)
    QByteArray runId; ///< run id of the server process; empty if unknown
    bool isHeldUp = false; ///< it could not identify itself because it runs a script or loads its data
};

/// One connection to one server: pipelined, replies in order, RESP3 if the server supports it. Does not reconnect
/// (NodeLink does). If it is lost, a request that was never written fails with ConnectionLost, one that was written
/// with MaybeExecuted. Nothing is ever sent twice. Lives on its thread; delete with deleteLater().
class Connection final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Connection)
public:
    enum class State : quint8 { Idle, Connecting, Handshake, Ready, Closing, Closed };
    using Reply = Result<Value>; ///< a server's error reply is a Value; Error means that no reply arrived
    using Replies = Result<std::vector<Value>>;

    explicit Connection(ConnectionOptions options, QObject *parent = nullptr);
    ~Connection() override;

    void open();
    /// Stops accepting commands, waits for pending replies for at most two seconds, then closes.
    void close();
    /// Closes at once; pending requests fail.
    void abort(const Error &reason);

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const Error &error() const { return m_error; } ///< reason, if the state is Closed
    [[nodiscard]] const Endpoint &endpoint() const { return m_options.endpoint; }
    [[nodiscard]] const Value &hello() const
    {
        return m_hello;
    } ///< reply to HELLO (server, version, mode, role); null with RESP2
    /// The identity of the server; available before ready() if ConnectionOptions::identify is set.
    [[nodiscard]] const PeerIdentity &identity() const { return m_identity; }
    /// Whether reads do not change idle time and frequency: ConnectionOptions::noTouch was set and the server supports
    /// it.
    [[nodiscard]] bool leavesIdle() const { return m_leavesIdle; }
    /// Number of commands sent so far, to separate our own load from the clients'.
    [[nodiscard]] quint64 commandsSent() const { return m_commandsSent; }
    [[nodiscard]] const RoundTrips &roundTrips() const { return m_roundTrips; }
    [[nodiscard]] bool isIdle() const { return m_requests.empty(); } ///< no reply is pending
    /// Bytes accepted but not yet written to the socket. A producer should wait while this is high.
    [[nodiscard]] qsizetype backlog() const { return m_outgoing.size() - m_outgoingDone; }

    /// Whether the server has ever sent anything.
    [[nodiscard]] bool heard() const { return m_lastReceived.isValid(); }
    [[nodiscard]] qint64 silentMs() const { return m_lastReceived.isValid() ? m_lastReceived.elapsed() : 0; }
    /// Stops or resumes reading. The server is slowed down when the socket buffers are full.
    void setReading(bool reading);

    /// Sends a command. timeoutMs 0 means the command timeout of the options, -1 none (blocking commands). `from` is
    /// the calling source file, for CommandWatch.
    [[nodiscard]] QCoro::Task<Reply> send(Command command, int timeoutMs = 0, const char *from = __builtin_FILE());
    /// Sends all commands together; the replies come in the same order.
    [[nodiscard]] Awaited<Replies> sendAll(const std::vector<Command> &commands, int timeoutMs = 0,
                                           const char *from = __builtin_FILE());
    /// Sends a command that has no reply (CLIENT REPLY OFF), or is answered only by pushes (SUBSCRIBE). Returns false
    /// if it could not be sent.
    bool tell(const Command &command, const char *from = __builtin_FILE());

    using TakeBytes = std::function<void(QByteArrayView)>;
    /// Turns a ready and idle connection into a raw stream: `take` gets the incoming bytes, and only writeRaw() can
    /// send. Renewed passwords are not sent over it, and CommandWatch is not called: the caller reports to
    /// CommandWatch::sentInBulk(). Returns false if the connection is not ready and idle.
    bool giveOver(TakeBytes take);
    bool writeRaw(QByteArrayView bytes); ///< false if the connection has ended
    /// The socket's descriptor if bytes travel over it unchanged, -1 if not (TLS). After giveOver(), another thread may
    /// read and write a duplicate of it while setReading(false) is in effect here.
    [[nodiscard]] qintptr descriptor() const;

Q_SIGNALS:
    void ready();
    /// Connecting failed or the connection ended. No signal follows.
    void closed(const slotscope::Error &error);
    void pushReceived(const slotscope::Value &push);
    /// An attribute that precedes and describes a reply. `place` is that reply's position among commands sent together.
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
        quint64 watched = 0; ///< number returned by m_watch; 0: not watched
        bool alone = false; ///< no other request was pending when it was sent, so its time is a round-trip time
        bool abandoned = false; ///< timed out; its replies are still read, but dropped
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
    std::shared_ptr<PasswordSource> m_source; ///< null if the password does not come from a command
    OwnLogin m_login; ///< login-related commands sent since, if there is a source
    bool m_loginDue = false;
    std::shared_ptr<CommandWatch> m_watches;
    std::unique_ptr<ConnectionWatch> m_watch; ///< null if nothing observes the commands
    Reader m_reader;
    Value m_hello;
    std::deque<Request> m_requests;
    QByteArray m_outgoing; ///< encoded commands; bytes from m_outgoingDone on are not yet written to the socket
    qsizetype m_outgoingDone = 0;
    quint64 m_accepted = 0, m_written = 0; ///< stream positions: accepted from callers, written to the socket
    QTimer m_deadlines, m_phase;
    QElapsedTimer m_lastReceived;
    RoundTrips m_roundTrips;
    PeerIdentity m_identity;
    std::shared_ptr<void> m_standsThrough; ///< while Ready: keeps the tunnel command from being restarted
    bool m_leavesIdle = false;
    quint64 m_commandsSent = 0;
    bool m_reading = true;
    TakeBytes m_taker; ///< set after giveOver()
    bool m_readingOn = false; ///< another pass over the bytes already received is scheduled
};

/// Converts an error reply ("NOPERM …", "CLUSTERDOWN …") to an Error with node and command; nullopt if the value is no
/// error.
[[nodiscard]] std::optional<Error> errorOf(const Value &value, const QString &node, const QString &command);

/// Converts a reply, turning an error reply into an Error.
[[nodiscard]] Result<Value> checked(Result<Value> reply, const QString &node, const QString &command);

} // namespace slotscope
