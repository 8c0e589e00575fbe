// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/cluster/clusterview.h"
#include "core/net/uri.h"
#include "core/protocol/command.h"
#include "core/protocol/value.h"

#include <QFuture>
#include <QObject>

namespace slotscope {

class CoreThread;

/// Which nodes a command goes to.
struct NodeSelection
{
    enum class Kind : quint8 { ByKey, Node, All, Primaries, Replicas };
    Kind kind = Kind::ByKey;
    QByteArray nodeId; ///< for Kind::Node
};

/// One node's answer to a command.
struct NodeReply
{
    QByteArray nodeId;
    QString nodeName;
    Result<Value> reply;
    qint64 microseconds = 0; ///< from write to answer
};

/// Keys in each slot, as far as they could be counted.
struct SlotKeyCounts
{
    std::array<qint64, slotCount> keys{}; ///< -1: not known
    QStringList errors; ///< nodes that did not answer, and why
    qint64 takenAt = 0; ///< ms since 1970
};
using SlotKeyCountsPtr = std::shared_ptr<const SlotKeyCounts>;

enum class SessionState : quint8 {
    Connecting, ///< no seed has answered yet
    Ready, ///< at least one node answers
    Lost, ///< was ready, now no node answers; goes on trying
    Failed, ///< the first connect failed for a reason that trying again does not mend (wrong password, …); does not go on
    Closed,
};

/// The GUI thread's one door to a cluster session, which itself lives on the core thread. Only values cross: shared
/// immutable views, futures that always finish with a value, queued signals. Deleting the door closes the session.
class SessionDoor final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SessionDoor)
public:
    SessionDoor(CoreThread &thread, ConnectionTarget target, QObject *parent = nullptr);
    ~SessionDoor() override;

    [[nodiscard]] const ConnectionTarget &target() const { return m_target; }
    [[nodiscard]] SessionState state() const { return m_state; }
    [[nodiscard]] const Error &error() const { return m_error; } ///< why Lost or Failed
    [[nodiscard]] ClusterViewPtr view() const { return m_view; } ///< null before the first one

    /// Reads everything again from every node, at once.
    void refresh();
    /// Every node is asked for its table, then the answer is agreed or not.
    [[nodiscard]] QFuture<Result<ClusterViewPtr>> fullCheck();
    [[nodiscard]] QFuture<Result<QList<NodeReply>>> call(Command command, NodeSelection selection);
    [[nodiscard]] QFuture<Result<SlotKeyCountsPtr>> countKeys();

Q_SIGNALS:
    void stateChanged(slotscope::SessionState state);
    void viewChanged(slotscope::ClusterViewPtr view);

private:
    friend class SessionBridge;
    ConnectionTarget m_target;
    SessionState m_state = SessionState::Connecting;
    Error m_error;
    ClusterViewPtr m_view;
    class SessionBridge *m_bridge = nullptr; ///< lives on the core thread
};

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::SessionState)
