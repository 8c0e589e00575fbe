// SPDX-License-Identifier: GPL-3.0-or-later
// What is odd about the nodes' own answers: who is held up, who is there twice, what cannot be read.
#include "core/cluster/health.h"

#include "core/base/text.h"

#include <QMap>
#include <QSet>

#include <algorithm>

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
                tr("Until the script or function has ended, the node replies BUSY to every other command and reports "
                   "nothing about the cluster."),
                tr("SCRIPT KILL or FUNCTION KILL, sent to this node, ends a script or function that has not written "
                   "yet. Otherwise wait, or use SHUTDOWN NOSAVE."));
            finding.nodes = {node->id};
            finding.slots = node->slots;
        }
        if (!observation.twins.isEmpty())
            add(Finding::Kind::SameId, Severity::Error,
                tr("Two servers have the same node id: %1 answers at %2 and at %3")
                    .arg(QString::fromLatin1(node->id.left(8)), observation.reach.address,
                         observation.twins.join(QStringLiteral(", "))),
                tr("Both use copies of the same nodes.conf. The cluster treats them as one node that keeps changing "
                   "its address, and writes are lost."),
                tr("Run CLUSTER RESET HARD on the server that contains no data of the cluster: this gives it a new "
                   "node id."))
                .nodes = {node->id};
        if (observation.table && !observation.table->unreadable.isEmpty())
            add(Finding::Kind::UnreadableTable, Severity::Warning,
                tr("%1 reports nodes in lines that cannot be parsed: %2")
                    .arg(node->name, observation.table->unreadable.join(QStringLiteral("; "))),
                tr("The nodes of these lines are shown only if other nodes report them."),
                tr("Check CLUSTER NODES on that node; CLUSTER FORGET or CLUSTER RESET repairs a damaged nodes.conf."))
                .nodes = {node->id};
    }
    for (const NodeState &node : m_view.nodes) {
        if (node.address.isOdd)
            add(Finding::Kind::OddAddress, Severity::Error,
                tr("%1 announces an address that no host can have").arg(node.name),
                tr("Neither the other nodes nor clients that are redirected to it can reach it."),
                tr("Set cluster-announce-ip on this node to its IP address, or to an empty value."))
                .nodes = {node.id};
    }
}

const NodeObservation *Health::onlyLacksRights(const NodeState &node) const
{
    const NodeObservation *observation = m_view.observationOf(node.id);
    const bool isReady = observation && node.reach.state == Reach::State::Ready;
    const bool onlyRights = isReady && !observation->deniedCommands.isEmpty()
        && observation->deniedCommands.size() == observation->refused.count(QStringLiteral("; ")) + 1;
    return onlyRights ? observation : nullptr;
}

/// Reports missing ACL permissions. They are no fault of the cluster, so a note says what cannot be known because of
/// them.
void Health::checkRights()
{
    QMap<QByteArrayList, QList<int>> nodesLacking;
    for (size_t i = 0; i < m_view.nodes.size(); ++i) {
        const NodeState &node = m_view.nodes[i];
        const NodeObservation *observation = onlyLacksRights(node);
        const bool told = m_view.cluster ? m_view.slotsKnown : node.roleKnown;
        if (!observation || !told) // nothing to report, or checkLearnt() reports it
            continue;
        QByteArrayList commands = observation->deniedCommands;
        std::sort(commands.begin(), commands.end());
        nodesLacking[commands].append(int(i));
    }
    for (auto it = nodesLacking.cbegin(); it != nodesLacking.cend(); ++it) {
        QStringList missing, rights;
        for (const QByteArray &command : it.key()) {
            if (command == "INFO")
                missing.append(tr("memory, load, replication and versions (INFO)"));
            else if (command == "CLUSTER INFO")
                missing.append(tr("whether each node considers the cluster up (CLUSTER INFO)"));
            else if (command == "CLUSTER NODES")
                missing.append(tr("failure flags, epochs and slots in migration (CLUSTER NODES)"));
            rights.append(QStringLiteral("+")
                          + QString::fromLatin1(command).replace(QChar(u' '), QChar(u'|')).toLower());
        }
        const QString which =
            it->size() == 1 ? m_view.nodes[size_t(it->constFirst())].name : tr("%1 nodes").arg(it->size());
        Finding &finding =
            add(Finding::Kind::LimitedRights, Severity::Note,
                tr("This user may not run %1 on %2").arg(QString::fromLatin1(it.key().join(", ")), which),
                tr("Therefore the following is not known: %1. Everything else is shown.")
                    .arg(missing.join(QStringLiteral("; "))),
                tr("If you need it, allow %1 (ACL SETUSER; before Redis 7 +cluster), or connect as another user.")
                    .arg(rights.join(QChar(u' '))));
        for (const int node : *it)
            finding.nodes.append(m_view.nodes[size_t(node)].id);
    }
}

/// Reports settings that differ between nodes. The most common value is taken as right, and nodes with another one are
/// named.
void Health::checkSettings()
{
    QMap<QByteArray, QMap<QByteArray, QList<int>>> nodesByValue;
    for (const NodeObservation &observation : m_view.observations) {
        const int node = observation.reach.state == Reach::State::Ready ? m_view.indexOf(observation.id) : -1;
        for (auto it = observation.settings.cbegin(); node >= 0 && it != observation.settings.cend(); ++it)
            nodesByValue[it.key()][it.value()].append(node);
    }
    for (auto setting = nodesByValue.cbegin(); setting != nodesByValue.cend(); ++setting) {
        if (setting->size() < 2)
            continue;
        const auto usual = std::max_element(setting->cbegin(), setting->cend(),
                                            [](const auto &a, const auto &b) { return a.size() < b.size(); });
        QStringList others;
        QByteArrayList nodes;
        for (auto it = setting->cbegin(); it != setting->cend(); ++it) {
            const QString text = tr("%1 on %2").arg(toDisplay(it.key()), names(it.value()));
            it == usual ? others.prepend(text) : others.append(text);
            for (const int node : it == usual ? QList<int>() : it.value())
                nodes.append(m_view.nodes[size_t(node)].id);
        }
        const QString name = QString::fromLatin1(setting.key());
        const bool isTimeout = setting.key() == "cluster-node-timeout";
        add(Finding::Kind::SettingsDiffer, isTimeout ? Severity::Warning : Severity::Note,
            tr("%1 differs: %2").arg(name, others.join(QStringLiteral(", "))),
            isTimeout ? tr("The nodes mark each other as failed at different times, and a failover may lack votes.")
                      : tr("The nodes then behave differently when something fails."),
            tr("Set the same value on all nodes: page Config, or slotscope-cli config %1 VALUE.").arg(name))
            .nodes = nodes;
    }
}

} // namespace slotscope
