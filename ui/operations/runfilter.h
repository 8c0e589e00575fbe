// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSortFilterProxyModel>
#include <QStringList>

namespace slotscope {

/// Filters the operations: of one cluster or of all, and those that contain all words. Keeps the order of its source.
class RunFilter final : public QSortFilterProxyModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunFilter)
public:
    explicit RunFilter(QObject *parent = nullptr) : QSortFilterProxyModel(parent) { }
    void setWords(const QString &text);
    void setThisClusterOnly(bool only);

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QStringList m_words;
    bool m_thisCluster = true;
};

} // namespace slotscope
