// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/connection.h"

#include "core/base/logging.h"
#include "core/base/secrets.h"
#include "core/net/commandtunnel.h"
#include "core/net/commandwatch.h"
#include "core/net/passwordsource.h"
#include "core/net/transport.h"
#include "core/protocol/commandnames.h"

#include <QCoreApplication>
#include <QPointer>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype socketHighWater = 4 * 1024 * 1024;
constexpr int deadlineCheckMs = 50;
constexpr int closeGraceMs = 2000;

} // namespace

Connection::Connection(ConnectionOptions options, QObject *parent)
    : QObject(parent), m_options(std::move(options)), m_watches(commandWatch()), m_reader(m_options.limits)
{
    if (m_watches)
        m_watch = m_watches->watch(m_options);
    rememberSecret(m_options.credentials.password.toUtf8());
    rememberNames(m_options.renamed);
    m_deadlines.setInterval(deadlineCheckMs);
    connect(&m_deadlines, &QTimer::timeout, this, &Connection::checkDeadlines);
    m_phase.setSingleShot(true);
    connect(&m_phase, &QTimer::timeout, this, [this] {
        if (m_state == State::Connecting && m_transport->isHeldUp()) {
            m_phase.start();
            return;
        }
        if (m_state == State::Connecting && m_transport->isReached()) {
            fail({.code = Error::Code::Timeout, // the server is frozen or does not use TLS; these cannot be told apart
                  .detail = tr("the port accepts connections, but the TLS handshake was not answered within %1 ms; is "
                               "it the TLS port?")
                                .arg(m_options.connectTimeoutMs),
                  .serverPrefix = {},
                  .node = {},
                  .command = {}});
            return;
        }
        const QString detail = m_state == State::Connecting
            ? tr("connecting took longer than %1 ms").arg(m_options.connectTimeoutMs)
            : m_state == State::Closing
            ? tr("closed")
            : tr("connected, but the handshake was not answered within %1 ms").arg(m_options.handshakeTimeoutMs);
        fail({.code = Error::Code::Timeout, .detail = detail, .serverPrefix = {}, .node = {}, .command = {}});
    });
}

Connection::~Connection()
{
    if (m_state != State::Idle && m_state != State::Closed) {
        blockSignals(true);
        fail({.code = Error::Code::Cancelled, .detail = {}, .serverPrefix = {}, .node = {}, .command = {}});
    }
}

void Connection::open()
{
    Q_ASSERT(m_state == State::Idle);
    m_state = State::Connecting;
    if (m_options.credentials.command.isEmpty())
        return openTransport();
    m_source = PasswordSource::of(m_options.credentials.command);
    openWithPassword();
}

void Connection::openTransport()
{
    m_transport = Transport::create(m_options.endpoint, m_options.tls, m_options.way, this);
    connect(m_transport, &Transport::begun, this, [this] { m_phase.start(m_options.connectTimeoutMs); });
    connect(m_transport, &Transport::failed, this, &Connection::fail);
    connect(m_transport, &Transport::opened, this, [this] {
        m_state = State::Handshake;
        m_phase.start(m_options.handshakeTimeoutMs);
        connect(m_transport->device(), &QIODevice::readyRead, this, &Connection::readAvailable);
        connect(m_transport, &Transport::drained, this, &Connection::flush);
        handshake();
    });
    m_phase.start(m_options.connectTimeoutMs);
    m_transport->open();
}

void Connection::close()
{
    if (m_state == State::Closed || m_state == State::Closing)
        return;
    if (m_state != State::Ready || m_requests.empty()) {
        abort({.code = Error::Code::Cancelled, .detail = {}, .serverPrefix = {}, .node = {}, .command = {}});
        return;
    }
    m_state = State::Closing;
    m_phase.start(closeGraceMs);
}

void Connection::abort(const Error &reason)
{
    fail(reason);
}

