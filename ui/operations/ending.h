// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace slotscope {

class OperationsDoor;

/// Ends the program while operations run: they finish their current step first, as slotscope-cli does after a signal.
class Ending final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Ending)
public:
    explicit Ending(OperationsDoor &operations, QObject *parent = nullptr);

    /// Stops all operations of this program; a second call while they finish leaves slots in migration.
    void request();

Q_SIGNALS:
    void reached(); ///< no operation runs any more; emitted once

private:
    void look();

    OperationsDoor &m_operations;
    bool m_requested = false;
    bool m_reached = false;
};

} // namespace slotscope
