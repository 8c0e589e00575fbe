// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/browser/bulktask.h"

#include <QFrame>

class QLabel;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace slotscope {

class ElidedLabel;
class PageContext;

/// A job with many keys, over the whole foot of the page: how far it has come, what failed, and the ways to hold it. It
/// stays after the end until it is closed.
class BulkStrip final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(BulkStrip)
public:
    explicit BulkStrip(PageContext &context, QWidget *parent = nullptr);
    ~BulkStrip() override;

    [[nodiscard]] bool isRunning() const { return m_isBegun && !m_progress.isOver(); }
    /// Asks first where the connection is a production one. Nothing happens while another task runs.
    void start(BulkTask task);
    [[nodiscard]] const BulkProgress &progress() const { return m_progress; }
    [[nodiscard]] QString text() const;
    [[nodiscard]] QPushButton *pauseButton() const { return m_pause; }
    [[nodiscard]] QPushButton *stopButton() const { return m_stop; }
    [[nodiscard]] QPushButton *replaceButton() const { return m_replace; }

private:
    void begin(UserConsent consent);
    void askForConsent(const Error &why);
    void take(const BulkProgress &progress);
    void update();
    [[nodiscard]] QString countsText() const;
    void updateBar();
    void askToReplace();
    void showReport();

    PageContext &m_context;
    BulkTask m_task;
    bool m_isBegun = false; ///< the servers hear of the task
    BulkProgress m_progress;
    QString m_error; ///< why nothing was begun
    ElidedLabel *m_name, *m_counts, *m_failures;
    QProgressBar *m_bar;
    QPushButton *m_replace, *m_report, *m_pause, *m_stop;
    QToolButton *m_close;
};

} // namespace slotscope
