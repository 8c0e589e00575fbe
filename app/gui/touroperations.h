// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/run/operationsdoor.h"

namespace slotscope {

class MainWindow;

/// Small real reshards on the demo, so that the tour's pictures of operations show real data.
class TourOperations final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TourOperations)
public:
    /// Both must outlive it.
    TourOperations(OperationsDoor &operations, MainWindow &window, QObject *parent = nullptr);
    void makeHistory(); ///< runs a short reshard to its end, once
    void begin(); ///< starts a slow reshard and shows it on the Operations page
    void end(); ///< stops the running reshard

private:
    void reshard(int from, int to, int count, int keysPerSecond, bool show);

    OperationsDoor &m_operations;
    MainWindow &m_window;
    bool m_made = false;
};

} // namespace slotscope
