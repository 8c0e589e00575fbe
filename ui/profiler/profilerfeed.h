// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiler/profiler.h"
#include "core/session/remote.h"

#include <QTimer>

namespace slotscope {

class PageContext;

/// A profiler on the core thread, looked at four times a second while it runs. GUI thread.
class ProfilerFeed final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProfilerFeed)
public:
    explicit ProfilerFeed(PageContext &context, QObject *parent = nullptr);
    ~ProfilerFeed() override;

    void start(const slotscope::ProfileOrder &order);
    void stop();
    void setLook(const slotscope::ProfileLook &look); ///< and looks
    void lookNow();
    /// The lines that the filter means, for a file.
    [[nodiscard]] QFuture<Result<QByteArray>> written(bool asJson);
    [[nodiscard]] bool hasSession() const { return m_profiler != nullptr; }

Q_SIGNALS:
    void looked(const slotscope::ProfileSnapshot &profile);
    void startFailed(const slotscope::Error &error); ///< or Error::Code::NeedsConsent
    void sessionChanged();

private:
    void takeDoor();

    PageContext &m_context;
    std::unique_ptr<Remote<Profiler>> m_profiler; ///< null without a session
    ProfileLook m_look;
    quint64 m_serial = 0; ///< of the profiler
    bool m_underway = false, m_again = false;
    QTimer m_timer;
};

} // namespace slotscope
