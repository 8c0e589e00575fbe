// SPDX-License-Identifier: GPL-3.0-or-later
// The fields of INFO that the user added to a MetricsBook.
#include "core/base/tr.h"
#include "core/metrics/metricsbooknode.h"

#include <algorithm>

namespace slotscope {

MetricsBook::NodePtr MetricsBook::newNode() const
{
    auto node = std::make_shared<Node>();
    node->setColumns(std::vector<int>(m_fields.size(), -1));
    return node;
}

std::vector<int> MetricsBook::columnsOf(const InfoFields &fields) const
{
    std::vector<int> columns;
    for (const InfoField &field : fields) {
        const auto found = std::find(m_fields.begin(), m_fields.end(), field);
        columns.push_back(found == m_fields.end() ? -1 : int(found - m_fields.begin()));
    }
    return columns;
}

void MetricsBook::setFields(const InfoFields &fields)
{
    const QMutexLocker locker(&m_mutex);
    InfoFields wanted = fields;
    if (wanted.size() > mostInfoFields)
        wanted.resize(mostInfoFields);
    if (wanted == m_fields)
        return;
    const std::vector<int> sources = columnsOf(wanted);
    for (const auto &[id, node] : m_nodes)
        node->setColumns(sources);
    m_fields = std::move(wanted);
}

InfoFields MetricsBook::fields() const
{
    const QMutexLocker locker(&m_mutex);
    return m_fields;
}

void MetricsBook::setFieldProblems(bool ofCluster, std::vector<FieldProblem> problems)
{
    const QMutexLocker locker(&m_mutex);
    m_fieldProblems[ofCluster ? 1 : 0] = std::move(problems);
}

QString MetricsBook::fieldProblem(const InfoField &field) const
{
    const QMutexLocker locker(&m_mutex);
    return problemOf(field);
}

QString MetricsBook::problemOf(const InfoField &field) const
{
    if (std::find(m_fields.begin(), m_fields.end(), field) == m_fields.end())
        return m_fields.size() < mostInfoFields
            ? QString()
            : tr("It is not recorded: plots and thresholds together have more than %1 fields.").arg(mostInfoFields);
    const auto lacks = [&field](const auto &each) {
        return each.second->isThere && !each.second->last.fields.contains(field.name);
    };
    QString words;
    int more = 0;
    for (const FieldProblem &problem : m_fieldProblems[isOfClusterInfo(field.name) ? 1 : 0]) {
        const auto node = m_nodes.find(problem.node);
        if (problem.node.isEmpty() ? std::none_of(m_nodes.begin(), m_nodes.end(), lacks)
                                   : node == m_nodes.end() || !lacks(*node))
            continue;
        if (words.isEmpty())
            words = problem.words;
        else
            ++more;
    }
    return more == 0 ? words : tr("%1 · nodes without it: %2").arg(words).arg(more + 1);
}

std::vector<double> MetricsBook::fieldsOf(const Node &node, const MetricReading &before, const MetricReading &reading,
                                          bool goesOn) const
{
    std::vector<double> values(m_fields.size(), notKnown);
    for (size_t i = 0; i < m_fields.size(); ++i) {
        const auto now = reading.fields.constFind(m_fields[i].name);
        if (now == reading.fields.constEnd())
            continue;
        if (!m_fields[i].perSecond) {
            values[i] = now->value;
            continue;
        }
        const auto was = before.fields.constFind(m_fields[i].name);
        if (!goesOn || was == before.fields.constEnd() || now->value < was->value)
            continue;
        const qint64 passed = now->steadyAt - was->steadyAt;
        if (passed > 0)
            values[i] = (now->value - was->value) * 1000.0 / double(passed);
        else // not read again since the reading before
            values[i] = node.newestFields[i];
    }
    return values;
}

} // namespace slotscope
