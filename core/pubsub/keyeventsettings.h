// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pubsub/pubsubtypes.h"
#include "core/session/clustersession.h"

#include <QPointer>

namespace slotscope {

/// The latest values of notify-keyspace-events on all primaries. On the session's thread.
class KeyEventSettings final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyEventSettings)
public:
    static constexpr qint64 readEveryMs = 30'000;

    explicit KeyEventSettings(QPointer<ClusterSession> session, QObject *parent = nullptr);

    void setDue() { m_readAt = 0; }
    void readIfDue();
    /// Takes replies to CONFIG GET; an error says why the values are unknown.
    void take(const Result<QList<NodeReply>> &replies);
    /// Nodes whose setting does not cover these patterns, or is unknown.
    [[nodiscard]] std::vector<KeyEventsWarning> warnings(const QByteArrayList &patterns) const;
    /// Whether some node sends keyspace events or may do so, because its setting is unknown. False before the first
    /// reading.
    [[nodiscard]] bool mayBeSent() const;

private:
    struct Setting
    {
        QByteArray nodeId; ///< empty: all nodes
        QString node;
        Result<QByteArray> value;
    };
    static QCoro::Task<> read(QPointer<KeyEventSettings> self);

    QPointer<ClusterSession> m_session;
    std::vector<Setting> m_settings;
    qint64 m_readAt = 0; ///< steadyMs(); 0: must be read
    bool m_isReading = false;
};

} // namespace slotscope
