// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/connectionview.h"

#include <QPushButton>

namespace slotscope {

/// How writes stand on the current connection, in the status line; pressed, it unlocks or locks them. Hidden where
/// nothing is guarded. GUI thread.
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
