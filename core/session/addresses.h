// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "core/cluster/clusterview.h"
#include "core/net/uri.h"

#include <QPointer>

namespace slotscope {

class ClusterSession;

/// How the address came about that a node is reached at, or looked for.
enum class AddressSource : quint8 {
    None, ///< it announces none, and nobody named one
    Seed, ///< the user named it
    Announced,
    HostName, ///< the announced host name (cluster-announce-hostname)
    MappedAddress, ///< the user's map, by the announced address
    MappedId, ///< the user's map, by the node's id
    SeedHost, ///< the host of a seed at the announced port
    Other, ///< where it answered before, or where a redirect led; also where nothing else is known
};

/// "seed", "announced", "host-name", …: for JSON.
[[nodiscard]] QString sourceName(AddressSource source);
/// The same for people.
[[nodiscard]] QString sourceText(AddressSource source);

/// One node: what it announces, and what is used in its place.
struct NodePlace
{
    QByteArray id; ///< of a server without cluster mode: its address; empty: an entry of the map that is no node's
    QString announced; ///< "host:port"; empty where it announces none
    QString hostname; ///< "name:port"; empty where it announces none
    QString used; ///< "host:port"; of one that does not answer: what was tried last
    AddressSource source = AddressSource::None;
    QString mapKey; ///< the entry of the address map that holds for it; empty: none
    bool isPrimary = false;
    Reach reach;
    [[nodiscard]] bool answers() const { return reach.state == Reach::State::Ready; }
    /// What an entry of the map is to be called for it: its announced address, or its id where it announces none.
    [[nodiscard]] QString keyToMap() const;
};

/// All nodes of the view, in its order; behind them the entries of the map that no node needs. Pure.
[[nodiscard]] QList<NodePlace> placesOf(const ClusterView &view, const ConnectionTarget &target);

/// Who answered at an address that was tried with a connection of its own.
struct PlaceTrial
{
    QString address;
    std::optional<Error> error; ///< nobody answered there, or not as a server should
    QByteArray nodeId; ///< who answers; empty where it does not tell (no cluster mode, not permitted)
    QByteArray expected; ///< id of the node that was looked for; empty: of none
    bool isExpected = false; ///< that one answers
    bool isAnother = false; ///< another server, though neither has an id (no cluster mode)
    QString server; ///< "Redis 7.0.15"; empty where it does not tell
    double milliseconds = -1; ///< from the start until it said who it is
    QString tls; ///< "TLS, the certificate is accepted"; empty without TLS, and where nobody answered
    [[nodiscard]] bool isGood() const { return !error && isExpected; }
};

/// "this node answers, Redis 7.0.15, 1.2 ms", or what is wrong.
[[nodiscard]] QString trialText(const PlaceTrial &trial);

/// Tries addresses of nodes, with connections that serve nothing else. Lives on the session's thread.
class PlaceTester final
{
    Q_DISABLE_COPY_MOVE(PlaceTester)
public:
    explicit PlaceTester(QPointer<ClusterSession> session) : m_session(std::move(session)) { }
    /// `expected`: the id of the node that should be there. `isGuess`: no credentials are sent before a PING without
    /// any was answered as Redis does.
    [[nodiscard]] QCoro::Task<Result<PlaceTrial>> test(Endpoint endpoint, QByteArray expected, bool isGuess);

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
