// SPDX-License-Identifier: GPL-3.0-or-later
// The searching half of NodeDirectory: where a node may be, what nobody names any more, two clusters.
#include "core/base/tr.h"
#include "core/session/nodedirectory.h"

#include <QSet>

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 searchedAgainMs = 5000; // interval between searches for a node that answers at none of its addresses

/// "a, b and 4 more"
QString namesOfNodes(const NodesTable &table)
{
    constexpr qsizetype shown = 3;
    QStringList names;
    for (const NodeLine &line : table.lines)
        if (names.size() < shown)
            names.append(line.address.toString());
    const qsizetype more = qsizetype(table.lines.size()) - names.size();
    return more > 0 ? tr("%1 and %2 more").arg(names.join(u", "_s)).arg(more) : names.join(u", "_s);
}

} // namespace

/// Lists where a node may be found, best candidate first: the user's address map, its announced address, where it
/// answered before, its host name, then the seeds' hosts with the announced port (published ports of a container
/// network). A mapped address is the only candidate. Addresses that the node does not announce count as guesses.
QList<NodeDirectory::Candidate> NodeDirectory::candidatesFor(const QByteArray &id) const
{
    const KnownNode node = m_known.value(id);
    QList<Candidate> candidates;
    const auto add = [this, &candidates](const Endpoint &endpoint, AddressOrigin origin) {
        const bool usable =
            m_target.permits(endpoint) && (endpoint.isUnix() || (!endpoint.host.isEmpty() && endpoint.port != 0));
        const bool known = std::any_of(candidates.cbegin(), candidates.cend(),
                                       [&](const Candidate &other) { return other.endpoint == endpoint; });
        if (usable && !known)
            candidates.append({.endpoint = endpoint, .origin = origin});
    };
    if (const auto mapped = mappedPlaceOf(id, node))
        return {{.endpoint = *mapped, .origin = AddressOrigin::Announced}};
    const quint16 port = node.address.port;
    if (!node.address.isOdd)
        add({.host = node.address.host, .port = port, .socketPath = {}}, AddressOrigin::Announced);
    if (node.address.host.isEmpty())
        add({.host = node.tellerHost, .port = port, .socketPath = {}}, AddressOrigin::Guessed);
    if (node.reachedAt)
        add(*node.reachedAt, AddressOrigin::Guessed);
    add({.host = node.address.hostname, .port = port, .socketPath = {}}, AddressOrigin::Announced);
    for (const Endpoint &seed : m_target.sentinel.isOn() ? QList<Endpoint>() : m_target.seeds)
        add({.host = seed.host, .port = port, .socketPath = {}}, AddressOrigin::Guessed);
    return candidates;
}

std::optional<Endpoint> NodeDirectory::mappedPlaceOf(const QByteArray &id, const KnownNode &node) const
{
    if (m_target.addressMap.isEmpty())
        return std::nullopt;
    const auto at = [this](const QString &key) -> std::optional<Endpoint> {
        const auto found = m_target.addressMap.constFind(key);
        return found == m_target.addressMap.constEnd() ? std::nullopt : std::optional(*found);
    };
    for (const QString &host : {node.address.host, node.address.hostname}) {
        const Endpoint announced{.host = host, .port = node.address.port, .socketPath = {}};
        if (const auto mapped = host.isEmpty() ? std::nullopt : at(announced.toString()))
            return mapped;
    }
    return at(QString::fromLatin1(id));
}

void NodeDirectory::setAddressMap(const QHash<QString, Endpoint> &map)
{
    const QHash<QString, Endpoint> before = std::exchange(m_target.addressMap, map);
    const auto leadsTo = [](const QHash<QString, Endpoint> &places, const Endpoint &endpoint) {
        return std::find(places.cbegin(), places.cend(), endpoint) != places.cend();
    };
    for (auto node = m_known.begin(); node != m_known.end(); ++node) {
        node->searchedAt = 0;
        node->announcedTried = false;
        if (node->reachedAt && leadsTo(before, *node->reachedAt) && !leadsTo(map, *node->reachedAt))
            node->reachedAt.reset(); // the user removed this address from the map
    }
    QStringList needless;
    for (const auto &[name, way] : m_addresses) {
        const QByteArray &id = way.id.isEmpty() ? way.wantedId : way.id;
        const bool isOther = (leadsTo(before, way.endpoint) && !leadsTo(map, way.endpoint)) || map.contains(name);
        bool isNeedless = isOther && m_target.sentinel.isOn();
        if (!way.isSeed() && m_known.contains(id) && !m_standalone) {
            const QList<Candidate> places = candidatesFor(id);
            isNeedless = std::none_of(places.cbegin(), places.cend(),
                                      [&way = way](const Candidate &place) { return place.endpoint == way.endpoint; });
        } else if (!way.isSeed() && m_standalone) {
            isNeedless = isOther;
        }
        if (isNeedless)
            needless.append(name);
    }
    for (const QString &name : std::as_const(needless))
        close(name);
}

