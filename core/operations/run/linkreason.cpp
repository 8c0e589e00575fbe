// SPDX-License-Identifier: GPL-3.0-or-later
// Why a replica is not linked to its primary, as far as the servers tell.
#include "core/operations/planners/fitchecks.h"
#include "core/operations/facts/nodefacts.h"
#include "core/operations/run/steps.h"

#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/cluster/serverinfo.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int reasonMs = 2000;

/// Reads which logins the node accepts, and which login it uses when it replicates.
QCoro::Task<NodeFacts> doorOf(std::shared_ptr<RunContext> context, NodeRef node)
{
    NodeFacts facts;
    FurtherNeeds needs;
    needs.replication = true;
    const std::vector<Command> questions = furtherQuestions(facts, needs);
    const Result<NodeLink *> link = co_await RunContext::link(context, node);
    if (!link)
        co_return NodeFacts(facts);
    const auto replies = co_await (*link)->sendAll(questions, reasonMs);
    QHash<QByteArray, QByteArray> none;
    if (replies)
        takeFurther(facts, needs, questions, *replies, none);
    co_return NodeFacts(facts);
}

} // namespace

QCoro::Task<QString> whyNotLinked(std::shared_ptr<RunContext> context, NodeRef replica, NodeRef primary)
{
    const auto reply = co_await RunContext::send(context, replica, commandOf("INFO", "replication"), reasonMs);
    const auto info = parseServerInfo(reply ? reply->bytes() : QByteArray());
    if (!info)
        co_return QString();
    QStringList parts;
    if (info->role == "slave")
        parts.append(
            tr("%1 reports master_link_status:%2%3%4")
                .arg(replica.address, info->primaryLinkUp.value_or(false) ? u"up"_s : u"down"_s,
                     info->syncInProgress.value_or(false) ? tr(", a full synchronization is running") : QString(),
                     info->primaryLinkDownSeconds.value_or(0) > 0
                         ? tr(", for %1").arg(duration(*info->primaryLinkDownSeconds * 1000))
                         : QString()));
    else
        parts.append(tr("%1 reports role:%2").arg(replica.address, toDisplay(info->role)));
    const NodeFacts gives = co_await doorOf(context, replica);
    const NodeFacts wants = co_await doorOf(context, primary);
    QString why;
    if (loginFit(gives, wants, &why) == LoginFit::Wrong)
        parts.append(tr("%1 does not let it log in: %2").arg(primary.address, why));
    else if (info->role == "slave" && !info->syncInProgress.value_or(false))
        parts.append(tr("the log of the node shows more"));
    co_return parts.join(u"; "_s);
}

} // namespace slotscope
