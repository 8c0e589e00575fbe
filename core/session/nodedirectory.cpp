// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/nodedirectory.h"

#include "core/base/logging.h"
#include "core/base/tr.h"

#include <QSet>

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Whether the node knows only itself and owns no slots: it is new, or was reset.
bool isBlank(const NodesTable &table)
{
    return table.lines.size() == 1 && table.lines.front().slots.isEmpty();
}

} // namespace

NodeDirectory::NodeDirectory(ConnectionTarget target, int searchAfterMs, bool seedsAreOne)
    : m_target(std::move(target)), m_searchAfterMs(searchAfterMs), m_seedsAreOne(seedsAreOne)
{ }

void NodeDirectory::begin()
{
    if (m_target.sentinel.isOn())
        return; // with Sentinels, setMembers() supplies the addresses
    for (const Endpoint &seed : std::as_const(m_target.seeds))
        open(seed, AddressOrigin::Seed, {});
}

NodeAddress &NodeDirectory::open(const Endpoint &endpoint, AddressOrigin origin, const QByteArray &wantedId)
{
    const QString name = endpoint.toString();
    if (const auto known = m_addresses.find(name); known != m_addresses.end()) {
        NodeAddress &way = known->second;
        if (way.id.isEmpty() && way.wantedId.isEmpty())
            // the address, such as a seed that has not answered yet, is now known to belong to this node
            way.wantedId = wantedId;
        if (way.left != wantedId)
            way.left.reset(); // an address once left by its node is now announced for another node
        return way;
    }
    NodeAddress &way = m_addresses[name];
    way.endpoint = endpoint;
    way.origin = origin;
    way.wantedId = wantedId;
    m_actions.append({Action::Kind::Open, name});
    return way;
}

void NodeDirectory::close(const QString &address)
{
    if (m_addresses.erase(address) > 0)
        m_actions.append({Action::Kind::Close, address});
}

/// Forgets which node is at the address and what it reported, but keeps the connection.
void NodeDirectory::forget(NodeAddress &way)
{
    way.id.clear();
    way.table.reset();
    m_actions.append({Action::Kind::Forget, way.endpoint.toString()});
}

const NodeAddress *NodeDirectory::at(const QString &address) const
{
    const auto found = m_addresses.find(address);
    return found == m_addresses.end() ? nullptr : &found->second;
}

bool NodeDirectory::isAtAnnounced(const NodeAddress &way) const
{
    const auto node = m_known.constFind(way.id);
    if (node == m_known.constEnd())
        return false;
    if (const auto mapped = mappedPlaceOf(way.id, *node))
        return way.endpoint == *mapped;
    return way.endpoint.port == node->address.port && way.endpoint.host == node->address.host;
}

const NodeAddress *NodeDirectory::wayTo(const QByteArray &id) const
{
    if (id.isEmpty())
        return nullptr;
    const NodeAddress *best = nullptr;
    const auto rank = [this](const NodeAddress &way) { return (way.ready ? 2 : 0) + (isAtAnnounced(way) ? 1 : 0); };
    for (const auto &[name, way] : m_addresses)
        if (way.id == id && (!best || rank(way) > rank(*best)))
            best = &way;
    return best;
}

QList<QString> NodeDirectory::nodeWays() const
{
    QHash<QByteArray, std::pair<QString, int>> best;
    for (const auto &[name, way] : m_addresses) {
        if (way.id.isEmpty())
            continue;
        const int rank = 1 + (way.ready ? 2 : 0) + (isAtAnnounced(way) ? 1 : 0);
        auto &chosen = best[way.id];
        if (rank > chosen.second)
            chosen = {name, rank};
    }
    QList<QString> names;
    names.reserve(best.size());
    for (const auto &chosen : std::as_const(best))
        names.append(chosen.first);
    return names;
}

std::optional<Error> NodeDirectory::whyUnreachable(const QByteArray &id) const
{
    for (const auto &[name, way] : m_addresses)
        if ((way.id == id || way.wantedId == id) && !way.ready && way.failures > 0)
            return way.lastError;
    return std::nullopt;
}

bool NodeDirectory::isHeldUp(const QByteArray &id) const
{
    return std::any_of(m_addresses.begin(), m_addresses.end(), [&id](const auto &entry) {
        return entry.second.ready && entry.second.id.isEmpty() && entry.second.wantedId == id;
    });
}

QList<NodeDirectory::Candidate> NodeDirectory::endpointsOf(const QByteArray &id) const
{
    QList<Candidate> list;
    const auto add = [&list](const Candidate &candidate) {
        if (std::none_of(list.cbegin(), list.cend(),
                         [&](const Candidate &other) { return other.endpoint == candidate.endpoint; }))
            list.append(candidate);
    };
    if (const NodeAddress *way = wayTo(id))
        add({.endpoint = way->endpoint, .origin = way->origin});
    for (const auto &[name, way] : m_addresses)
        if (way.id == id || way.wantedId == id)
            add({.endpoint = way.endpoint, .origin = way.origin});
    for (const Candidate &candidate : m_known.contains(id) ? candidatesFor(id) : QList<Candidate>())
        add(candidate);
    return list;
}

