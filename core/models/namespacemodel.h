// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisreport.h"
#include "core/models/tableroles.h"

#include <QAbstractTableModel>

namespace slotscope {

/// One part of a namespace: a namespace inside it, its own keys, or keys that the report does not distinguish.
struct NamespacePart
{
    enum class Kind : quint8 { Below, Own, Others };
    Kind kind = Kind::Below;
    int index = -1; ///< index in the report, for Below
    QString name; ///< display name, without what its parent's name contains
    KeySum sum;
    double withTtl = -1; ///< fraction of its keys with a time to live; -1: unknown
    bool hasFinding = false;
};
/// Sorted by bytes, largest first; Others last.
[[nodiscard]] QList<NamespacePart> partsOf(const AnalysisReport &report, int index);

/// The parts of one namespace as a table.
class NamespaceModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NamespaceModel)
public:
    enum class Column : int { Name, Keys, Memory, Share, WithoutTtl, Count_ };
    explicit NamespaceModel(QObject *parent = nullptr) : QAbstractTableModel(parent) { }
    void show(const AnalysisReportPtr &report, int index);
    [[nodiscard]] const QList<NamespacePart> &parts() const { return m_parts; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    QList<NamespacePart> m_parts;
    qint64 m_bytes = 0;
};

} // namespace slotscope
