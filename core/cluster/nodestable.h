// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/cluster/slotset.h"

#include <QFlags>
#include <QStringList>

#include <memory>
#include <vector>

namespace slotscope {

enum class NodeFlag : quint16 {
    Myself = 1,
    Primary = 2,
    Replica = 4,
    MaybeFailed = 8 /* fail? */,
    Failed = 16,
    Handshake = 32,
    NoAddress = 64,
    NoFailover = 128,
};
Q_DECLARE_FLAGS(NodeFlags, NodeFlag)
Q_DECLARE_OPERATORS_FOR_FLAGS(NodeFlags)

/// An address as a node announces it. host is empty where the node does not know its own; port is 0 for noaddr.
struct AnnouncedAddress
{
    QString host; ///< IPv4, IPv6 without brackets
    quint16 port = 0; ///< the client port; with a TLS connection the server gives the TLS port
    quint16 busPort = 0; ///< 0 where the line has none
    QString hostname; ///< cluster-announce-hostname, may be empty
    /// The host holds blanks or other characters that no host name has: it cannot be reached by what it announces.
    bool isOdd = false;
    /// "host:port", IPv6 in brackets.
    [[nodiscard]] QString toString() const;
    friend bool operator==(const AnnouncedAddress &, const AnnouncedAddress &) = default;
};

/// Host of "host:port", without the brackets of IPv6.
[[nodiscard]] QString hostOfAddress(const QString &address);

/// [slot->-peer] or [slot-<-peer]: only on an observer's own line.
struct OpenSlot
{
    quint16 slot = 0;
    bool migrating = false; ///< true: leaving this node for peer; false: being imported from peer
    QByteArray peer; ///< node id
    friend bool operator==(const OpenSlot &, const OpenSlot &) = default;
};

/// One line of CLUSTER NODES: what one observer says of one node.
struct NodeLine
{
    QByteArray id;
    AnnouncedAddress address;
    NodeFlags flags;
    QByteArray primaryId; ///< empty for a primary
    qint64 pingSent = 0; ///< ms since 1970 of the ping that waits for its pong; 0: none waits
    qint64 pongReceived = 0; ///< ms since 1970; 0: never
    quint64 configEpoch = 0; ///< on a replica's line: its primary's
    bool linkConnected = false; ///< this observer's bus link to the node
    SlotSet slots;
    QList<OpenSlot> openSlots;
    /// Hash over what all observers should agree on: id, address, role, primary, epoch (primaries), slots, failure
    /// flags.
    size_t claimHash = 0;
};

/// NodeLine::claimHash for a line that was put together otherwise than by parseClusterNodes().
[[nodiscard]] size_t claimHashOf(const NodeLine &line);

/// A whole CLUSTER NODES reply: one observer's table.
struct NodesTable
{
    std::vector<NodeLine> lines;
    int myself = -1; ///< index of the observer's own line, -1 where there is none
    /// Lines that need a look also where the digests agree: handshake, noaddr, or no bus link to a node other than
    /// itself.
    QList<int> notable;
    QStringList unreadable; ///< lines that could not be read, each with what is wrong with it; a few at most
    bool tellsOpenSlots = true; ///< false: of CLUSTER SLOTS, which shows none
    size_t digest = 0; ///< sum of the lines' claimHash (order does not matter); equal digests: observers agree

    [[nodiscard]] const NodeLine *self() const { return myself < 0 ? nullptr : &lines[size_t(myself)]; }
    [[nodiscard]] const NodeLine *find(QByteArrayView id) const;
};
using NodesTablePtr = std::shared_ptr<const NodesTable>;

/// Reads CLUSTER NODES of every server version since 3.0 (also nodes.conf's ",k=v" parts and lines without a bus port).
/// A line that cannot be read is put aside (NodesTable::unreadable), so that it does not blind us for the other nodes.
/// An address with odd characters spoils its own node only. Error::Parse, quoting the line: none could be read, or two
/// claim to be the answering node.
[[nodiscard]] Result<NodesTable> parseClusterNodes(QByteArrayView text);

} // namespace slotscope
