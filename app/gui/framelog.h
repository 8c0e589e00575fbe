// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

namespace slotscope {

class MainWindow;

/// For scripts/bench.sh. With SLOTSCOPE_FRAME_LOG set the program prints "first-frame MS" (from the start of the
/// process to the window's first painted frame) and, a while after a page shows a cluster's data, "filled MS" and
/// "resident MB".
class FrameLog final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FrameLog)
public:
    /// Does nothing where the variable is not set.
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
