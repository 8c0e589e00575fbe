// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/latency/commandlatency.h"
#include "core/models/tableroles.h"

#include <QAbstractTableModel>

namespace slotscope {

/// Execution times of each command. Percentiles come from the server if it reports them, else they are upper bounds ("≤
/// 16 µs"). New data changes rows in place.
class CommandLatencyModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CommandLatencyModel)
public:
    enum class Column : int { Name, Calls, P50, P99, P999, Longest, Count_ };
    explicit CommandLatencyModel(QObject *parent = nullptr);

    void setFigures(const CommandLatencies &figures, const CommandPercentiles &exact);
    [[nodiscard]] const CommandLatency *at(int row) const;
    [[nodiscard]] QByteArray commandAt(int row) const { return m_commands.value(row); }
    [[nodiscard]] int rowOf(const QByteArray &command) const { return int(m_commands.indexOf(command)); }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] std::optional<qint64> exact(const QByteArray &command, Column column) const;
    [[nodiscard]] qint64 value(const QByteArray &command, Column column) const;
    [[nodiscard]] QString text(const QByteArray &command, Column column) const;

    QByteArrayList m_commands; ///< name of the command in each row
    CommandLatencies m_figures;
    CommandPercentiles m_exact;
    qint64 m_mostCalls = 0;
};

} // namespace slotscope
