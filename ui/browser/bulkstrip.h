// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/bulkjob.h"
#include "core/session/remote.h"

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

    [[nodiscard]] bool isRunning() const { return m_job != nullptr && !m_progress.isOver(); }
    /// Asks first where the connection is a production one. `title`: "Delete 48,210 keys".
    void start(const BulkRequest &request, const QString &title);
    [[nodiscard]] const BulkProgress &progress() const { return m_progress; }
    [[nodiscard]] QString text() const;
    [[nodiscard]] QPushButton *pauseButton() const { return m_pause; }
    [[nodiscard]] QPushButton *stopButton() const { return m_stop; }

Q_SIGNALS:
    void ended(const slotscope::BulkRequest &request, const slotscope::BulkProgress &progress);

private:
    void begin(UserConsent consent);
    void askForConsent(const Error &why);
    void take(const BulkProgress &progress);
    void update();
    void showReport();

    PageContext &m_context;
    std::unique_ptr<Remote<BulkJob>> m_job;
    BulkRequest m_request;
    BulkProgress m_progress;
    QString m_title, m_error;
    ElidedLabel *m_name, *m_counts, *m_failures;
    QProgressBar *m_bar;
    QPushButton *m_report, *m_pause, *m_stop;
    QToolButton *m_close;
};

} // namespace slotscope
