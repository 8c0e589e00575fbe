// SPDX-License-Identifier: GPL-3.0-or-later
// What is odd about the nodes' own answers: who is held up, who is there twice, what cannot be read.
#include "core/cluster/health.h"

namespace slotscope {

void Health::checkAnswers()
{
    for (const NodeObservation &observation : m_view.observations) {
        const NodeState *node = m_view.node(observation.id);
        if (!node || observation.reach.state != Reach::State::Ready)
            continue;
        if (observation.isBusy) {
            Finding &finding = add(
                Finding::Kind::Busy, Severity::Error, tr("%1 is busy running a script or function").arg(node->name),
                tr("It answers every other command with BUSY, and says nothing of the cluster meanwhile."),
                tr("SCRIPT KILL or FUNCTION KILL, sent to this node, ends one that has not written yet; else wait, or "
                   "SHUTDOWN NOSAVE."));
            finding.nodes = {node->id};
            finding.slots = node->slots;
        }
        if (!observation.twins.isEmpty())
            add(Finding::Kind::SameId, Severity::Error,
                tr("Two servers have one id: %1 answers at %2 and at %3")
                    .arg(QString::fromLatin1(node->id.left(8)), observation.reach.address,
                         observation.twins.join(QStringLiteral(", "))),
                tr("They run from copies of one nodes.conf. The cluster takes them for one node that keeps changing "
                   "its "
                   "address, and loses writes."),
                tr("Run CLUSTER RESET HARD on the one that holds no data of the cluster; it gets an id of its own."))
                .nodes = {node->id};
        if (observation.table && !observation.table->unreadable.isEmpty())
            add(Finding::Kind::UnreadableTable, Severity::Warning,
                tr("%1 tells of nodes what cannot be read: %2")
                    .arg(node->name, observation.table->unreadable.join(QStringLiteral("; "))),
                tr("The nodes of these lines are missing in what is shown, unless others tell of them."),
                tr("Look at CLUSTER NODES there; a damaged nodes.conf is mended by CLUSTER FORGET or RESET."))
                .nodes = {node->id};
    }
    for (const NodeState &node : m_view.nodes) {
        if (node.address.isOdd)
            add(Finding::Kind::OddAddress, Severity::Error,
                tr("%1 announces an address that no host has").arg(node.name),
                tr("Neither the other nodes nor clients that are sent there can reach it."),
                tr("Set cluster-announce-ip on it to its IP address, or to nothing."))
                .nodes = {node.id};
    }
}

} // namespace slotscope
