// SPDX-License-Identifier: GPL-3.0-or-later
// Who is where: nodes that are sought at another place, and named addresses that lead nowhere.
#include "core/cluster/health.h"

#include "core/base/errortext.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int placesNamed = 6;

} // namespace

void Health::checkIdentities()
{
    if (m_view.cluster)
        checkReaddressed();
    checkStrangers();
}

void Health::checkReaddressed()
{
    QStringList places;
    QByteArrayList ids;
    for (const NodeState &node : m_view.nodes) {
        if (!node.soughtAt)
            continue;
        ids.append(node.id);
        if (places.size() < placesNamed)
            places.append(tr("%1 answers at %2").arg(node.soughtAt->toString(), node.address.toString()));
    }
    if (ids.isEmpty())
        return;
    if (ids.size() > places.size())
        places.append(tr("%1 more").arg(ids.size() - places.size()));
    add(Finding::Kind::Readdressed, Severity::Error,
        tr("The nodes look for one another at outdated addresses: %1").arg(places.join(u"; "_s)),
        tr("The nodes were restarted at new addresses while none of them could tell the others. Each looks for the "
           "others at their old addresses, so the cluster stays down although all nodes answer."),
        tr("Introduce the nodes to one another at their new addresses (CLUSTER MEET): fix does this. Then the cluster "
           "works again."))
        .nodes = ids;
}

void Health::checkStrangers()
{
    for (const Stranger &stranger : m_view.strangers) {
        const bool member = std::any_of(m_view.nodes.begin(), m_view.nodes.end(), [&](const NodeState &node) {
            return node.address.toString() == stranger.address || node.reach.address == stranger.address;
        });
        if (member)
            continue; // the finding about the node itself covers this address
        if (stranger.answers)
            add(Finding::Kind::NamedAddress, Severity::Warning,
                tr("%1 is one of the addresses of this connection and answers, but is not part of this cluster")
                    .arg(stranger.address),
                tr("The server was reset, removed from the cluster, or restarted without its nodes.conf, which gives "
                   "it a new node id."),
                tr("If it was a node of this cluster, introduce it again (meet %1); otherwise remove the address from "
                   "the connection.")
                    .arg(stranger.address));
        else
            add(Finding::Kind::NamedAddress, Severity::Warning,
                tr("%1 is one of the addresses of this connection and does not answer: %2")
                    .arg(stranger.address, describe(stranger.error)),
                tr("No node of the cluster announces this address."),
                tr("Check the address; remove it from the connection if the server no longer exists."));
    }
}

} // namespace slotscope
