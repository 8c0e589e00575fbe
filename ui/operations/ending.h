// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace slotscope {

class OperationsDoor;

/// The end of the program while operations run: what is in hand is finished first, as slotscope-cli does after a
/// signal.
class Ending final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Ending)
public:
    explicit Ending(OperationsDoor &operations, QObject *parent = nullptr);

    /// Stops every run of this program; called again while they finish, it leaves slots in hand open.
    void request();

Q_SIGNALS:
    void reached(); ///< nothing runs any more; once

private:
    void look();

    OperationsDoor &m_operations;
    bool m_requested = false;
    bool m_reached = false;
};

} // namespace slotscope