/// Tries the announced address once if the node was reached at another one (a seed, perhaps behind a proxy): only the
/// announced address is sure to lead to this node.
void NodeDirectory::tryAnnounced(const QByteArray &id, KnownNode &node)
{
    if (node.announcedTried || node.address.port == 0)
        return;
    if (!mappedPlaceOf(id, node) && (node.address.host.isEmpty() || node.address.isOdd))
        return;
    node.announcedTried = true;
    const Candidate first = candidatesFor(id).value(0);
    const bool isMapped = mappedPlaceOf(id, node).has_value();
    if (first.origin == AddressOrigin::Announced && (isMapped || first.endpoint.host == node.address.host))
        open(first.endpoint, first.origin, id);
}

bool NodeDirectory::isOutside(const QByteArray &id) const
{
    const auto node = m_known.constFind(id);
    if (node == m_known.constEnd() || node->address.port == 0 || wayTo(id) || m_target.permittedHosts.isEmpty())
        return false;
    const auto permitted = [this, &node](const QString &host) {
        return !host.isEmpty() && m_target.permits({.host = host, .port = node->address.port, .socketPath = {}});
    };
    return !permitted(node->address.host) && !permitted(node->address.hostname)
        && !m_target.addressMap.contains(node->address.toString())
        && !m_target.addressMap.contains(QString::fromLatin1(id));
}

void NodeDirectory::searchMissing(qint64 now)
{
    if (m_standalone)
        return;
    QSet<QByteArray> reached;
    for (const auto &[name, way] : m_addresses)
        if (!way.id.isEmpty() && way.ready)
            reached.insert(way.id);
    for (auto node = m_known.begin(); node != m_known.end(); ++node) {
        if (node->address.port == 0)
            continue;
        if (reached.contains(node.key())) {
            tryAnnounced(node.key(), *node);
            continue;
        }
        const QList<Candidate> candidates = candidatesFor(node.key());
        if (candidates.isEmpty())
            continue;
        const NodeAddress &first = open(candidates.front().endpoint, candidates.front().origin, node.key());
        if (node->searchedAt == 0)
            node->searchedAt = now;
        const bool wrongThere = !first.id.isEmpty() && first.id != node.key();
        if (now - node->searchedAt < (wrongThere || first.failures > 0 ? 0 : m_searchAfterMs))
            continue;
        node->searchedAt = now + searchedAgainMs; // a time in the future: all candidates are being tried until then
        for (const Candidate &candidate : candidates)
            open(candidate.endpoint, candidate.origin, node.key());
    }
}

/// Forgets nodes that no table contains any more and that do not answer.
void NodeDirectory::forgetUnknown()
{
    for (auto &node : m_known)
        node.named = false;
    bool anyTable = false;
    // identical tables name the same nodes, so with a thousand nodes most tables need not be searched
    QSet<size_t> read;
    for (const auto &[name, way] : m_addresses) {
        if (!way.ready || !way.table || way.foreign)
            continue;
        anyTable = true;
        if (read.contains(way.table->digest))
            continue;
        read.insert(way.table->digest);
        for (const NodeLine &line : way.table->lines)
            if (const auto node = m_known.find(line.id); node != m_known.end())
                node->named = true;
    }
    if (!anyTable)
        return;
    QStringList unneeded;
    for (auto &[name, way] : m_addresses) {
        const QByteArray &id = way.id.isEmpty() ? way.wantedId : way.id;
        const bool unnamed = !id.isEmpty() && !m_known.value(id).named;
        if (!way.isSeed() && !way.ready && unnamed)
            unneeded.append(name);
        else if (way.isSeed() && !way.ready && !way.id.isEmpty() && unnamed)
            forget(way);
        else if (!way.isSeed() && way.id.isEmpty() && way.wantedId.isEmpty() && way.failures > 0)
            unneeded.append(name); // a guessed address that failed
    }
    for (const QString &name : std::as_const(unneeded))
        close(name);
    for (auto node = m_known.begin(); node != m_known.end();)
        node = node->named || wayTo(node.key()) ? std::next(node) : m_known.erase(node);
}

