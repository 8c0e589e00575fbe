// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/sessiondoor.h"

#include "core/base/border.h"
#include "core/session/clustersession.h"
#include "core/session/corethread.h"
#include "core/session/keptpromise.h"

#include <QPointer>
#include <QThread>

#include <algorithm>

namespace slotscope {

namespace {

SessionOptions optionsFor(const ConnectionTarget &target)
{
    SessionOptions options;
    options.budget.tableEveryMs = target.refreshSeconds * 1000;
    options.budget.infoEveryMs = std::max(options.budget.infoEveryMs, options.budget.tableEveryMs);
    return options;
}

} // namespace

/// The part of a SessionDoor that lives on the core thread, and is deleted there.
class SessionBridge final : public QObject
{
    Q_OBJECT
public:
    explicit SessionBridge(ConnectionTarget target) : m_target(std::move(target)) { }

    void start()
    {
        crossBorder();
        m_session = new ClusterSession(m_target, optionsFor(m_target), this);
        connect(m_session, &ClusterSession::stateChanged, this, [this](SessionState state) {
            crossBorder();
            Q_EMIT stateChanged(state, m_session->error(), m_session->retryAt());
        });
        connect(m_session, &ClusterSession::viewChanged, this, [this](const ClusterViewPtr &view) {
            crossBorder();
            Q_EMIT viewChanged(view);
        });
        connect(m_session, &ClusterSession::passwordProblemChanged, this,
                [this] { Q_EMIT passwordProblemTold(m_session->passwordProblem()); });
        m_session->start();
    }
    [[nodiscard]] ClusterSession *session() const { return m_session; }

Q_SIGNALS:
    void stateChanged(slotscope::SessionState state, const slotscope::Error &error, qint64 retryAt);
    void viewChanged(slotscope::ClusterViewPtr view);
    void passwordProblemTold(const std::optional<slotscope::Error> &problem);
    void shardNameNotKept(const slotscope::Error &error);

private:
    ConnectionTarget m_target;
    ClusterSession *m_session = nullptr;
};

SessionDoor::SessionDoor(CoreThread &thread, ConnectionTarget target, QObject *parent)
    : QObject(parent), m_target(std::move(target)), m_coreThread(thread.thread()), m_bridge(new SessionBridge(m_target))
{
    qRegisterMetaType<SessionState>();
    qRegisterMetaType<ClusterViewPtr>();
    qRegisterMetaType<Error>();
    qRegisterMetaType<std::optional<Error>>();
    m_bridge->moveToThread(thread.thread());
    connect(thread.thread(), &QThread::finished, m_bridge, &QObject::deleteLater);
    connect(m_bridge, &SessionBridge::stateChanged, this, &SessionDoor::setState, Qt::QueuedConnection);
    connect(m_bridge, &SessionBridge::viewChanged, this, &SessionDoor::setView, Qt::QueuedConnection);
    connect(
        m_bridge, &SessionBridge::passwordProblemTold, this,
        [this](const std::optional<Error> &problem) {
            crossBorder();
            m_passwordProblem = problem;
            Q_EMIT passwordProblemChanged();
        },
        Qt::QueuedConnection);
    connect(m_bridge, &SessionBridge::shardNameNotKept, this, &SessionDoor::shardNameNotKept, Qt::QueuedConnection);
    crossBorder();
    QMetaObject::invokeMethod(m_bridge, &SessionBridge::start, Qt::QueuedConnection);
}

SessionDoor::~SessionDoor()
{
    m_bridge->disconnect(this);
    m_bridge->deleteLater();
}

void SessionDoor::setState(SessionState state, const Error &error, qint64 retryAt)
{
    crossBorder();
    m_state = state;
    m_error = error;
    m_retryAt = retryAt;
    Q_EMIT stateChanged(state);
}

void SessionDoor::setView(const ClusterViewPtr &view)
{
    crossBorder();
    ClusterViewPtr before = std::exchange(m_view, view);
    Q_EMIT viewChanged(view);
    // Whoever drops the last reference frees the view, including tables of a thousand lines: release ours off the GUI
    // thread.
    QMetaObject::invokeMethod(
        m_bridge, [before = std::move(before)] {}, Qt::QueuedConnection);
}

void SessionDoor::refresh()
{
    QMetaObject::invokeMethod(
        m_bridge, [bridge = m_bridge] { bridge->session()->refresh(true); }, Qt::QueuedConnection);
}

QFuture<Result<ClusterViewPtr>> SessionDoor::fullCheck()
{
    return onThreadOf<ClusterViewPtr>(m_bridge, [](SessionBridge *bridge) { return bridge->session()->fullCheck(); });
}

QFuture<Result<QList<NodeReply>>> SessionDoor::call(Command command, NodeSelection selection, const char *from)
{
    return onThreadOf<QList<NodeReply>>(
        m_bridge, [command = std::move(command), selection = std::move(selection), from](SessionBridge *bridge) {
            return bridge->session()->call(command, selection, UserConsent::None, from);
        });
}

void SessionDoor::unlockWrites(int milliseconds)
{
    withSession([milliseconds](ClusterSession &session) { session.unlockWrites(milliseconds); });
}

void SessionDoor::nameShard(int number, const QString &name)
{
    QMetaObject::invokeMethod(
        m_bridge,
        [bridge = m_bridge, number, name] {
            crossBorder();
            if (const auto kept = bridge->session()->nameShard(number, name); !kept)
                Q_EMIT bridge->shardNameNotKept(kept.error());
        },
        Qt::QueuedConnection);
}

void SessionDoor::setAddressMap(const QHash<QString, Endpoint> &map)
{
    m_target.addressMap = map;
    withSession([map](ClusterSession &session) { session.setAddressMap(map); });
}

void SessionDoor::setEnvironment(EnvironmentKind environment)
{
    withSession([environment](ClusterSession &session) { session.setEnvironment(environment); });
}

void SessionDoor::withSession(std::function<void(ClusterSession &)> work)
{
    crossBorder();
    QMetaObject::invokeMethod(
        m_bridge,
        [bridge = m_bridge, work = std::move(work)] {
            crossBorder();
            work(*bridge->session());
        },
        Qt::QueuedConnection);
}

void SessionDoor::moveToCoreThread(QObject *object) const
{
    object->moveToThread(m_coreThread);
    connect(m_coreThread, &QThread::finished, object, &QObject::deleteLater);
}

} // namespace slotscope

#include "sessiondoor.moc"
