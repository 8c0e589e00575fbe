// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/runfilter.h"

#include "core/models/runlistmodel.h"

namespace slotscope {

void RunFilter::setWords(const QString &text)
{
    m_words = text.split(u' ', Qt::SkipEmptyParts);
    invalidateFilter();
}

void RunFilter::setThisClusterOnly(bool only)
{
    m_thisCluster = only;
    invalidateFilter();
}

bool RunFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    if (m_thisCluster && !index.data(RunListModel::ThisClusterRole).toBool())
        return false;
    const QString text = index.data(RunListModel::SearchRole).toString();
    return std::all_of(m_words.begin(), m_words.end(),
                       [&text](const QString &word) { return text.contains(word, Qt::CaseInsensitive); });
}

} // namespace slotscope