QStringList NodeDirectory::twinsOf(const QByteArray &id) const
{
    const NodeAddress *first = wayTo(id);
    QStringList twins;
    for (const auto &[name, way] : m_addresses) {
        const bool another = first && way.id == id && way.ready && first->ready && !way.runId.isEmpty()
            && !first->runId.isEmpty() && way.runId != first->runId;
        if (another)
            twins.append(name);
    }
    return twins;
}

void NodeDirectory::linkChanged(const QString &address, bool ready, int failures, const Error &error)
{
    const auto found = m_addresses.find(address);
    if (found == m_addresses.end())
        return;
    NodeAddress &way = found->second;
    way.ready = ready;
    way.failures = failures;
    way.lastError = error;
    // this extra connection to a node that is already connected has failed: close it
    const NodeAddress *other = wayTo(way.id.isEmpty() ? way.wantedId : way.id);
    if (!ready && failures > 0 && !way.isSeed() && other && other != &way && other->ready)
        close(address);
}

void NodeDirectory::greeted(const QString &address, const QByteArray &nodeId, const QByteArray &runId)
{
    const auto found = m_addresses.find(address);
    if (found == m_addresses.end())
        return;
    NodeAddress &way = found->second;
    way.runId = runId;
    if (!nodeId.isEmpty() && !way.table)
        // the server had no cluster mode before, and now has a node id; its table will show which cluster it belongs to
        way.foreign = false;
    if (nodeId.isEmpty() || way.id.isEmpty() || way.id == nodeId)
        return;
    if (const auto former = m_known.find(way.id); former != m_known.end() && former->reachedAt == way.endpoint)
        former->replaced = true;
    if (way.wantedId.isEmpty())
        way.wantedId = way.id; // remember the previous node at this address, which may now be missing
    forget(way);
}

void NodeDirectory::identified(const QString &address, const QByteArray &id)
{
    if (const auto found = m_addresses.find(address); found != m_addresses.end() && found->second.id.isEmpty())
        identify(found->second, id);
}

/// Records which node answers at an address. If a node answers at two addresses, the one that answered first stays, but
/// connections to seeds and announced addresses always stay.
void NodeDirectory::identify(NodeAddress &way, const QByteArray &id)
{
    if (way.id == id)
        return;
    const QString name = way.endpoint.toString();
    qCInfo(lcSession).nospace() << name << " is " << id.left(8);
    const NodeAddress *first = wayTo(id);
    way.id = id;
    way.left.reset();
    if (id == name.toUtf8())
        return; // the server did not report its id, so its address serves as the id for now
    KnownNode &node = m_known[id];
    node.reachedAt = way.endpoint;
    node.replaced = false;
    const bool keeps = way.isSeed() || isAtAnnounced(way);
    if (first && first != &way && first->ready && !keeps && !first->isSeed()) {
        close(name);
        return;
    }
    QStringList needless;
    for (const auto &[otherName, other] : m_addresses) {
        if (&other == &way || other.isSeed())
            continue;
        const bool waits = other.id.isEmpty() && other.wantedId == id;
        const auto mapped = mappedPlaceOf(id, node);
        const bool announced = mapped
            ? other.endpoint == *mapped
            : other.endpoint.host == node.address.host && other.endpoint.port == node.address.port;
        const bool failed = waits && announced && other.failures > 0;
        node.announcedTried = node.announcedTried || failed;
        if ((other.id == id && !isAtAnnounced(other)) || (waits && !announced) || failed)
            needless.append(otherName);
    }
    for (const QString &other : std::as_const(needless))
        close(other);
}

void NodeDirectory::foundStandalone(const QString &address)
{
    const auto found = m_addresses.find(address);
    if (found == m_addresses.end())
        return;
    NodeAddress &way = found->second;
    if (!m_standalone && !m_known.isEmpty()) {
        if (!way.isSeed()) {
            close(address); // not a node of our cluster but an unrelated server: drop it
            return;
        }
        if (const auto former = m_known.find(way.id); former != m_known.end() && former->reachedAt == way.endpoint)
            former->replaced = true;
        if (!way.id.isEmpty())
            forget(way);
        way.foreign = true;
        return;
    }
    m_standalone = true;
    way.id = address.toUtf8();
}

void NodeDirectory::addMember(const Endpoint &endpoint)
{
    const Endpoint reached = m_target.addressMap.value(endpoint.toString(), endpoint);
    if (m_target.sentinel.isOn())
        return; // the Sentinels name all members
    if (m_standalone && m_target.permits(reached))
        open(reached, AddressOrigin::Announced, {});
}

