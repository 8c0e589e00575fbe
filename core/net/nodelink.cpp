// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/nodelink.h"

#include "core/base/errortext.h"
#include "core/base/logging.h"

#include <QDateTime>

namespace slotscope {

namespace {

constexpr int refusedRetryMs = 30000; // a wrong password does not mend itself, a changed ACL may

bool isRefusal(Error::Code code)
{
    return code == Error::Code::WrongPassword || code == Error::Code::AuthRequired || code == Error::Code::NoPermission
        || code == Error::Code::NotRedis;
}

} // namespace

NodeLink::NodeLink(ConnectionOptions options, QObject *parent) : QObject(parent), m_options(std::move(options))
{
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &NodeLink::open);
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

void NodeLink::retryNow()
{
    if (m_state == State::Waiting || m_state == State::Refused)
        open();
}

void NodeLink::stop()
{
    m_retry.stop();
    m_retryAt = 0;
    if (m_connection) {
        m_connection->disconnect(this);
        m_connection->abort(
            {.code = Error::Code::Cancelled, .detail = {}, .serverPrefix = {}, .node = {}, .command = {}});
        m_connection->setParent(nullptr); // we may be deleted from within one of its callbacks; it must not go with us
        m_connection->deleteLater();
        m_connection = nullptr;
    }
    m_state = State::Idle;
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
    m_connection = new Connection(m_options, this);
    connect(m_connection, &Connection::ready, this, [this] {
        m_backoff.reset();
        m_failures = 0;
        m_error = {};
        setState(State::Ready);
        settle(true);
    });
    connect(m_connection, &Connection::closed, this, &NodeLink::handleClosed);
    setState(State::Connecting);
    if (m_connection)
        m_connection->open();
}

void NodeLink::handleClosed(const Error &error)
{
    qCInfo(lcNet).nospace() << m_options.endpoint.toString() << " closed: " << codeName(error.code) << ' '
                            << error.detail;
    m_connection->disconnect(this);
    m_connection->deleteLater();
    m_connection = nullptr;
    m_error = error;
    ++m_failures;
    const bool refused = isRefusal(error.code);
    const int wait = refused ? refusedRetryMs : m_backoff.next();
    m_retryAt = QDateTime::currentMSecsSinceEpoch() + wait;
    m_retry.start(wait);
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

QCoro::Task<Connection::Reply> NodeLink::send(Command command, int timeoutMs)
{
    if (!isReady())
        co_return failure(unavailable(commandName(command)));
    co_return co_await m_connection->send(std::move(command), timeoutMs);
}

Awaited<Connection::Replies> NodeLink::sendAll(const std::vector<Command> &commands, int timeoutMs)
{
    if (!isReady())
        return Awaited<Connection::Replies>::finished(
            failure(unavailable(commands.empty() ? QString() : commandName(commands.front()))));
    return m_connection->sendAll(commands, timeoutMs);
}

} // namespace slotscope
