// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/planners/rolechoosing.h"

#include <QHash>

#include <algorithm>

namespace slotscope {

namespace {

constexpr int onPrimaryCost = 10000; ///< the weight that redis-cli uses
constexpr int siblingCost = 1;
constexpr int maximumPasses = 50;

class RoleChooser
{
public:
    RoleChooser(const QList<RoleWish> &nodes, int replicas) : m_nodes(nodes), m_replicas(replicas)
    {
        m_roles.primaryOf.fill(-1, nodes.size());
    }
    [[nodiscard]] Roles choose();

private:
    void choosePrimaries();
    void dealReplicas();
    void improve();
    [[nodiscard]] bool swapHelps(int a, int b);
    [[nodiscard]] int cost(int replica, int primary) const;
    [[nodiscard]] const QString &label(int node) const { return m_nodes[node].label; }
    [[nodiscard]] bool isReplica(int node) const { return !m_roles.primaries.contains(node); }
    void add(int replica, int primary);
    void count();

    const QList<RoleWish> &m_nodes;
    int m_replicas;
    Roles m_roles;
    QHash<int, QList<int>> m_replicasOf;
};

/// Chooses primaries one by one, under the label with the fewest primaries so far, then with the most nodes left, then
/// in the given order.
void RoleChooser::choosePrimaries()
{
    QHash<QString, int> chosen, left;
    QList<int> free;
    for (int i = 0; i < m_nodes.size(); ++i) {
        if (m_nodes[i].primary.value_or(false)) {
            m_roles.primaries.append(i);
            ++chosen[label(i)];
        } else if (!m_nodes[i].primary) {
            free.append(i);
            ++left[label(i)];
        }
    }
    const qsizetype wanted = m_nodes.size() / (m_replicas + 1);
    while (m_roles.primaries.size() < wanted && !free.isEmpty()) {
        const auto best = std::min_element(free.begin(), free.end(), [&](int a, int b) {
            return std::pair(chosen.value(label(a)), -left.value(label(a)))
                < std::pair(chosen.value(label(b)), -left.value(label(b)));
        });
        m_roles.primaries.append(*best);
        ++chosen[label(*best)];
        --left[label(*best)];
        free.erase(best);
    }
}

int RoleChooser::cost(int replica, int primary) const
{
    int sum = label(replica) == label(primary) ? onPrimaryCost : 0;
    for (const int other : m_replicasOf.value(primary))
        if (other != replica && label(other) == label(replica))
            sum += siblingCost;
    return sum;
}

void RoleChooser::add(int replica, int primary)
{
    m_roles.primaryOf[replica] = primary;
    m_replicasOf[primary].append(replica);
}

/// Distributes replicas in rounds, so that no primary has two before all have one.
void RoleChooser::dealReplicas()
{
    QList<int> free;
    for (int i = 0; i < m_nodes.size(); ++i) {
        if (!isReplica(i))
            continue;
        if (m_nodes[i].replicaOf >= 0)
            add(i, m_nodes[i].replicaOf);
        else
            free.append(i);
    }
    if (m_roles.primaries.isEmpty())
        return;
    while (!free.isEmpty()) {
        qsizetype fewest = m_nodes.size();
        for (const int primary : std::as_const(m_roles.primaries))
            fewest = std::min(fewest, m_replicasOf.value(primary).size());
        for (const int primary : std::as_const(m_roles.primaries)) {
            if (free.isEmpty() || m_replicasOf.value(primary).size() > fewest)
                continue;
            const auto best = std::min_element(free.begin(), free.end(),
                                               [&](int a, int b) { return cost(a, primary) < cost(b, primary); });
            const int replica = *best;
            free.erase(best);
            add(replica, primary);
        }
    }
}

/// Whether swapping the primaries of two replicas lowers the total cost.
bool RoleChooser::swapHelps(int a, int b)
{
    const int primaryA = m_roles.primaryOf[a];
    const int primaryB = m_roles.primaryOf[b];
    const auto exchange = [this](int primary, int from, int to) {
        m_replicasOf[primary].replace(m_replicasOf[primary].indexOf(from), to);
    };
    const int before = cost(a, primaryA) + cost(b, primaryB);
    exchange(primaryA, a, b);
    exchange(primaryB, b, a);
    if (cost(b, primaryA) + cost(a, primaryB) < before) {
        std::swap(m_roles.primaryOf[a], m_roles.primaryOf[b]);
        return true;
    }
    exchange(primaryA, b, a);
    exchange(primaryB, a, b);
    return false;
}

void RoleChooser::improve()
{
    QList<int> free;
    for (int i = 0; i < m_nodes.size(); ++i)
        if (m_roles.primaryOf[i] >= 0 && m_nodes[i].replicaOf < 0)
            free.append(i);
    bool better = true;
    for (int pass = 0; better && pass < maximumPasses; ++pass) {
        better = false;
        for (const int a : std::as_const(free)) {
            if (cost(a, m_roles.primaryOf[a]) == 0)
                continue;
            for (const int b : std::as_const(free))
                if (m_roles.primaryOf[a] != m_roles.primaryOf[b] && swapHelps(a, b))
                    better = true;
        }
    }
}

void RoleChooser::count()
{
    for (int i = 0; i < m_nodes.size(); ++i) {
        const int primary = m_roles.primaryOf[i];
        if (primary < 0)
            continue;
        const int sum = cost(i, primary);
        m_roles.onPrimaryLabel += sum / onPrimaryCost;
        m_roles.siblings += sum % onPrimaryCost;
    }
    m_roles.siblings /= 2; // each pair was counted twice
}

Roles RoleChooser::choose()
{
    choosePrimaries();
    dealReplicas();
    improve();
    count();
    return m_roles;
}

} // namespace

Roles chooseRoles(const QList<RoleWish> &nodes, int replicas)
{
    return RoleChooser(nodes, std::max(replicas, 0)).choose();
}

} // namespace slotscope
