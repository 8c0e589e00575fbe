// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/linkpool.h"

#include "core/base/text.h"

namespace slotscope {

DedicatedLink::DedicatedLink(ConnectionOptions options) : m_connection(new Connection(std::move(options), this))
{
    connect(m_connection, &Connection::ready, this, [this] { m_opened.complete(true); });
    connect(m_connection, &Connection::pushReceived, this, &DedicatedLink::messageReceived);
    connect(m_connection, &Connection::attributeReceived, this, &DedicatedLink::attributeReceived);
    connect(m_connection, &Connection::closed, this, [this](const Error &error) {
        m_opened.complete(false);
        Q_EMIT ended(error);
    });
}

DedicatedLink::~DedicatedLink()
{
    blockSignals(true);
    m_connection->disconnect(this);
    m_connection->abort({.code = Error::Code::Cancelled, .detail = {}, .serverPrefix = {}, .node = {}, .command = {}});
    m_connection->setParent(nullptr); // this object may be destroyed inside a callback of the connection
    m_connection->deleteLater();
    m_opened.complete(false);
}

Awaited<bool> DedicatedLink::opened()
{
    Awaited<bool> outcome = m_opened.awaited();
    m_connection->open();
    return outcome;
}

QCoro::Task<Connection::Reply> DedicatedLink::send(Command command, int timeoutMs, const char *from)
{
    co_return co_await m_connection->send(std::move(command), timeoutMs, from);
}

Awaited<Connection::Replies> DedicatedLink::sendAll(const std::vector<Command> &commands, int timeoutMs,
                                                    const char *from)
{
    return m_connection->sendAll(commands, timeoutMs, from);
}

LinkPool::LinkPool(const ConnectionTarget &target, const SessionOptions &options, NodeDirectory &directory,
                   QObject *parent)
    : QObject(parent)
    , m_target(target)
    , m_options(options)
    , m_directory(directory)
    , m_pacer(std::make_shared<ConnectPacer>())
{
    constexpr int idleLookMs = 200;
    m_leavingTimer.setInterval(idleLookMs);
    connect(&m_leavingTimer, &QTimer::timeout, this, &LinkPool::endIdle);
}

LinkPool::~LinkPool()
{
    closeAll();
}

void LinkPool::closeAll()
{
    m_closed = true;
    m_pacer->clear();
    m_links.clear();
    m_leaving.clear();
    m_leavingTimer.stop();
    for (NodeLink *link : findChildren<NodeLink *>(Qt::FindDirectChildrenOnly))
        delete link;
}

ConnectionOptions LinkPool::optionsFor(const NodeDirectory::Candidate &place) const
{
    ConnectionOptions options;
    options.endpoint = place.endpoint;
    options.credentials = m_target.credentials;
    options.tls = m_target.tls;
    options.way = m_target.way;
    options.renamed = m_target.renamed;
    options.connectTimeoutMs = m_options.connectTimeoutMs;
    options.handshakeTimeoutMs = m_options.pollTimeoutMs;
    options.probeFirst = place.origin == AddressOrigin::Guessed;
    options.database = m_target.database;
    options.cluster = m_target.title();
    options.seeds = m_target.seedsText();
    return options;
}

ConnectionOptions LinkPool::optionsFor(const QByteArray &nodeId, const NodeDirectory::Candidate &place) const
{
    ConnectionOptions options = optionsFor(place);
    options.commandTimeoutMs = m_options.commandTimeoutMs;
    // a node that never reported its id has its address as id
    if (!m_directory.isStandalone() && nodeId != place.endpoint.toString().toUtf8())
        options.expectedId = nodeId;
    return options;
}

NodeLink *LinkPool::makeObserving(const NodeAddress &way)
{
    ConnectionOptions options = optionsFor({.endpoint = way.endpoint, .origin = way.origin});
    options.commandTimeoutMs = m_options.pollTimeoutMs;
    options.identify = true;
    return new NodeLink(options, this, m_pacer);
}

Error LinkPool::unproved(const Endpoint &endpoint)
{
    return {.code = Error::Code::Busy,
            .detail = tr("it does not report its identity, so only KILL commands are sent to it"),
            .serverPrefix = {},
            .node = endpoint.toString(),
            .command = {}};
}

Error LinkPool::unreachable(const QByteArray &nodeId) const
{
    if (const auto why = m_directory.whyUnreachable(nodeId))
        return *why;
    return {.code = Error::Code::NoRoute,
            .detail = tr("node %1 is not reachable from here").arg(toDisplay(nodeId.left(8))),
            .serverPrefix = {},
            .node = {},
            .command = {}};
}

QCoro::Task<Result<NodeLink *>> LinkPool::linkTo(QByteArray nodeId, Use use, bool evenUnproved, int database)
{
    const QPointer<LinkPool> self(this);
    if (m_closed)
        co_return failure(Error::Code::Cancelled);
    if (!m_directory.wayTo(nodeId) && !m_directory.isHeldUp(nodeId))
        co_return failure(unreachable(nodeId));
    const QList<NodeDirectory::Candidate> places = m_directory.endpointsOf(nodeId);
    const Key key(nodeId, use, database < 0 ? m_target.database : database);
    Error last = unreachable(nodeId);
    for (const NodeDirectory::Candidate &place : places) {
        QPointer<NodeLink> link = m_links[key];
        // another caller is opening it: wait for that
        const bool isOpening = link && link->state() == NodeLink::State::Connecting;
        const bool elsewhere = link && !link->isReady() && !isOpening && link->endpoint() != place.endpoint;
        if (elsewhere || (link && link->identity().isHeldUp)) { // the server may be able to identify itself by now
            link->deleteLater();
            link = nullptr;
        }
        if (!link) {
            ConnectionOptions options = optionsFor(nodeId, place);
            options.readonlyReplica = use == Use::ReplicaReads;
            options.noTouch = use == Use::Browsing;
            options.database = std::get<int>(key);
            link = new NodeLink(options, this);
            m_links[key] = link;
            link->start();
        }
        link->retryNow();
        const bool ready = link->isReady() || co_await link->settled();
        if (!self || !link)
            co_return failure(Error::Code::Cancelled);
        if (ready && link->identity().isHeldUp && !evenUnproved)
            co_return failure(unproved(link->endpoint()));
        if (ready)
            co_return link.data();
        last = link->error();
        if (last.code != Error::Code::WrongNode)
            break;
    }
    co_return failure(last);
}

QCoro::Task<Result<std::shared_ptr<DedicatedLink>>> LinkPool::lease(QByteArray nodeId, LeaseOptions options)
{
    const QList<NodeDirectory::Candidate> places = m_directory.endpointsOf(nodeId);
    Error last = unreachable(nodeId);
    std::vector<ConnectionOptions> attempts;
    for (const NodeDirectory::Candidate &place : places) {
        ConnectionOptions connection = optionsFor(nodeId, place);
        connection.listens = options.listens;
        connection.readonlyReplica = options.readonlyReplica;
        connection.resp3 = options.resp3;
        connection.noTouch = options.noTouch;
        if (options.database >= 0)
            connection.database = options.database;
        attempts.push_back(std::move(connection));
    }
    for (ConnectionOptions &attempt : attempts) {
        std::shared_ptr<DedicatedLink> link(new DedicatedLink(std::move(attempt)),
                                            [](DedicatedLink *finished) { finished->deleteLater(); });
        const bool open = co_await link->opened();
        if (open && link->m_connection->identity().isHeldUp)
            co_return failure(unproved(link->endpoint()));
        if (open)
            co_return Result<std::shared_ptr<DedicatedLink>>(link);
        last = link->m_connection->error();
        if (last.code != Error::Code::WrongNode)
            break;
    }
    co_return failure(last);
}

quint64 LinkPool::commandsSentTo(const QByteArray &nodeId) const
{
    quint64 sum = 0;
    for (const auto &[key, link] : m_links)
        if (link && std::get<QByteArray>(key) == nodeId)
            sum += link->commandsSent();
    return sum;
}

void LinkPool::dropUnknown()
{
    for (auto link = m_links.begin(); link != m_links.end();) {
        const QByteArray &id = std::get<QByteArray>(link->first);
        if (m_directory.known().contains(id) || m_directory.wayTo(id)) {
            ++link;
            continue;
        }
        if (link->second)
            link->second->deleteLater();
        link = m_links.erase(link);
    }
}

void LinkPool::leaveOldPlaces()
{
    for (auto link = m_links.begin(); link != m_links.end();) {
        const QList<NodeDirectory::Candidate> places = m_directory.endpointsOf(std::get<QByteArray>(link->first));
        const bool stays =
            link->second && std::any_of(places.cbegin(), places.cend(), [&link](const NodeDirectory::Candidate &place) {
                return place.endpoint == link->second->endpoint();
            });
        if (stays) {
            ++link;
            continue;
        }
        if (link->second)
            m_leaving.append(link->second);
        link = m_links.erase(link);
    }
    if (!m_leaving.isEmpty())
        m_leavingTimer.start();
}

void LinkPool::endIdle()
{
    m_leaving.removeIf([](const QPointer<NodeLink> &link) {
        const bool isIdle = !link || !link->isReady() || link->connection()->isIdle();
        if (link && isIdle)
            link->deleteLater();
        return isIdle;
    });
    if (m_leaving.isEmpty())
        m_leavingTimer.stop();
}

} // namespace slotscope
