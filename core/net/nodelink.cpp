// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/nodelink.h"

#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/base/logging.h"
#include "core/net/commandtunnel.h"
#include "core/net/connectpacer.h"
#include "core/net/passwordsource.h"
#include "core/net/sshtunnel.h"

namespace slotscope {

namespace {

constexpr int refusedRetryMs = 30000; // for errors that a changed ACL may fix

bool isRefusal(Error::Code code)
{
    return code == Error::Code::WrongPassword || code == Error::Code::AuthRequired || code == Error::Code::NoPermission
        || code == Error::Code::NotRedis || code == Error::Code::IsSentinel || code == Error::Code::NoDatabase
        || code == Error::Code::Certificate || code == Error::Code::Tls || code == Error::Code::TunnelRefused
        || code == Error::Code::PasswordCommand;
}

/// Whether a retry after this error waits for the user's request.
bool isForUser(Error::Code code)
{
    return code == Error::Code::WrongPassword || code == Error::Code::AuthRequired || code == Error::Code::TunnelRefused
        || code == Error::Code::PasswordCommand;
}

/// The outcome to report to the tunnel command when a connection through it fails before it is ready. `heard`: a server
/// had answered.
CommandTunnel::Outcome outcomeOf(Error::Code code, bool heard)
{
    using enum CommandTunnel::Outcome;
    if (heard) // a server answered but rejected us: too many clients, or wrong password
        return Led;
    if (code == Error::Code::Timeout)
        return Silent;
    const bool isOfTheWay = code == Error::Code::ConnectionLost || code == Error::Code::MaybeExecuted
        || code == Error::Code::Tunnel || code == Error::Code::ConnectionRefused || code == Error::Code::Io;
    return isOfTheWay ? Closed : Led;
}

} // namespace

NodeLink::NodeLink(ConnectionOptions options, QObject *parent, std::shared_ptr<ConnectPacer> pacer)
    : QObject(parent), m_options(std::move(options)), m_pacer(std::move(pacer))
{
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &NodeLink::open);
    if (m_options.way.isProgram() && !m_options.endpoint.isUnix()) {
        m_program = CommandTunnel::of(m_options.way, m_options.endpoint);
        connect(m_program.get(), &CommandTunnel::changed, this, [this] {
            if (m_program->state() == CommandTunnel::State::Up) // retry at once what failed because of the tunnel
                retryNow(m_error.code == Error::Code::TunnelRefused);
        });
    }
    if (!m_options.credentials.command.isEmpty()) {
        m_source = PasswordSource::of(m_options.credentials.command);
        // retry what was refused with the previous password
        connect(m_source.get(), &PasswordSource::renewed, this, [this] {
            retryNow(m_state == State::Refused && isForUser(m_error.code)
                     && m_error.code != Error::Code::TunnelRefused);
        });
    }
    if (!m_options.way.isSsh() || m_options.endpoint.isUnix())
        return;
    m_tunnel = SshTunnel::of(m_options.way.hops);
    connect(m_tunnel.get(), &SshTunnel::changed, this, [this] {
        if (m_tunnel->state() == SshTunnel::State::Up) // retry at once what failed because of the tunnel
            retryNow(m_error.code == Error::Code::TunnelRefused);
    });
}

NodeLink::~NodeLink()
{
    stop();
}

void NodeLink::start()
{
    if (m_state == State::Idle)
        open();
}

void NodeLink::retryNow(bool byUser)
{
    if (byUser && m_tunnel && m_state != State::Ready)
        m_tunnel->retry();
    if (byUser && m_program && m_state != State::Ready)
        m_program->retry();
    if (m_state == State::Waiting || (m_state == State::Refused && (byUser || !isForUser(m_error.code))))
        open();
}

