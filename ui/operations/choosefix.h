// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operations/choosepage.h"

class QCheckBox;
class QTableWidget;

namespace slotscope {

class MigrationFields;
class SegmentedControl;

/// Form: every slot that needs a fix, with what is known about it and what to do with it.
class ChooseFix final : public ChoosePage
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChooseFix)
public:
    enum Column : int { Slots, Owner, Found, Keys, Act, Count_ };
    ChooseFix(const Theme &theme, const OperationDraft &draft, QWidget *parent = nullptr);
    void setPlanned(const slotscope::PlannedOperation &planned) override;
    [[nodiscard]] OperationRequest request() const override;

private:
    void makeTable();
    void addSlots(const RepairedSlots &found);
    void choose(const SlotSet &slotSet, const QVariant &act);

    SlotSet m_wanted; ///< slots from the draft; empty: all that need a fix
    SegmentedControl *m_prefer;
    QCheckBox *m_takeover;
    QTableWidget *m_table;
    QLabel *m_none = nullptr;
    MigrationFields *m_migration;
    QList<RepairedSlots> m_shown; ///< slots of the rows
    FixRequest m_choices; ///< perSlot and assign as chosen in the rows
};

/// Form: keys in slots of other nodes, to be found, moved or deleted.
class ChooseOrphans final : public ChoosePage
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChooseOrphans)
public:
    ChooseOrphans(const Theme &theme, const OperationDraft &draft, QWidget *parent = nullptr);
    void setPlanned(const slotscope::PlannedOperation &planned) override;
    [[nodiscard]] OperationRequest request() const override;

private:
    SegmentedControl *m_action;
    QTableWidget *m_table;
    QLabel *m_found = nullptr;
    MigrationFields *m_migration;
};

} // namespace slotscope
