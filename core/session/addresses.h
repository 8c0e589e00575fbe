// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "core/cluster/clusterview.h"
#include "core/net/uri.h"

#include <QPointer>

namespace slotscope {

class ClusterSession;

/// Where the address at which a node is reached, or looked for, comes from.
enum class AddressSource : quint8 {
    None, ///< the node announces no address, and the user gave none
    Seed, ///< the user entered it as a seed
    Announced,
    HostName, ///< the announced host name (cluster-announce-hostname)
    MappedAddress, ///< the user's address map, looked up by announced address
    MappedId, ///< the user's address map, looked up by node id
    SeedHost, ///< a seed's host, combined with the announced port
    Other, ///< the node answered there before, or a redirect led there; also if the origin is unknown
};

/// Returns the source's name in JSON: "seed", "announced", "host-name", ….
[[nodiscard]] QString sourceName(AddressSource source);
/// Returns the source as translated text for display.
[[nodiscard]] QString sourceText(AddressSource source);

/// The addresses of one node: what the node announces, and what Slotscope uses instead.
struct NodePlace
{
    /// node id, or the address of a server without cluster mode; empty for a map entry that matches no node
    QByteArray id;
    QString announced; ///< "host:port"; empty if the node announces no address
    QString hostname; ///< "name:port"; empty if the node announces no host name
    QString used; ///< "host:port"; the address tried last if the node does not answer
    AddressSource source = AddressSource::None;
    QString mapKey; ///< key of the address map entry that applies to this node; empty if none does
    bool isPrimary = false;
    Reach reach;
    [[nodiscard]] bool answers() const { return reach.state == Reach::State::Ready; }
    /// Returns the key under which a map entry for this node is stored: its announced address, or its id if it
    /// announces none.
    [[nodiscard]] QString keyToMap() const;
};

/// Lists all nodes of the view in the view's order, then the address map entries that no node uses. Pure.
[[nodiscard]] QList<NodePlace> placesOf(const ClusterView &view, const ConnectionTarget &target);

/// Result of trying one address over a separate connection: who answered there.
struct PlaceTrial
{
    QString address;
    std::optional<Error> error; ///< set if nobody answered, or not the way a Redis server should
    QByteArray nodeId; ///< id of the node that answered; empty if it reports none (no cluster mode, or not permitted)
    QByteArray expected; ///< id of the node expected at this address; empty if none in particular
    bool isExpected = false; ///< the node that answered is the expected one
    bool isAnother = false; ///< without cluster mode: a process other than the expected one answered
    QString server; ///< such as "Redis 7.0.15"; empty if the server does not report it
    double milliseconds = -1; ///< time from the start until the server had identified itself; -1 if unknown
    QString tls; ///< such as "TLS, the certificate is accepted"; empty without TLS, or if nobody answered
    [[nodiscard]] bool isGood() const { return !error && isExpected; }
};

/// Returns the result as text: "this node answers, Redis 7.0.15, 1.2 ms", or what is wrong.
[[nodiscard]] QString trialText(const PlaceTrial &trial);

/// Tries out addresses of nodes, over connections used for nothing else. Lives on the session's thread.
class PlaceTester final
{
    Q_DISABLE_COPY_MOVE(PlaceTester)
public:
    explicit PlaceTester(QPointer<ClusterSession> session) : m_session(std::move(session)) { }
    /// Connects to `endpoint` and compares the node there with the node id `expected`. If `isGuess` is set, credentials
    /// are sent only after the server has answered an unauthenticated PING as Redis does.
    [[nodiscard]] QCoro::Task<Result<PlaceTrial>> test(Endpoint endpoint, QByteArray expected, bool isGuess);

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
