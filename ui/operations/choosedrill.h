// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operations/choosepage.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QSpinBox;

namespace slotscope {

class NodeCombo;
class SegmentedControl;

/// Form: what a failure drill makes unavailable, by which method and for how long.
class ChooseDrill final : public ChoosePage
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChooseDrill)
public:
    ChooseDrill(const Theme &theme, const OperationDraft &draft, QWidget *parent = nullptr);
    void setView(const slotscope::ClusterViewPtr &view) override;
    [[nodiscard]] OperationRequest request() const override;
    [[nodiscard]] QString missing() const override;

private:
    void makeRows();
    void updateForm();
    [[nodiscard]] DrillWay way() const;

    QByteArray m_wanted; ///< id from the draft, until a view shows its shard
    SegmentedControl *m_what, *m_way;
    NodeCombo *m_primary;
    QComboBox *m_host;
    QSpinBox *m_seconds;
    QLineEdit *m_stop, *m_start;
    QCheckBox *m_back;
    QLabel *m_words = nullptr;
    QStringList m_hosts;
};

} // namespace slotscope
