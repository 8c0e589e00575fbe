// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metricsbook.h"
#include "core/session/clustersession.h"

#include <QObject>
#include <QPointer>
#include <QSet>
#include <QTimer>

namespace slotscope {

/// Records metrics of a session's nodes from the INFO replies that the session reads anyway, each node once a second
/// or, in a large cluster, less often; also records events. A service for Remote; lives on the session's thread.
class MetricsRecorder final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MetricsRecorder)
public:
    explicit MetricsRecorder(QPointer<ClusterSession> session);
    ~MetricsRecorder() override;

    /// Sets the book to record into, which may be read from any thread. Nothing is recorded without one.
    void recordInto(std::shared_ptr<MetricsBook> book);
    /// Interval of reading CONFIG GET * from every node, to notice changes by others; 0: never.
    void watchSettings(int everyMs);
    /// All numeric fields that the nodes report now in INFO and CLUSTER INFO.
    [[nodiscard]] QCoro::Task<Result<InfoFigures>> figures();
    /// The fields of the book have changed: read those that the session's own INFO lacks.
    void takeFields();

private:
    void takeInfo(const slotscope::InfoTold &info);
    void takeView(const slotscope::ClusterViewPtr &view);
    QCoro::Task<> compareSettings();
    void readMore();
    QCoro::Task<> readMoreOf(QByteArray node, bool ofCluster);
    [[nodiscard]] bool needsMore(const InfoFields &fields, bool ofCluster) const;
    void addFields(MetricReading &reading, const QByteArray &node, QByteArrayView info);

    QPointer<ClusterSession> m_session;
    std::shared_ptr<MetricsBook> m_book;
    ClusterViewPtr m_view; ///< the previous view
    QTimer m_settingsTimer;
    bool m_isReadingSettings = false;
    QTimer m_moreTimer;
    static constexpr qint64 usualOldestMs = 10'000;
    qint64 m_oldestMore = usualOldestMs; ///< a value that is older, in ms, counts as unknown
    QSet<std::pair<QByteArray, bool>> m_asked; ///< node id and whether CLUSTER INFO: no reply yet
    std::array<QHash<QByteArray, QString>, 2> m_moreProblems; ///< of INFO and of CLUSTER INFO, by node id
    QSet<QByteArray> m_usual; ///< names of fields that the session's own INFO contains
    QHash<QByteArray, QHash<QByteArray, MetricReading::Field>> m_more; ///< other fields, by node id and name
    QHash<QByteArray, OwnCommands> m_ours; ///< by node id
    QHash<QByteArray, QMap<QByteArray, QByteArray>> m_settings; ///< maps node id and setting name to the value
};

} // namespace slotscope
