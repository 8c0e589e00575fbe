// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/cluster/clusterview.h"
#include "core/net/uri.h"
#include "core/protocol/command.h"
#include "core/session/nodeselection.h"

#include <QFuture>
#include <QObject>

#include <functional>

namespace slotscope {

class ClusterSession;
class CoreThread;
class SessionBridge;

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
    [[nodiscard]] const Error &error() const { return m_error; } ///< why Lost, Failed, or still Connecting
    [[nodiscard]] qint64 retryAt() const { return m_retryAt; } ///< ClusterSession::retryAt()
    /// Why the password was not renewed: ClusterSession::passwordProblem()
    [[nodiscard]] const std::optional<Error> &passwordProblem() const { return m_passwordProblem; }
    [[nodiscard]] ClusterViewPtr view() const { return m_view; } ///< null before the first one

    /// Reads everything again from every node, at once.
    void refresh();
    /// Every node is asked for its table, then the answer is agreed or not.
    [[nodiscard]] QFuture<Result<ClusterViewPtr>> fullCheck();
    [[nodiscard]] QFuture<Result<QList<NodeReply>>> call(Command command, NodeSelection selection,
                                                         const char *from = __builtin_FILE());
    /// The environment that this cluster is known by, where its nodes were recognised only after connecting.
    void setEnvironment(EnvironmentKind environment);
    void unlockWrites(int milliseconds); ///< ClusterSession::unlockWrites()
    void setAddressMap(const QHash<QString, Endpoint> &map); ///< ClusterSession::setAddressMap(), and of target()
    void nameShard(int number, const QString &name); ///< ClusterSession::nameShard()

    /// For Remote, which makes a feature's service of the session: runs `work` with the session on the core thread.
    void withSession(std::function<void(ClusterSession &)> work);
    /// For Remote: `object` lives on the core thread from now on, and is deleted when that ends.
    void moveToCoreThread(QObject *object) const;

Q_SIGNALS:
    void stateChanged(slotscope::SessionState state); ///< or error(), or retryAt()
    void viewChanged(slotscope::ClusterViewPtr view);
    void passwordProblemChanged();
    void shardNameNotKept(const slotscope::Error &error); ///< the name holds for this session only

private:
    void setState(SessionState state, const Error &error, qint64 retryAt);
    void setView(const ClusterViewPtr &view);

    ConnectionTarget m_target;
    SessionState m_state = SessionState::Connecting;
    Error m_error;
    qint64 m_retryAt = 0;
    std::optional<Error> m_passwordProblem;
    ClusterViewPtr m_view;
    QThread *m_coreThread = nullptr;
    SessionBridge *m_bridge = nullptr; ///< lives on the core thread
};

} // namespace slotscope
