// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pubsub/pubsubtypes.h"
#include "core/session/clustersession.h"

#include <QPointer>

namespace slotscope {

/// notify-keyspace-events of all primaries, as it was read last. On the session's thread.
class KeyEventSettings final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyEventSettings)
public:
    static constexpr qint64 readEveryMs = 30'000;

    explicit KeyEventSettings(QPointer<ClusterSession> session, QObject *parent = nullptr);

    void setDue() { m_readAt = 0; }
    void readIfDue();
    /// What CONFIG GET said; the error says why it is not known.
    void take(const Result<QList<NodeReply>> &replies);
    /// Nodes that send less than these patterns ask for, or of which that is not known.
    [[nodiscard]] std::vector<KeyEventsWarning> warnings(const QByteArrayList &patterns) const;
    /// Whether some node sends keyspace events, as far as that is known: also where one has not told. False before the
    /// first reading.
    [[nodiscard]] bool mayBeSent() const;

private:
    struct Setting
    {
        QByteArray nodeId; ///< empty: of all nodes
        QString node;
        Result<QByteArray> value;
    };
    static QCoro::Task<> read(QPointer<KeyEventSettings> self);

    QPointer<ClusterSession> m_session;
    std::vector<Setting> m_settings;
    qint64 m_readAt = 0; ///< steadyMs(); 0: due
    bool m_isReading = false;
};

} // namespace slotscope
