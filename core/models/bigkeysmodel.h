// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisreport.h"
#include "core/cluster/clusterview.h"
#include "core/models/tableroles.h"

#include <QAbstractTableModel>

namespace slotscope {

/// The biggest keys of a report by memory or length, of all namespaces or of one.
class BigKeysModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(BigKeysModel)
public:
    enum class Column : int { Key, Memory, Length, Ttl, Shard, Count_ };
    enum Role : int { TypeRole = Qt::UserRole + 60, NameRole };
    enum class By : int { Memory, Length, Frequency };

    explicit BigKeysModel(QObject *parent = nullptr) : QAbstractTableModel(parent) { }
    /// `within` is the index of a namespace in the report; 0: all.
    void show(const AnalysisReportPtr &report, By by, int within);
    void setView(const ClusterViewPtr &view); ///< supplies the shards' colours
    [[nodiscard]] const ReportKey *at(int row) const; ///< null: no such row

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] QString text(const ReportKey &key, Column column) const;
    [[nodiscard]] QVariant sortValue(const ReportKey &key, Column column) const;

    QList<ReportKey> m_keys;
    ClusterViewPtr m_view;
    By m_by = By::Memory;
};

/// Formats a length: "1,204 fields"; bytes for a string. Empty if it is unknown.
[[nodiscard]] QString lengthText(const QByteArray &type, qint64 elements);

} // namespace slotscope
