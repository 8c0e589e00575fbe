// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/sentinelstate.h"
#include "core/net/nodelink.h"
#include "core/session/sessionoptions.h"

#include <map>

namespace slotscope {

/// Asks the Sentinels which server is the primary and which are its replicas: all Sentinels that the user configured
/// and all that these know, every `pollMs` of the session. Lives on the session's thread.
class SentinelWatch final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SentinelWatch)
public:
    SentinelWatch(const ConnectionTarget &target, const SessionOptions &options, QObject *parent);
    ~SentinelWatch() override;

    void start();
    /// Asks all Sentinels now. `byUser` also retries those that refused our password.
    void refresh(bool byUser = false);
    [[nodiscard]] SentinelStatePtr state() const { return m_state; }
    /// Sends one command to the leading Sentinel, or to the first that answers.
    [[nodiscard]] QCoro::Task<Result<Value>> send(Command command);

Q_SIGNALS:
    void changed();

private:
    struct Watched
    {
        NodeLink *link = nullptr;
        SentinelWord word;
        bool asking = false;
        bool withoutPassword = false; ///< it refused our password, so we connect without one
    };
    using WatchedPtr = std::shared_ptr<Watched>;

    void open(const Endpoint &endpoint, bool isNamed);
    void connectLink(const WatchedPtr &watched);
    [[nodiscard]] ConnectionOptions optionsFor(const Watched &watched, const Endpoint &endpoint) const;
    void handleLink(const WatchedPtr &watched);
    QCoro::Task<> ask(WatchedPtr watched);
    void take(const WatchedPtr &watched, const std::vector<Value> &replies);
    void tick();
    void dropForgotten();
    void settleEpoch(SentinelState &state);
    void publish();
    [[nodiscard]] bool isSettled() const;
    [[nodiscard]] QString reached(const QString &announced) const;
    static void updateReach(Watched &watched);

    const ConnectionTarget &m_target;
    const SessionOptions &m_options;
    std::map<QString, WatchedPtr> m_watched; ///< by "host:port"
    SentinelStatePtr m_state;
    QTimer m_ticker;
    qint64 m_startedAt = 0;
    qint64 m_olderSince = 0; ///< since when most Sentinels report an older epoch than was seen before; 0: they do not
};

} // namespace slotscope
