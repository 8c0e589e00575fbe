// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

namespace slotscope {

class MainWindow;

/// For scripts/bench.sh. If SLOTSCOPE_FRAME_LOG is set, prints "first-frame MS" (from the start of the process to the
/// window's first painted frame) and, some time after a page shows the data of a cluster, "filled MS" and "resident
/// MB".
class FrameLog final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FrameLog)
public:
    /// Does nothing if the variable is not set.
    static void watch(MainWindow &window);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    explicit FrameLog(MainWindow &window);
    void look();

    MainWindow &m_window;
    QTimer m_looks;
    bool m_framed = false;
};

} // namespace slotscope
