// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operations/choosepage.h"

class QLineEdit;
class QSpinBox;
class QStackedWidget;

namespace slotscope {

class MigrationFields;
class NodeChecks;
class NodeCombo;
class SegmentedControl;

/// Form: which slots are moved, from where and to where.
class ChooseReshard final : public ChoosePage
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChooseReshard)
public:
    enum What : int { Number, Ranges, HashTag, Everything };
    ChooseReshard(const Theme &theme, const OperationDraft &draft, QWidget *parent = nullptr);

    void setView(const slotscope::ClusterViewPtr &view) override;
    [[nodiscard]] OperationRequest request() const override;
    [[nodiscard]] QString missing() const override;

private:
    void makeFields();
    void applyDraft(const OperationDraft &draft);
    void updateHints();
    [[nodiscard]] Result<SlotSet> ranges() const;

    SegmentedControl *m_what;
    QStackedWidget *m_fields;
    QSpinBox *m_count;
    QLineEdit *m_ranges, *m_tag;
    NodeChecks *m_sources;
    NodeCombo *m_target;
    MigrationFields *m_migration;
    QLabel *m_whatHint = nullptr, *m_sourcesHint = nullptr;
};

} // namespace slotscope
