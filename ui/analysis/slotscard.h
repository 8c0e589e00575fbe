// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisreport.h"
#include "core/cluster/clusterview.h"
#include "ui/analysis/barlist.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace slotscope {

class SegmentedControl;

/// Slots of a report by load or memory, and the hash tags with the most memory.
class SlotsCard final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SlotsCard)
public:
    explicit SlotsCard(const Theme &theme, QWidget *parent = nullptr);
    void show(const AnalysisReportPtr &report);
    void setView(const ClusterViewPtr &view); ///< the view gives the colours of the shards

Q_SIGNALS:
    void slotChosen(int slot); ///< -1: all slots

private:
    void fill();
    void append(QList<BarRow> &rows, const QString &name, double share, int shard, const QString &told,
                const QString &words) const;
    [[nodiscard]] QList<BarRow> workRows() const;
    [[nodiscard]] QList<BarRow> memoryRows() const;
    [[nodiscard]] QList<BarRow> tagRows() const;
    [[nodiscard]] QString note() const;
    [[nodiscard]] int slotOfRow(int row) const;
    [[nodiscard]] QColor colourOf(int shard) const;

    const Theme &m_theme;
    AnalysisReportPtr m_report;
    ClusterViewPtr m_view;
    SegmentedControl *m_by;
    QLabel *m_note;
    BarList *m_list;
    QPushButton *m_all;
};

} // namespace slotscope
