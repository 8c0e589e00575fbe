// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operations/choosepage.h"

namespace slotscope {

class MigrationFields;

/// What an earlier run has changed, and how it is taken back. What is asked for stands in the draft; how slots move can
/// be chosen.
class ChooseRollBack final : public ChoosePage
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChooseRollBack)
public:
    ChooseRollBack(const Theme &theme, const OperationDraft &draft, QWidget *parent = nullptr);
    [[nodiscard]] OperationRequest request() const override { return m_request; }

private:
    OperationRequest m_request;
    MigrationFields *m_migration = nullptr; ///< null: no slots move
};

} // namespace slotscope
