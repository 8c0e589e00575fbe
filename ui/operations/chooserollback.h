// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operations/choosepage.h"

namespace slotscope {

class MigrationFields;

/// Form: what an earlier operation has changed, and how to roll it back. The request comes from the draft; only the
/// migration options can be chosen.
class ChooseRollBack final : public ChoosePage
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChooseRollBack)
public:
    ChooseRollBack(const Theme &theme, const OperationDraft &draft, QWidget *parent = nullptr);
    [[nodiscard]] OperationRequest request() const override { return m_request; }

private:
    OperationRequest m_request;
    MigrationFields *m_migration = nullptr; ///< null: no slots are moved
};

} // namespace slotscope
