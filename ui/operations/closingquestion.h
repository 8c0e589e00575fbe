// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/operationsdoor.h"

#include <QDialog>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace slotscope {

class Theme;

/// Slotscope is to end while operations run: stay, stop them first, or leave them open. Opened without waiting.
class ClosingQuestion final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ClosingQuestion)
public:
    /// The door outlives the dialog.
    explicit ClosingQuestion(OperationsDoor &operations, QWidget *parent = nullptr);

    [[nodiscard]] QPushButton *stayButton() const { return m_stay; }
    [[nodiscard]] QPushButton *stopButton() const { return m_stop; }
    [[nodiscard]] QPushButton *quitButton() const { return m_quit; }

Q_SIGNALS:
    void quitRequested(); ///< nothing runs any more, or what runs may be left open

private:
    void stopAll();
    void refresh();
    void tellOver(); ///< all has ended by itself

    OperationsDoor &m_operations;
    QLabel *m_title, *m_runs, *m_text;
    QPushButton *m_stay, *m_stop, *m_quit;
    bool m_stopping = false;
};

} // namespace slotscope