QCoro::Task<Connection::Reply> Connection::send(Command command, int timeoutMs, const char *from)
{
    if (m_state != State::Ready) {
        const Error reason = m_state == State::Closed ? m_error : Error{};
        co_return failure(Error{.code = Error::Code::ConnectionLost,
                                .detail = reason.detail,
                                .serverPrefix = {},
                                .node = m_options.endpoint.toString(),
                                .command = commandName(command)});
    }
    std::vector<Command> one;
    one.push_back(std::move(command));
    if (const auto why = whyNot(one))
        co_return failure(*why);
    noteSent(one);
    Replies replies = co_await enqueue(one, timeoutMs, from);
    if (!replies)
        co_return failure(replies.error());
    co_return std::move(replies->front());
}

Awaited<Connection::Replies> Connection::sendAll(const std::vector<Command> &commands, int timeoutMs, const char *from)
{
    if (commands.empty())
        return Awaited<Replies>::finished(std::vector<Value>());
    if (m_state != State::Ready)
        return Awaited<Replies>::finished(failure(Error{.code = Error::Code::ConnectionLost,
                                                        .detail = m_error.detail,
                                                        .serverPrefix = {},
                                                        .node = m_options.endpoint.toString(),
                                                        .command = commandName(commands.front())}));
    if (const auto why = whyNot(commands))
        return Awaited<Replies>::finished(failure(*why));
    noteSent(commands);
    return enqueue(commands, timeoutMs, from);
}

/// Why the commands are not sent: a record must be kept but cannot be written. nullopt if they may be sent.
std::optional<Error> Connection::whyNot(const std::vector<Command> &commands) const
{
    std::optional<Error> why;
    if (m_watches)
        why = m_watches->whyNot(m_options.renamed.isEmpty() ? commands : ownNames(commands));
    if (why)
        why->node = m_options.endpoint.toString();
    return why;
}

Awaited<Connection::Replies> Connection::enqueue(const std::vector<Command> &commands, int timeoutMs, const char *from)
{
    Request &request = m_requests.emplace_back();
    request.expected = commands.size();
    request.replies.reserve(commands.size());
    request.alone = m_requests.size() == 1;
    request.name = commandName(commands.front());
    request.firstByte = m_accepted;
    if (m_watch)
        request.watched = m_watch->sent(m_options.renamed.isEmpty() ? commands : ownNames(commands), from);
    request.age.start();
    const int timeout = timeoutMs == 0 ? m_options.commandTimeoutMs : timeoutMs;
    request.deadline = timeout < 0 ? QDeadlineTimer(QDeadlineTimer::Forever) : QDeadlineTimer(timeout);
    const Awaited<Replies> awaited = request.completer.awaited();

    const qsizetype before = m_outgoing.size();
    for (const Command &command : commands)
        encode(command);
    m_accepted += quint64(m_outgoing.size() - before);
    m_commandsSent += commands.size();
    if (!m_deadlines.isActive())
        m_deadlines.start();
    flush();
    return awaited;
}

bool Connection::tell(const Command &command, const char *from)
{
    if (m_state != State::Ready || command.isEmpty())
        return false;
    if (const std::vector<Command> one = ownNames({command}); whyNot(one))
        return false;
    else if (const quint64 watched = m_watch ? m_watch->sent(one, from) : 0)
        m_watch->answered(watched, {}); // tell the watch that no reply will follow
    if (m_source)
        m_login.sent(asKnown(command, m_options.renamed), !m_hello.isNull());
    const qsizetype before = m_outgoing.size();
    encode(command);
    m_accepted += quint64(m_outgoing.size() - before);
    ++m_commandsSent;
    flush();
    return m_state == State::Ready;
}

/// Encodes a command. Only here a renamed command gets the name that the server knows; everything else, records too,
/// uses the original name.
void Connection::encode(const Command &command)
{
    if (m_options.renamed.isEmpty())
        appendEncoded(command, m_outgoing);
    else
        appendEncoded(asSent(command, m_options.renamed), m_outgoing);
}

/// Returns the commands under their original names, for records, whichever name was used.
std::vector<Command> Connection::ownNames(const std::vector<Command> &commands) const
{
    std::vector<Command> known;
    for (const Command &command : commands)
        known.push_back(asKnown(command, m_options.renamed));
    return known;
}

