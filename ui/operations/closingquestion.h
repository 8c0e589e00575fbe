// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/run/operationsdoor.h"

#include <QDialog>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace slotscope {

class Theme;

/// Asked when Slotscope shall end while operations run: stay, stop them first, or leave slots in migration. Shown
/// without blocking.
class ClosingQuestion final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ClosingQuestion)
public:
    /// The door must outlive the dialog.
    explicit ClosingQuestion(OperationsDoor &operations, QWidget *parent = nullptr);

    [[nodiscard]] QPushButton *stayButton() const { return m_stay; }
    [[nodiscard]] QPushButton *stopButton() const { return m_stop; }
    [[nodiscard]] QPushButton *quitButton() const { return m_quit; }

Q_SIGNALS:
    void quitRequested(); ///< no operation runs any more, or running ones may be interrupted

private:
    void stopAll();
    void refresh();
    void tellOver(); ///< shows that all operations have ended

    OperationsDoor &m_operations;
    QLabel *m_title, *m_runs, *m_text;
    QPushButton *m_stay, *m_stop, *m_quit;
    bool m_stopping = false;
};

} // namespace slotscope