void NodeDirectory::tick(qint64 now)
{
    forgetUnknown();
    searchMissing(now);
}

/// Whether the whole cluster was replaced: other nodes answer at the addresses of at least half of its nodes (they were
/// reset, or created anew), and none of the old nodes answers. Unreachable nodes alone do not count as replaced.
bool NodeDirectory::isReplaced() const
{
    const auto replaced =
        std::count_if(m_known.cbegin(), m_known.cend(), [](const KnownNode &node) { return node.replaced; });
    return replaced > 0 && 2 * replaced >= m_known.size()
        && std::none_of(m_addresses.begin(), m_addresses.end(),
                        [](const auto &entry) { return entry.second.ready && !entry.second.id.isEmpty(); });
}

QList<QString> NodeDirectory::strangers()
{
    QList<QString> never, left;
    for (const auto &[name, way] : m_addresses)
        if (way.isSeed() && way.id.isEmpty() && way.ready) // a seed of another cluster may join this one
            (way.left ? left : never).append(name);
    if (!left.isEmpty() && isReplaced()) {
        m_known.clear();
        for (const QString &name : std::as_const(left))
            m_addresses[name].left.reset();
        never += left;
    }
    return never;
}

bool NodeDirectory::isSettled(qint64 now) const
{
    for (auto node = m_known.cbegin(); node != m_known.cend(); ++node) {
        const NodeAddress *way = wayTo(node.key());
        if (node->address.port != 0 && !(way && way->ready) && node->searchedAt <= now && !isOutside(node.key()))
            return false; // some of its candidate addresses have not been tried yet
    }
    return true;
}

std::optional<Error> NodeDirectory::conflict() const
{
    const NodesTable *ours = nullptr;
    for (const auto &[name, way] : m_addresses)
        if (way.isSeed() && !way.foreign && way.table && (!ours || way.table->lines.size() > ours->lines.size()))
            ours = way.table.get();
    QStringList clusters;
    if (ours)
        clusters.append(namesOfNodes(*ours));
    QString seed;
    for (const auto &[name, way] : m_addresses) {
        if (!way.foreign || !way.ready)
            continue;
        seed = name;
        clusters.append(way.table ? namesOfNodes(*way.table) : tr("%1, a server without cluster mode").arg(name));
    }
    if (seed.isEmpty())
        return std::nullopt;
    clusters.removeDuplicates();
    return Error{.code = Error::Code::TwoClusters,
                 .detail = tr("their nodes do not know one another: %1").arg(clusters.join(tr("; and "))),
                 .serverPrefix = {},
                 .node = {},
                 .command = {}};
}

QStringList NodeDirectory::foreignSeeds() const
{
    QStringList names;
    for (const auto &[name, way] : m_addresses)
        if (way.foreign)
            names.append(name);
    return names;
}

bool NodeDirectory::isKnownHost(const QString &host) const
{
    const auto at = [&](const Endpoint &endpoint) { return endpoint.host == host; };
    return std::any_of(m_target.seeds.cbegin(), m_target.seeds.cend(), at)
        || std::any_of(m_target.addressMap.cbegin(), m_target.addressMap.cend(), at)
        || std::any_of(m_known.cbegin(), m_known.cend(), [&](const KnownNode &node) {
               return node.address.host == host || node.address.hostname == host;
           });
}

QByteArray NodeDirectory::targetOf(const Redirect &redirect, const QByteArray &answering)
{
    QString host = redirect.host;
    if (host.isEmpty()) { // an empty host means the host that answered, at another port
        host = m_known.value(answering).address.host;
        if (const NodeAddress *way = wayTo(answering); way && host.isEmpty())
            host = way->endpoint.host;
    }
    for (auto node = m_known.cbegin(); node != m_known.cend(); ++node) {
        const AnnouncedAddress &address = node->address;
        if (address.port == redirect.port
            && (address.host == host || (!address.hostname.isEmpty() && address.hostname == host)))
            return node.key();
    }
    if (host.isEmpty() || host == u"?")
        return {};
    const Endpoint announced{.host = host, .port = redirect.port, .socketPath = {}};
    if (const auto mapped = m_target.addressMap.constFind(announced.toString()); mapped != m_target.addressMap.cend())
        return open(*mapped, AddressOrigin::Announced, {}).id; // empty until the node there answers
    if (const NodeAddress *there = this->at(announced.toString()))
        return there->id;
    return isKnownHost(host) && m_target.permits(announced) ? open(announced, AddressOrigin::Guessed, {}).id
                                                            : QByteArray();
}

} // namespace slotscope
