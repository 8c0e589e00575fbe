// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/clustersession.h"

#include "core/net/commandtunnel.h"
#include "core/net/passwordsource.h"
#include "core/net/sshtunnel.h"
#include "core/session/commandrouter.h"
#include "core/session/observer.h"
#include "core/session/sentinelwatch.h"

#include <QCoro/QCoroTimer>
#include <QPointer>

namespace slotscope {

namespace {

constexpr int programSearchMs = 6000;

/// If connections run through a command, each guessed address would start a process. So the announced address gets more
/// time to answer before guesses are tried.
SessionOptions fitted(SessionOptions options, const ConnectionTarget &target)
{
    if (target.way.isProgram())
        options.searchAfterMs = std::max(options.searchAfterMs, programSearchMs);
    return options;
}

} // namespace

ClusterSession::ClusterSession(ConnectionTarget target, SessionOptions options, QObject *parent)
    : QObject(parent)
    , m_target(std::move(target))
    , m_options(fitted(options, m_target))
    , m_directory(std::make_unique<NodeDirectory>(m_target, m_options.searchAfterMs, m_options.seedsAreBeingJoined))
    , m_pool(new LinkPool(m_target, m_options, *m_directory, this))
    , m_observer(new Observer(m_target, m_options, *m_directory, *m_pool, this))
    , m_router(new CommandRouter(m_target, m_options, *m_directory, *m_pool, *m_observer, this))
{
    connect(m_observer, &Observer::stateChanged, this, &ClusterSession::stateChanged);
    connect(m_observer, &Observer::viewChanged, this, &ClusterSession::viewChanged);
    connect(m_observer, &Observer::infoTold, this, &ClusterSession::infoTold);
    if (!m_target.sentinel.isOn())
        return;
    m_sentinels = new SentinelWatch(m_target, m_options, this);
    connect(m_sentinels, &SentinelWatch::changed, m_observer,
            [this] { m_observer->setSentinels(m_sentinels->state()); });
    connect(m_observer, &Observer::refreshing, m_sentinels, &SentinelWatch::refresh);
}

ClusterSession::~ClusterSession()
{
    blockSignals(true);
    m_begun = true; // resetting the tunnel resumes the coroutines that wait for its login
    m_tunnel.reset();
    m_programs.clear();
    // complete pending waits with an error while all members still exist
    m_observer->close();
    delete m_sentinels;
    m_pool->closeAll();
    delete m_router;
    delete m_observer;
    delete m_pool;
}

void ClusterSession::start()
{
    const bool throughSsh = m_target.way.isSsh();
    for (const Endpoint &seed : m_target.way.isProgram() ? m_target.seeds : QList<Endpoint>()) {
        m_programs.append(CommandTunnel::of(m_target.way, seed));
        m_programs.constLast()->retry(); // the user opened the session, so try again even if an earlier attempt failed
    }
    if (throughSsh) {
        m_tunnel = SshTunnel::of(m_target.way.hops);
        m_tunnel->retry(); // the user opened the session, so try again even if an earlier attempt failed
    }
    if (!m_target.credentials.command.isEmpty()) {
        m_source = PasswordSource::of(m_target.credentials.command);
        connect(m_source.get(), &PasswordSource::problemChanged, this, &ClusterSession::passwordProblemChanged);
        m_fetching = true;
        fetchPassword();
    }
    if (!throughSsh || m_tunnel->state() != SshTunnel::State::Starting)
        return begin();
    connect(m_tunnel.get(), &SshTunnel::changed, this, &ClusterSession::begin);
}

/// Runs the password command once, before connecting to any server. If it fails, each connection reports that error.
QCoro::Task<> ClusterSession::fetchPassword()
{
    const QPointer<ClusterSession> self(this);
    Awaited<PasswordSource::Password> given = m_source->password();
    std::ignore = co_await given;
    if (!self)
        co_return;
    m_fetching = false;
    begin();
}

std::optional<Error> ClusterSession::passwordProblem() const
{
    return m_source ? m_source->problem() : std::nullopt;
}

void ClusterSession::begin()
{
    if (m_begun || m_fetching || (m_tunnel && m_tunnel->state() == SshTunnel::State::Starting))
        return;
    m_begun = true;
    if (m_tunnel)
        m_tunnel->disconnect(this);
    m_observer->start();
    if (m_sentinels)
        m_sentinels->start();
}

SessionState ClusterSession::state() const
{
    return m_observer->state();
}

const Error &ClusterSession::error() const
{
    return m_observer->error();
}

qint64 ClusterSession::retryAt() const
{
    return m_observer->retryAt();
}

ClusterViewPtr ClusterSession::view() const
{
    return m_observer->view();
}

QCoro::Task<Result<ClusterViewPtr>> ClusterSession::connected(int timeoutMs, WaitFor what)
{
    if (m_tunnel && !m_begun) { // the SSH login has its own timeouts, outside `timeoutMs`
        const QPointer<ClusterSession> self(this);
        Awaited<bool> login = m_tunnel->settled();
        co_await login;
        if (!self)
            co_return failure(Error::Code::Cancelled);
        begin();
    }
    if (!m_programs.isEmpty()) {
        const QPointer<ClusterSession> self(this);
        co_await programStanding();
        if (!self)
            co_return failure(Error::Code::Cancelled);
    }
    if (m_fetching) { // the password command has its own timeout, too
        const QPointer<ClusterSession> self(this);
        Awaited<PasswordSource::Password> given = m_source->password();
        std::ignore = co_await given;
        if (!self)
            co_return failure(Error::Code::Cancelled);
        m_fetching = false;
        begin();
    }
    auto view = co_await m_observer->connected(timeoutMs, what);
    co_return view;
}

/// Waits until the tunnel command of at least one seed is no longer starting. Each command has its own timeout.
QCoro::Task<> ClusterSession::programStanding()
{
    constexpr int lookMs = 20;
    const QPointer<ClusterSession> self(this);
    const auto isStarting = [](const std::shared_ptr<CommandTunnel> &program) {
        return program->state() == CommandTunnel::State::Starting;
    };
    while (self && std::all_of(m_programs.cbegin(), m_programs.cend(), isStarting) && !m_programs.isEmpty())
        co_await QCoro::sleepFor(std::chrono::milliseconds(lookMs));
}

void ClusterSession::unlockWrites(int milliseconds)
{
    m_router->unlockWrites(milliseconds);
}

bool ClusterSession::isReadOnly() const
{
    return m_target.readOnly && !m_router->isUnlocked();
}

void ClusterSession::setEnvironment(EnvironmentKind environment)
{
    m_router->setEnvironment(environment);
}

void ClusterSession::refresh(bool byUser)
{
    if (byUser && m_source)
        m_source->retry();
    m_observer->refresh(byUser);
}

QCoro::Task<Result<ClusterViewPtr>> ClusterSession::fullCheck()
{
    return m_observer->fullCheck();
}

QCoro::Task<Result<Value>> ClusterSession::execute(Command command, UserConsent consent, const char *from)
{
    NodeReply answer = co_await m_router->execute(std::move(command), consent, {}, from);
    co_return std::move(answer.reply);
}

QCoro::Task<NodeReply> ClusterSession::executeTold(Command command, UserConsent consent, const char *from)
{
    return m_router->execute(std::move(command), consent, {}, from);
}

QCoro::Task<NodeReply> ClusterSession::executeIn(int database, Command command, UserConsent consent, const char *from)
{
    return m_router->execute(std::move(command), consent, {.use = LinkPool::Use::Commands, .database = database}, from);
}

QCoro::Task<NodeReply> ClusterSession::browse(Command command, int database, const char *from)
{
    return m_router->execute(std::move(command), UserConsent::None,
                             {.use = LinkPool::Use::Browsing, .database = database}, from);
}

QCoro::Task<Result<QList<NodeReply>>> ClusterSession::call(Command command, NodeSelection selection,
                                                           UserConsent consent, const char *from)
{
    return m_router->call(std::move(command), std::move(selection), consent, from);
}

GateVerdict ClusterSession::judgeLoad() const
{
    return m_router->judgeLoad();
}

QCoro::Task<GateVerdict> ClusterSession::judge(Command command, GateLink link, const char *from)
{
    return m_router->judge(std::move(command), link, from);
}

QCoro::Task<Result<NodeLink *>> ClusterSession::linkTo(QByteArray nodeId, int database)
{
    return m_pool->linkTo(std::move(nodeId), LinkPool::Use::Commands, false, database);
}

QCoro::Task<Result<std::shared_ptr<DedicatedLink>>> ClusterSession::lease(QByteArray nodeId,
                                                                          LinkPool::LeaseOptions options)
{
    return m_pool->lease(std::move(nodeId), options);
}

Result<> ClusterSession::nameShard(int number, const QString &name)
{
    return m_observer->nameShard(number, name);
}

void ClusterSession::setAddressMap(const QHash<QString, Endpoint> &map)
{
    if (m_target.addressMap == map)
        return;
    m_target.addressMap = map;
    m_directory->setAddressMap(map);
    m_pool->leaveOldPlaces();
    m_observer->carryOut();
    m_observer->refresh();
}

NodeLink *ClusterSession::linkForTrial(const Endpoint &endpoint, bool isGuess)
{
    NodeAddress place;
    place.endpoint = endpoint;
    place.origin = isGuess ? AddressOrigin::Guessed : AddressOrigin::Announced;
    return m_pool->makeObserving(place);
}

QCoro::Task<Result<std::shared_ptr<const CommandTable>>> ClusterSession::commands()
{
    return m_router->commands();
}

QCoro::Task<Result<Value>> ClusterSession::askSentinel(Command command)
{
    if (!m_sentinels)
        co_return failure(Error::Code::NoRoute, tr("this connection does not use Sentinel"));
    Result<Value> reply = co_await m_sentinels->send(std::move(command));
    co_return reply;
}

QByteArray ClusterSession::targetOf(const Redirect &redirect, const QByteArray &answering)
{
    return m_router->targetOf(redirect, answering);
}

Result<QByteArray> ClusterSession::resolveNode(const QString &name) const
{
    const ClusterViewPtr view = this->view();
    if (!view)
        return failure(Error::Code::NoRoute, tr("the cluster is not connected yet"));
    QList<QByteArray> found;
    for (const NodeState &node : view->nodes) {
        const bool exact = node.name == name || node.address.toString() == name || node.reach.address == name
            || (!node.address.hostname.isEmpty()
                && node.address.hostname + u':' + QString::number(node.address.port) == name);
        if (exact || QString::fromLatin1(node.id) == name)
            return node.id;
        if (name.size() >= 2 && node.id.startsWith(name.toLatin1()))
            found.append(node.id);
    }
    if (found.size() == 1)
        return found.front();
    return failure(Error::Code::InvalidArgument,
                   found.isEmpty()
                       ? tr("no node matches “%1”: give a node id, the start of one, or HOST:PORT").arg(name)
                       : tr("“%1” is the start of %2 node ids: give more characters").arg(name).arg(found.size()));
}

} // namespace slotscope
