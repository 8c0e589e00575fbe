// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiler/profiler.h"
#include "core/session/remote.h"

#include <QTimer>

namespace slotscope {

class PageContext;

/// A profiler in the core thread, polled four times per second while it runs. GUI thread.
class ProfilerFeed final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProfilerFeed)
public:
    explicit ProfilerFeed(PageContext &context, QObject *parent = nullptr);
    ~ProfilerFeed() override;

    void start(const slotscope::ProfileOrder &order);
    void stop();
    void setLook(const slotscope::ProfileLook &look); ///< also polls
    void lookNow();
    /// The lines that pass the filter, for a file.
    [[nodiscard]] QFuture<Result<QByteArray>> written(bool asJson);
    [[nodiscard]] bool hasSession() const { return m_profiler != nullptr; }

Q_SIGNALS:
    void looked(const slotscope::ProfileSnapshot &profile);
    void startFailed(const slotscope::Error &error); ///< the code may be Error::Code::NeedsConsent
    void sessionChanged();

private:
    void takeDoor();

    PageContext &m_context;
    std::unique_ptr<Remote<Profiler>> m_profiler; ///< null without a session
    ProfileLook m_look;
    quint64 m_serial = 0; ///< identifies the profiler; results of older ones are dropped
    bool m_underway = false, m_again = false;
    QTimer m_timer;
};

} // namespace slotscope