void NodeLink::stop()
{
    m_retry.stop();
    m_retryAt = 0;
    ++m_attempt;
    if (m_connection) {
        m_connection->disconnect(this);
        m_connection->abort(
            {.code = Error::Code::Cancelled, .detail = {}, .serverPrefix = {}, .node = {}, .command = {}});
        // this object may be deleted inside a callback of the connection, which must then survive it
        m_connection->setParent(nullptr);
        m_connection->deleteLater();
        m_connection = nullptr;
    }
    m_state = State::Idle;
    leavePacer();
    setFailing(false);
    settle(false);
}

Awaited<bool> NodeLink::settled()
{
    if (m_state != State::Connecting)
        return Awaited<bool>::finished(isReady());
    return m_waiting.emplace_back().awaited();
}

void NodeLink::settle(bool ready)
{
    for (auto &waiting : std::exchange(m_waiting, {}))
        waiting.complete(ready);
}

void NodeLink::open()
{
    m_retry.stop();
    m_retryAt = 0;
    const quint64 attempt = ++m_attempt;
    setState(State::Connecting);
    if (attempt != m_attempt)
        return; // a receiver of the signal has stopped this link
    if (!m_pacer)
        return openConnection();
    m_pacer->enter(this, [this, attempt] {
        if (attempt != m_attempt)
            return m_pacer->leave();
        m_inPacer = true;
        openConnection();
    });
}

void NodeLink::openConnection()
{
    m_connection = new Connection(m_options, this);
    connect(m_connection, &Connection::ready, this, [this] {
        if (m_program)
            m_program->noteOutcome(CommandTunnel::Outcome::Led);
        m_backoff.reset();
        m_failures = 0;
        m_error = {};
        leavePacer();
        setFailing(false);
        setState(State::Ready);
        settle(true);
    });
    connect(m_connection, &Connection::closed, this, &NodeLink::handleClosed);
    m_connection->open();
}

void NodeLink::leavePacer()
{
    if (std::exchange(m_inPacer, false))
        m_pacer->leave();
}

void NodeLink::setFailing(bool failing)
{
    if (m_pacer && m_failing != failing)
        m_pacer->setFailing(failing);
    m_failing = failing;
}

void NodeLink::handleClosed(const Error &error)
{
    qCInfo(lcNet).nospace() << m_options.endpoint.toString() << " closed: " << codeName(error.code) << ' '
                            << error.detail;
    m_connection->disconnect(this);
    m_connection->deleteLater();
    m_sentBefore += m_connection->commandsSent();
    const bool heard = m_connection->heard();
    m_connection = nullptr;
    leavePacer();
    setFailing(true);
    m_error = error;
    ++m_failures;
    if (m_program && m_state == State::Connecting)
        m_program->noteOutcome(outcomeOf(error.code, heard));
    const bool refused = isRefusal(error.code);
    if (isForUser(error.code)) {
        m_retryAt = 0;
    } else {
        const int shortest = m_pacer ? m_pacer->shortestWaitMs() : 0;
        const int wait = std::max(shortest, refused ? refusedRetryMs : m_backoff.next());
        m_retryAt = steadyMs() + wait;
        m_retry.start(wait);
    }
    setState(refused ? State::Refused : State::Waiting);
    settle(false);
}

void NodeLink::setState(State state)
{
    m_state = state;
    Q_EMIT stateChanged(state);
}

Error NodeLink::unavailable(const QString &command) const
{
    return {.code = Error::Code::ConnectionLost,
            .detail = m_error.detail,
            .serverPrefix = {},
            .node = m_options.endpoint.toString(),
            .command = command};
}

QCoro::Task<Connection::Reply> NodeLink::send(Command command, int timeoutMs, const char *from)
{
    if (!isReady())
        co_return failure(unavailable(commandName(command)));
    co_return co_await m_connection->send(std::move(command), timeoutMs, from);
}

Awaited<Connection::Replies> NodeLink::sendAll(const std::vector<Command> &commands, int timeoutMs, const char *from)
{
    if (!isReady())
        return Awaited<Connection::Replies>::finished(
            failure(unavailable(commands.empty() ? QString() : commandName(commands.front()))));
    return m_connection->sendAll(commands, timeoutMs, from);
}

} // namespace slotscope
