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

/// The GUI thread's access to a ClusterSession, which lives on the core thread. Only values cross: shared immutable
/// views, futures that always finish with a value, queued signals. Deleting the door closes the session.
class SessionDoor final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SessionDoor)
public:
    SessionDoor(CoreThread &thread, ConnectionTarget target, QObject *parent = nullptr);
    ~SessionDoor() override;

    [[nodiscard]] const ConnectionTarget &target() const { return m_target; }
    [[nodiscard]] SessionState state() const { return m_state; }
    [[nodiscard]] const Error &error() const { return m_error; } ///< why the state is Lost, Failed, or still Connecting
    [[nodiscard]] qint64 retryAt() const { return m_retryAt; } ///< see ClusterSession::retryAt()
    /// Why the password was not renewed: see ClusterSession::passwordProblem()
    [[nodiscard]] const std::optional<Error> &passwordProblem() const { return m_passwordProblem; }
    [[nodiscard]] ClusterViewPtr view() const { return m_view; } ///< null before the first view

    /// Queries every node for everything again, immediately.
    void refresh();
    /// Queries every node and returns the view built from the replies.
    [[nodiscard]] QFuture<Result<ClusterViewPtr>> fullCheck();
    [[nodiscard]] QFuture<Result<QList<NodeReply>>> call(Command command, NodeSelection selection,
                                                         const char *from = __builtin_FILE());
    /// Sets the environment (such as production), for a cluster recognised by its nodes only after connecting.
    void setEnvironment(EnvironmentKind environment);
    void unlockWrites(int milliseconds); ///< see ClusterSession::unlockWrites()
    /// see ClusterSession::setAddressMap(); also updates target()
    void setAddressMap(const QHash<QString, Endpoint> &map);
    void nameShard(int number, const QString &name); ///< see ClusterSession::nameShard()

    /// For Remote, which creates a feature's service for the session: runs `work` with the session on the core thread.
    void withSession(std::function<void(ClusterSession &)> work);
    /// For Remote: moves `object` to the core thread; it is deleted when that thread ends.
    void moveToCoreThread(QObject *object) const;

Q_SIGNALS:
    void stateChanged(slotscope::SessionState state); ///< also emitted if error() or retryAt() changes
    void viewChanged(slotscope::ClusterViewPtr view);
    void passwordProblemChanged();
    /// the name could not be saved and applies to this session only
    void shardNameNotKept(const slotscope::Error &error);

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