/// Writes as much as the socket takes without buffering much, because commands still waiting here were certainly not
/// executed.
void Connection::flush()
{
    QIODevice *device = m_transport ? m_transport->device() : nullptr;
    while (device && m_outgoingDone < m_outgoing.size() && m_transport->bytesToWrite() < socketHighWater) {
        const qsizetype size = std::min(m_outgoing.size() - m_outgoingDone, socketHighWater);
        const qint64 taken = device->write(m_outgoing.constData() + m_outgoingDone, size);
        if (taken <= 0)
            return; // the transport reports the error itself
        m_outgoingDone += taken;
        m_written += quint64(taken);
    }
    if (m_outgoingDone == m_outgoing.size()) {
        m_outgoing.resize(0);
        m_outgoingDone = 0;
    } else if (m_outgoingDone > socketHighWater) {
        m_outgoing.remove(0, m_outgoingDone);
        m_outgoingDone = 0;
    }
}

/// Gives up requests past their deadline. If the server has sent nothing at all since such a request, the connection is
/// closed.
void Connection::checkDeadlines()
{
    std::vector<std::pair<Awaited<Replies>::Completer, Error>> late;
    bool silent = false;
    for (Request &request : m_requests) {
        if (request.abandoned || !request.deadline.hasExpired())
            continue;
        request.abandoned = true;
        silent = silent || !m_lastReceived.isValid() || m_lastReceived.elapsed() >= request.age.elapsed();
        late.emplace_back(std::move(request.completer),
                          Error{.code = Error::Code::Timeout,
                                .detail = tr("no reply within %1 ms").arg(request.age.elapsed()),
                                .serverPrefix = {},
                                .node = m_options.endpoint.toString(),
                                .command = request.name});
    }
    const Error reason = late.empty() ? Error{} : late.front().second;
    for (auto &[completer, error] : late)
        completer.complete(failure(std::move(error)));
    if (silent && m_state != State::Closed)
        fail(reason);
}

void Connection::fail(Error error)
{
    if (m_state == State::Closed)
        return;
    if (m_state == State::Handshake && error.code == Error::Code::ConnectionLost)
        error.detail = tr("the server closed the connection during the handshake");
    m_state = State::Closed;
    m_standsThrough.reset();
    m_error = located(std::move(error));
    m_deadlines.stop();
    m_phase.stop();
    if (m_transport) {
        m_transport->disconnect(this);
        m_transport->device()->disconnect(this);
        m_transport->abort();
    }
    std::deque<Request> requests = std::exchange(m_requests, {});
    for (Request &request : requests) {
        const bool written = request.firstByte < m_written;
        if (request.watched)
            m_watch->lost(request.watched, request.replies, written);
        if (request.abandoned)
            continue;
        const bool timedOut = m_error.code == Error::Code::Timeout;
        Error why{.code = timedOut ? Error::Code::Timeout
                      : written    ? Error::Code::MaybeExecuted
                                   : Error::Code::ConnectionLost,
                  .detail = m_error.detail,
                  .serverPrefix = {},
                  .node = m_error.node,
                  .command = request.name};
        request.completer.complete(failure(std::move(why)));
    }
    Q_EMIT closed(m_error);
}

Error Connection::located(Error error) const
{
    if (error.node.isEmpty())
        error.node = m_options.endpoint.toString();
    return error;
}

void Connection::setReady()
{
    m_phase.stop();
    if (m_watch)
        m_watch->identified(m_identity.nodeId);
    m_state = State::Ready;
    if (m_options.way.isProgram() && !m_options.endpoint.isUnix())
        m_standsThrough = CommandTunnel::of(m_options.way, m_options.endpoint)->stand();
    if (m_source) {
        connect(m_source.get(), &PasswordSource::renewed, this, &Connection::logInAgain);
        if (m_source->current() != m_options.credentials.password && !m_source->current().isEmpty())
            logInAgain(); // the password was renewed while the connection was being set up
    }
    Q_EMIT ready();
}

} // namespace slotscope
