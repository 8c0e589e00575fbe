// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operations/choosepage.h"

class QCheckBox;
class QDoubleSpinBox;
class QTableWidget;

namespace slotscope {

class MigrationFields;
class SegmentedControl;

/// Form: what is balanced between the primaries, and the weight of each.
class ChooseRebalance final : public ChoosePage
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChooseRebalance)
public:
    enum Column : int { Node, Before, After, Weight, Count_ };
    ChooseRebalance(const Theme &theme, const OperationDraft &draft, QWidget *parent = nullptr);
    void setView(const slotscope::ClusterViewPtr &view) override;
    void setPlanned(const slotscope::PlannedOperation &planned) override;
    [[nodiscard]] OperationRequest request() const override;

private:
    void makeTable();
    void addPrimary(const NodeState &node);

    SegmentedControl *m_by;
    QDoubleSpinBox *m_threshold;
    QCheckBox *m_empty;
    QTableWidget *m_table;
    MigrationFields *m_migration;
    QList<QByteArray> m_shown; ///< node id of each row
};

} // namespace slotscope
