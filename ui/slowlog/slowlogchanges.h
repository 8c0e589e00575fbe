// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/nodeselection.h"
#include "core/slowlog/slowlogentry.h"
#include "core/session/commandgate.h"

#include <QFuture>
#include <QObject>

#include <functional>

namespace slotscope {

class PageContext;
class SlowlogFeed;

/// Clears logs and sets thresholds on one node or on all; asks first if the connection requires it (production).
class SlowlogChanges final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SlowlogChanges)
public:
    using Replies = Result<QList<NodeReply>>;
    using Then = std::function<void(const Replies &)>;
    SlowlogChanges(PageContext &context, SlowlogFeed &feed, QWidget *parent);

    /// An empty `nodeId` means all nodes. `parent` is the parent of the question. `then` is always called.
    void set(const QByteArray &nodeId, const QByteArray &setting, const QByteArray &value, QWidget *parent, Then then);
    void reset(const QByteArray &nodeId, SlowlogKind kind, QWidget *parent, Then then);

private:
    void run(std::function<QFuture<Replies>(UserConsent)> call, QWidget *parent, Then then);

    PageContext &m_context;
    SlowlogFeed &m_feed;
};

/// Text such as "Done on 5 of 6 nodes. 127.0.0.1:7003: …", also for a change that was not sent.
[[nodiscard]] QString outcomeText(const SlowlogChanges::Replies &replies);
[[nodiscard]] bool isDoneEverywhere(const SlowlogChanges::Replies &replies);

} // namespace slotscope