void NodeDirectory::setMembers(const QList<Endpoint> &members)
{
    QStringList needless;
    for (const auto &[name, way] : m_addresses)
        if (!way.ready && way.failures > 0 && !members.contains(way.endpoint))
            needless.append(name);
    for (const QString &name : std::as_const(needless))
        close(name);
    m_standalone = true;
    for (qsizetype i = 0; i < members.size(); ++i) {
        if (!m_target.permits(members[i]))
            continue;
        NodeAddress &way = open(members[i], AddressOrigin::Announced, {});
        way.origin = i == 0 ? AddressOrigin::Seed : AddressOrigin::Announced;
        way.id = members[i].toString().toUtf8(); // set before it answers, because it may never answer
    }
}

void NodeDirectory::dropTable(const QString &address)
{
    if (const auto found = m_addresses.find(address); found != m_addresses.end())
        found->second.table.reset();
}

bool NodeDirectory::tableRead(const QString &address, NodesTablePtr table)
{
    const auto found = m_addresses.find(address);
    if (found == m_addresses.end())
        return false;
    NodeAddress &way = found->second;
    const QByteArray id = table->self() ? table->self()->id : address.toUtf8();
    const auto former = m_known.find(way.id.isEmpty() ? way.wantedId : way.id);
    if (former != m_known.end() && former.key() != id && former->reachedAt == way.endpoint)
        former->replaced = true;
    const bool isAnother = !way.id.isEmpty() && way.id != id && way.id != address.toUtf8();
    const bool foreign = m_standalone || isForeign(*table);
    // Accept a seed that reports another cluster for the first time: the user may have meant that cluster.
    if (!m_known.contains(id) && foreign && (!way.isSeed() || way.left || isAnother)) {
        qCInfo(lcSession).nospace() << address << " belongs to another cluster";
        dismiss(way);
        return false;
    }
    if (hasLeft(id, *table)) {
        qCInfo(lcSession).nospace() << address << " is no longer part of the cluster";
        dismiss(way);
        return false;
    }
    const bool othersServe = std::any_of(m_addresses.begin(), m_addresses.end(), [&way](const auto &entry) {
        const NodeAddress &other = entry.second;
        return &other != &way && other.ready && other.table && !isBlank(*other.table) && !other.foreign;
    });
    way.foreign =
        foreign && !m_seedsAreOne && !m_known.contains(id) && !isBlank(*table) && (othersServe || m_standalone);
    if (way.foreign) { // kept separate: nodes that do not know each other are never shown as one cluster
        way.table = std::move(table);
        return false;
    }
    if (isAnother)
        forget(way);
    const bool changed = !way.table || way.table->digest != table->digest;
    way.table = std::move(table);
    identify(way, id);
    const auto still = m_addresses.find(address);
    if (!changed || still == m_addresses.end())
        return false;
    discover(still->second);
    return true;
}

/// Removes an address from the cluster. A seed is kept, to be asked again later.
void NodeDirectory::dismiss(NodeAddress &way)
{
    if (!way.isSeed()) {
        close(way.endpoint.toString());
        return;
    }
    if (!way.left)
        way.left = way.id.isEmpty() ? way.wantedId : way.id;
    forget(way);
}

/// Whether a table has no node in common with the watched cluster: a guessed address may lead to another cluster.
bool NodeDirectory::isForeign(const NodesTable &table) const
{
    return !m_known.isEmpty() && std::none_of(table.lines.begin(), table.lines.end(), [this](const NodeLine &line) {
        return m_known.contains(line.id);
    });
}

/// Whether a node that knows only itself is unknown to the other nodes: it was reset or removed.
bool NodeDirectory::hasLeft(const QByteArray &id, const NodesTable &table) const
{
    if (!isBlank(table))
        return false;
    bool others = false;
    for (const auto &[name, way] : m_addresses) {
        if (!way.ready || !way.table || way.table->lines.size() < 2 || way.id == id || way.foreign)
            continue;
        if (way.table->find(id))
            return false;
        others = true;
    }
    return others;
}

/// Records every node in the observer's table; searchMissing() then opens connections to them.
void NodeDirectory::discover(const NodeAddress &observer)
{
    for (const NodeLine &line : observer.table->lines) {
        if (line.flags.testFlag(NodeFlag::Handshake) || line.id.isEmpty())
            continue;
        KnownNode &node = m_known[line.id];
        node.named = true;
        const bool own = line.flags.testFlag(NodeFlag::Myself);
        if (line.address.port == 0 || (own && line.address.host.isEmpty() && node.address.port != 0))
            continue;
        if (node.address != line.address && node.address.port != 0 && !own) {
            node.searchedAt = 0; // its address changed, so search at once
            node.announcedTried = false;
        }
        if (!own || node.address.port == 0)
            node.address = line.address;
        if (node.tellerHost.isEmpty())
            node.tellerHost = observer.endpoint.host;
    }
}

} // namespace slotscope
