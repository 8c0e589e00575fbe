// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/connectionview.h"

#include <QPushButton>

namespace slotscope {

/// Chip in the status line with the write protection of the current connection; a click unlocks or locks writes. Hidden
/// if writes are not protected. GUI thread.
class LockChip final : public QPushButton
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LockChip)
public:
    explicit LockChip(QWidget *parent = nullptr);
    void setConnection(ConnectionView *view); ///< null: none

private:
    void update();
    void openDialog();

    QPointer<ConnectionView> m_view;
    QMetaObject::Connection m_connection;
};

} // namespace slotscope
