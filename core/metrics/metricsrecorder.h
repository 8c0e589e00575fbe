// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metricsbook.h"
#include "core/session/clustersession.h"

#include <QObject>
#include <QPointer>
#include <QTimer>

namespace slotscope {

/// Keeps the record of a session's nodes from the INFO that the session reads anyhow, each node once a second or, in a
/// large cluster, more seldom; and of what happens. A service for Remote; lives on the session's thread.
class MetricsRecorder final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MetricsRecorder)
public:
    explicit MetricsRecorder(QPointer<ClusterSession> session);
    ~MetricsRecorder() override;

    /// The record is kept here; it may be read from any thread. Without this nothing is recorded.
    void recordInto(std::shared_ptr<MetricsBook> book);
    /// How often CONFIG GET * is read of every node, for what was changed by others; 0: never.
    void watchSettings(int everyMs);

private:
    void takeInfo(const slotscope::InfoTold &info);
    void takeView(const slotscope::ClusterViewPtr &view);
    QCoro::Task<> compareSettings();

    QPointer<ClusterSession> m_session;
    std::shared_ptr<MetricsBook> m_book;
    ClusterViewPtr m_view; ///< the last one that was looked at
    QTimer m_settingsTimer;
    bool m_isReadingSettings = false;
    QHash<QByteArray, OwnCommands> m_ours; ///< by node
    QHash<QByteArray, QMap<QByteArray, QByteArray>> m_settings; ///< node -> parameter -> value
};

} // namespace slotscope
