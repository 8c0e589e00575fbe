// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/health.h"

#include <QMap>

#include <algorithm>

namespace slotscope {

namespace {

/// How long a node may report that the cluster is down after it joined (Redis: CLUSTER_MAX_REJOIN_DELAY, plus a
/// second).
constexpr qint64 joinsWithinMs = 6000;

} // namespace

Finding &Health::add(Finding::Kind kind, Severity severity, const QString &title, const QString &explanation,
                     const QString &advice)
{
    return m_findings.emplaceBack(Finding{kind, severity, title, explanation, advice, {}, {}});
}

QString Health::names(const QList<int> &nodes) const
{
    if (nodes.isEmpty())
        return tr("no node");
    const QString first = m_view.nodes[size_t(nodes.constFirst())].name;
    if (nodes.size() == 1)
        return first;
    if (nodes.size() == 2)
        return tr("%1 and %2").arg(first, m_view.nodes[size_t(nodes.at(1))].name);
    return tr("%1 and %2 others").arg(first).arg(nodes.size() - 1);
}

QString Health::sayers(const QList<int> &nodes) const
{
    return (nodes.size() > 1 ? tr("%1 report") : tr("%1 reports")).arg(names(nodes));
}

void Health::checkWhole()
{
    QList<int> failing;
    QMap<QByteArray, QList<int>> versions;
    QList<int> loading;
    for (size_t i = 0; i < m_view.nodes.size(); ++i) {
        const NodeState &node = m_view.nodes[i];
        if (node.info && !node.info->version.isEmpty())
            versions[node.info->product + ' ' + node.info->version].append(int(i));
        if (node.condition == NodeCondition::Loading)
            loading.append(int(i));
    }
    for (const NodeObservation &observation : m_view.observations) {
        const int index = m_view.indexOf(observation.id);
        if (index < 0 || observation.reach.state != Reach::State::Ready || !observation.clusterInfo
            || observation.clusterInfo->stateOk)
            continue;
        // a node that just joined and owns no slots reports "down" until it has heard of all others
        if (m_view.nodes[size_t(index)].slots.isEmpty() && m_view.uncovered.isEmpty()
            && !lasts("state " + observation.id, joinsWithinMs))
            continue;
        failing.append(index);
    }
    std::sort(failing.begin(), failing.end());
    if (!failing.isEmpty() && !isEmptyNode()) {
        Finding &finding = add(Finding::Kind::ClusterStateFail, Severity::Error,
                               tr("%1 that the cluster is down").arg(sayers(failing)),
                               tr("These nodes refuse commands with CLUSTERDOWN until every slot is served and most "
                                  "primaries are reachable."),
                               tr("See the other findings: uncovered slots or failed primaries are the usual cause. "
                                  "After a restart the state clears within some seconds."));
        for (const int node : failing)
            finding.nodes.append(m_view.nodes[size_t(node)].id);
    }
    if (versions.size() > 1) {
        QStringList parts;
        for (auto it = versions.cbegin(); it != versions.cend(); ++it)
            parts.append(tr("%1 on %2").arg(QString::fromUtf8(it.key()), names(it.value())));
        add(Finding::Kind::MixedVersions, Severity::Note,
            tr("Versions differ: %1").arg(parts.join(QStringLiteral(", "))),
            tr("A newer primary may send data to its older replicas that they do not understand."),
            tr("Finish the upgrade: replicas first, then a failover, then the former primaries."));
    }
    for (const int index : std::as_const(loading)) {
        const NodeState &node = m_view.nodes[size_t(index)];
        add(Finding::Kind::Loading, Severity::Note, tr("%1 is loading its data").arg(node.name),
            tr("Until it is done, the node replies LOADING to commands."), tr("Wait until it is done."))
            .nodes = {node.id};
    }
}

/// Reports nodes about which nothing could be learned, because a cluster must not be called healthy only for lack of
/// data.
void Health::checkLearnt()
{
    QByteArrayList lacking;
    QStringList reasons;
    QByteArrayList nodes;
    for (const NodeState &node : m_view.nodes) {
        const NodeObservation *observation = m_view.observationOf(node.id);
        const bool told = m_view.cluster ? m_view.slotsKnown : node.roleKnown;
        if (node.reach.state != Reach::State::Ready || told)
            continue;
        nodes.append(node.id);
        if (!node.refused.isEmpty())
            reasons.append(tr("%1 replied: %2").arg(node.name, node.refused));
        for (const QByteArray &denied : observation ? observation->deniedCommands : QByteArrayList()) {
            const QByteArray right = '+' + QByteArray(denied).replace(' ', '|').toLower();
            if (!lacking.contains(right))
                lacking.append(right);
        }
    }
    if (nodes.isEmpty())
        return;
    const QString why = reasons.isEmpty() ? tr("no node has reported it yet") : reasons.constFirst();
    const QString advice = lacking.isEmpty()
        ? tr("Try again in a moment; to see the nodes' replies, run: call --to all CLUSTER NODES.")
        : tr("Missing: %1. Allow it (ACL SETUSER, before Redis 7 with +cluster), or connect as another user.")
              .arg(QString::fromLatin1(lacking.join(' ')));
    Finding &finding = m_view.cluster
        ? add(Finding::Kind::NotLearnt, Severity::Error,
              tr("It could not be determined who owns the slots: %1").arg(why),
              tr("Roles, slots, failures, and the agreement of the nodes are not known: none of that was checked."),
              advice)
        : add(Finding::Kind::NotLearnt, Severity::Error,
              tr("It could not be determined whether the server is a primary or a replica: %1").arg(why),
              tr("Its replication was not checked."), advice);
    finding.nodes = nodes;
}

QList<Finding> Health::take()
{
    m_memory.passingSince = std::exchange(m_passing, {});
    std::stable_sort(m_findings.begin(), m_findings.end(), [](const Finding &a, const Finding &b) {
        return a.severity != b.severity ? a.severity > b.severity
            : a.kind != b.kind          ? a.kind < b.kind
                                        : a.title < b.title;
    });
    return std::move(m_findings);
}

bool Health::lasts(const QByteArray &what, qint64 longerThanMs)
{
    const qint64 since = m_memory.passingSince.value(what, m_view.takenAt);
    m_passing.insert(what, since);
    return m_view.takenAt - since >= longerThanMs;
}

QList<Finding> findingsOf(const ClusterView &view, ShardNames &memory)
{
    Health health(view, memory);
    if (view.cluster && !view.nodes.empty())
        health.checkSlots(memory.disputedSince);
    health.checkLearnt();
    health.checkIdentities();
    health.checkNodes();
    health.checkReplicas();
    health.checkWhole();
    health.checkAnswers();
    health.checkRights();
    health.checkSettings();
    health.checkSentinels();
    return health.take();
}

} // namespace slotscope
