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
        tr("The nodes look for one another where they are not: %1").arg(places.join(u"; "_s)),
        tr("They were started again at other addresses while none of the others could be told. Each waits for the "
           "others "
           "at their old addresses; the cluster stays down, though all answer."),
        tr("Introduce them to one another at their new addresses (CLUSTER MEET): fix does it. Then all is as before."))
        .nodes = ids;
}

void Health::checkStrangers()
{
    for (const Stranger &stranger : m_view.strangers) {
        const bool member = std::any_of(m_view.nodes.begin(), m_view.nodes.end(), [&](const NodeState &node) {
            return node.address.toString() == stranger.address || node.reach.address == stranger.address;
        });
        if (member)
            continue; // told with the node
        if (stranger.answers)
            add(Finding::Kind::NamedAddress, Severity::Warning,
                tr("%1, which was named, answers, and is no part of this cluster").arg(stranger.address),
                tr("The server was reset, or removed from the cluster, or was started again without its nodes.conf, "
                   "which gives it a new id."),
                tr("If it was a node of this cluster, introduce it again (meet %1); else leave it out.")
                    .arg(stranger.address));
        else
            add(Finding::Kind::NamedAddress, Severity::Warning,
                tr("%1, which was named, does not answer: %2").arg(stranger.address, describe(stranger.error)),
                tr("No node of the cluster announces this address."),
                tr("Check the address; leave it out if it is no more."));
    }
}

} // namespace slotscope
