// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shared/keyjobbook.h"

#include <QFrame>

class QLabel;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace slotscope {

class ElidedLabel;
class PageContext;

/// Shows one bulk job: progress, failures, and the buttons to pause, resume and stop it. It stays after the end of the
/// job until the user closes it. The Browser has one for its own job; Operations shows one for each job.
class BulkStrip final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(BulkStrip)
public:
    enum class Names : quint8 { Job, JobAndConnection };
    explicit BulkStrip(PageContext &context, Names names = Names::Job, QWidget *parent = nullptr);
    ~BulkStrip() override;

    [[nodiscard]] bool isRunning() const { return m_run && m_run->isRunning(); }
    /// Starts a new job and shows it. Asks first if the connection is a production one. Does nothing while another job
    /// of this strip runs.
    void start(BulkTask task);
    void setRun(const KeyJobRunPtr &run); ///< shows a job that was started elsewhere
    [[nodiscard]] const KeyJobRunPtr &run() const { return m_run; } ///< null: no job was shown yet
    [[nodiscard]] const BulkProgress &progress() const;
    [[nodiscard]] QString text() const;
    [[nodiscard]] QPushButton *pauseButton() const { return m_pause; }
    [[nodiscard]] QPushButton *stopButton() const { return m_stop; }
    [[nodiscard]] QPushButton *replaceButton() const { return m_replace; }

private:
    void askForConsent(const Error &why);
    void update();
    [[nodiscard]] QString countsText() const;
    void updateBar();
    void askToReplace();
    void showReport();

    PageContext &m_context;
    Names m_names;
    KeyJobRunPtr m_run;
    QPointer<KeyJobBook> m_book; ///< where the strip's own job is listed
    ElidedLabel *m_name, *m_counts, *m_failures;
    QProgressBar *m_bar;
    QPushButton *m_replace, *m_report, *m_pause, *m_stop;
    QToolButton *m_close;
};

} // namespace slotscope
