// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/keysizesreader.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/protocol/command.h"

#include <QDateTime>

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

ClusterKeySizes::Node nodeOf(const NodeReply &reply)
{
    ClusterKeySizes::Node node{
        .id = reply.nodeId, .name = reply.nodeName, .sizes = {}, .isUnsupported = false, .error = {}};
    if (reply.reply) {
        node.sizes = parseKeySizes(reply.reply->bytes());
        node.isUnsupported = !node.sizes.isTold;
    } else if (reply.reply.error().detail.contains(u"syntax error"_s)) { // before Redis 7, INFO accepts only one
                                                                         // section
        node.isUnsupported = true;
    } else {
        node.error = reply.reply.error();
    }
    return node;
}

} // namespace

int ClusterKeySizes::told() const
{
    return int(std::count_if(nodes.begin(), nodes.end(), [](const Node &node) { return node.sizes.isTold; }));
}

bool ClusterKeySizes::isWhole() const
{
    return told() == nodes.size() && all.damagedCount == 0;
}

bool ClusterKeySizes::isUnsupported() const
{
    return std::all_of(nodes.begin(), nodes.end(), [](const Node &node) { return node.isUnsupported; });
}

QString keySizesSource(const ClusterKeySizes &sizes)
{
    const QString when = QDateTime::fromMSecsSinceEpoch(sizes.readAt).toString(u"HH:mm:ss"_s);
    const QString source = sizes.isWhole() ? tr("INFO keysizes of %1 of %2 primaries · all keys · as of %3")
                                           : tr("INFO keysizes of %1 of %2 primaries · some of the keys · as of %3");
    return source.arg(sizes.told()).arg(sizes.nodes.size()).arg(when);
}

QStringList keySizesLacks(const ClusterKeySizes &sizes, const QString &user)
{
    QStringList lines, without;
    for (const ClusterKeySizes::Node &node : sizes.nodes) {
        if (node.isUnsupported)
            without += node.name;
        if (!node.error)
            continue;
        lines += node.error->code == Error::Code::NoPermission
            ? tr("%1. It needs: ACL SETUSER %2 +info")
                  .arg(describe(*node.error), user.isEmpty() ? u"default"_s : toDisplay(user.toUtf8()))
            : describe(*node.error);
    }
    if (!without.isEmpty())
        lines += tr("No INFO keysizes (new in Redis 8.0): %1").arg(without.join(u", "_s));
    for (const QString &line : sizes.all.damaged)
        lines += tr("Not understood and not counted: %1").arg(line);
    if (const qint64 more = sizes.all.damagedCount - sizes.all.damaged.size(); more > 0)
        lines += tr("Other lines that are not understood: %1").arg(groupedNumber(more));
    if (const qint64 untold = sizes.all.untold(); untold > 0)
        lines += tr("Keys whose size the servers do not count (streams, module types): %1").arg(groupedNumber(untold));
    return lines;
}

QCoro::Task<Result<ClusterKeySizesPtr>> KeySizesReader::read() const
{
    const QPointer<ClusterSession> session = m_session;
    const ClusterViewPtr view = session ? session->view() : nullptr;
    if (!view)
        co_return failure(Error::Code::NoRoute, tr("the cluster is not connected yet"));
    NodeSelection primaries;
    primaries.kind = NodeSelection::Kind::Primaries;
    const auto replies = co_await session->call(commandOf("INFO", "keysizes", "keyspace"), primaries);
    if (!replies)
        co_return failure(replies.error());
    const auto sizes = std::make_shared<ClusterKeySizes>();
    sizes->readAt = QDateTime::currentMSecsSinceEpoch();
    for (const NodeReply &reply : *replies) {
        const NodeState *node = view->node(reply.nodeId);
        // the node owns no slots, and may have left the cluster long ago
        if (view->cluster && node && node->slots.isEmpty())
            continue;
        sizes->nodes.append(nodeOf(reply));
        sizes->all.add(sizes->nodes.last().sizes);
    }
    if (sizes->nodes.isEmpty())
        co_return failure(Error::Code::NoRoute, tr("no primary is known"));
    co_return ClusterKeySizesPtr(sizes);
}

} // namespace slotscope
