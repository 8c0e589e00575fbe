// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/run/operationsdoor.h"
#include "ui/shared/environment.h"

#include <QDialog>

class QGridLayout;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace slotscope {

class Consent;

/// Asks before an unfinished operation is resumed, or its nodes are reset: shows what is done and what is left, and
/// offers options.
class ResumeQuestion final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ResumeQuestion)
public:
    /// `wanted`: which of two values the user has chosen to keep, or whether to roll back. `cluster`: the connection
    /// that is used.
    ResumeQuestion(const RunSnapshot &run, const ResumeOptions &wanted, const QString &cluster,
                   const Environment &environment, QWidget *parent);

    [[nodiscard]] ResumeOptions options() const;
    [[nodiscard]] QPushButton *resumeButton() const { return m_resume; }
    [[nodiscard]] QPushButton *cancelButton() const { return m_cancel; }
    [[nodiscard]] QSpinBox *timeoutBox() const { return m_timeout; } ///< null if no keys are moved
    [[nodiscard]] QSpinBox *throttleBox() const { return m_throttle; } ///< keys per second; 0: no limit
    [[nodiscard]] Consent *consent() const { return m_consent; }
    [[nodiscard]] QPlainTextEdit *commands() const { return m_commands; } ///< null for a roll-back
    [[nodiscard]] QString text() const; ///< all texts of the dialog

Q_SIGNALS:
    void agreed(const slotscope::ResumeOptions &options);

private:
    void addWhat(const RunSnapshot &run, const QString &cluster);
    void addWhy(const RunSnapshot &run);
    void addCommands(const RunSnapshot &run);
    void addTimeout(const OperationPlan &plan);
    void addThrottle(QGridLayout *grid, int planned);
    void addButtons();
    void updateButtons();
    [[nodiscard]] bool gives() const;

    const ResumeOptions m_wanted;
    int m_planned = 0; ///< time limit in the plan
    QVBoxLayout *m_layout;
    int m_plannedThrottle = 0;
    QSpinBox *m_throttle = nullptr; ///< null if MIGRATE moves no keys
    QSpinBox *m_timeout = nullptr;
    QPlainTextEdit *m_commands = nullptr;
    Consent *m_consent;
    QPushButton *m_resume, *m_cancel;
};

/// Opens the dialog without blocking; `parent` owns it.
[[nodiscard]] ResumeQuestion *askToResume(const RunSnapshot &run, const ResumeOptions &wanted, const QString &cluster,
                                          const Environment &environment, QWidget *parent);

} // namespace slotscope
