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

/// An address as a node announces it. `host` is empty if the node does not know its own; `port` is 0 for noaddr.
struct AnnouncedAddress
{
    QString host; ///< IPv4, IPv6 without brackets
    quint16 port = 0; ///< client port; the TLS port if the reply was read over TLS
    quint16 busPort = 0; ///< 0 if the line contains none
    QString hostname; ///< cluster-announce-hostname; may be empty
    /// The host contains blanks or other characters that are invalid in host names, so it cannot be used for
    /// connecting.
    bool isOdd = false;
    /// "host:port", IPv6 in brackets.
    [[nodiscard]] QString toString() const;
    friend bool operator==(const AnnouncedAddress &, const AnnouncedAddress &) = default;
};

/// The host of "host:port", an IPv6 address without brackets.
[[nodiscard]] QString hostOfAddress(const QString &address);

/// [slot->-peer] or [slot-<-peer], which appear only on the observer's own line.
struct OpenSlot
{
    quint16 slot = 0;
    bool migrating = false; ///< true: migrating from this node to `peer`; false: being imported from `peer`
    QByteArray peer; ///< node id
    friend bool operator==(const OpenSlot &, const OpenSlot &) = default;
};

/// One line of CLUSTER NODES: what one observer reports about one node.
struct NodeLine
{
    QByteArray id;
    AnnouncedAddress address;
    NodeFlags flags;
    QByteArray primaryId; ///< empty for a primary
    qint64 pingSent = 0; ///< time of the ping still waiting for a pong, in ms since 1970; 0: none
    qint64 pongReceived = 0; ///< ms since 1970; 0: never
    quint64 configEpoch = 0; ///< on a replica's line, the epoch of its primary
    bool linkConnected = false; ///< whether the observer's bus link to the node is connected
    SlotSet slots;
    QList<OpenSlot> openSlots;
    /// Hash of everything that all observers should agree on: id, address, role, primary, epoch (primaries only),
    /// slots, failure flags.
    size_t claimHash = 0;
};

/// Computes NodeLine::claimHash for a line that did not come from parseClusterNodes().
[[nodiscard]] size_t claimHashOf(const NodeLine &line);

/// A complete CLUSTER NODES reply: the table of one observer.
struct NodesTable
{
    std::vector<NodeLine> lines;
    int myself = -1; ///< index of the observer's own line, -1 if missing
    /// Indices of lines to examine even if digests agree: handshake, noaddr, or no bus link to that other node.
    QList<int> notable;
    QStringList unreadable; ///< the first few lines that could not be parsed, each with the reason
    bool tellsOpenSlots = true; ///< false for a table from CLUSTER SLOTS, which lists no open slots
    size_t digest = 0; ///< sum of the lines' claimHash, in any order; equal digests mean that observers agree

    [[nodiscard]] const NodeLine *self() const { return myself < 0 ? nullptr : &lines[size_t(myself)]; }
    [[nodiscard]] const NodeLine *find(QByteArrayView id) const;
};
using NodesTablePtr = std::shared_ptr<const NodesTable>;

/// Parses CLUSTER NODES of every server version since 3.0 (also nodes.conf's ",k=v" parts and lines without a bus
/// port). A line that cannot be parsed goes to NodesTable::unreadable, so that the other nodes remain visible. An
/// address with odd characters affects only its own node. Error::Parse, quoting the line, if no line could be parsed or
/// two claim to be the answering node.
[[nodiscard]] Result<NodesTable> parseClusterNodes(QByteArrayView text);

} // namespace slotscope
