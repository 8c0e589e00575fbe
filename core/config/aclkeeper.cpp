// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/aclkeeper.h"

#include "core/base/secrets.h"
#include "core/base/tr.h"
#include "core/config/calleach.h"

#include <QCryptographicHash>
#include <QDateTime>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

QString aclNodeName(const QPointer<ClusterSession> &session, const QByteArray &nodeId)
{
    const ClusterViewPtr view = session ? session->view() : nullptr;
    const NodeState *node = view ? view->node(nodeId) : nullptr;
    return node ? node->name : QString();
}

Error aclErrorAt(Error error, const QString &node, const QString &command)
{
    if (error.node.isEmpty())
        error.node = node;
    if (error.command.isEmpty())
        error.command = command;
    return error;
}

AclLogEntry readEntry(const Value &value, qint64 now)
{
    AclLogEntry entry;
    const auto bytes = [&value](const char *key) {
        const Value *found = value.find(key);
        return found ? found->bytes() : QByteArray();
    };
    if (const Value *count = value.find("count"))
        entry.count = count->toInteger();
    entry.reason = bytes("reason");
    entry.object = bytes("object");
    entry.user = bytes("username");
    entry.context = bytes("context");
    const Value *age = value.find("age-seconds");
    const double seconds = !age ? 0 : age->isString() ? age->bytes().toDouble() : age->toDouble();
    entry.at = now - qint64(seconds * 1000);
    for (const QByteArray &field : bytes("client-info").split(' '))
        if (field.startsWith("addr="))
            entry.address = field.mid(5);
    return entry;
}

} // namespace

QByteArray aclPasswordHash(const QByteArray &password)
{
    return '#' + QCryptographicHash::hash(password, QCryptographicHash::Sha256).toHex();
}

QCoro::Task<Result<NodeUsers>> AclKeeper::read(QByteArray nodeId)
{
    const QPointer<ClusterSession> session = m_session;
    if (!session)
        co_return failure(Error::Code::Cancelled);
    NodeUsers result;
    result.nodeId = nodeId;
    result.nodeName = aclNodeName(session, nodeId);
    if (result.nodeName.isEmpty())
        co_return failure(Error::Code::NoRoute, tr("this node is not known"));
    const QString command = u"ACL LIST"_s;
    const Result<NodeLink *> link = co_await session->linkTo(nodeId);
    if (!link) {
        result.problem = aclErrorAt(link.error(), result.nodeName, command);
        co_return Result<NodeUsers>(std::move(result));
    }
    std::vector<Command> commands;
    commands.push_back(commandOf("ACL", "LIST"));
    commands.push_back(commandOf("CONFIG", "GET", "aclfile"));
    const auto replies = co_await (*link)->sendAll(commands);
    result.readAt = QDateTime::currentMSecsSinceEpoch();
    if (!replies) {
        result.problem = aclErrorAt(replies.error(), result.nodeName, command);
        co_return Result<NodeUsers>(std::move(result));
    }
    if ((*replies)[1].isAggregate() && (*replies)[1].items().size() == 2)
        result.hasFile = !(*replies)[1].items()[1].bytes().isEmpty();
    result.problem = errorOf((*replies)[0], result.nodeName, command);
    for (const Value &line : (*replies)[0].items()) {
        auto user = parseAclLine(line.bytes());
        if (user)
            result.users.push_back(std::move(*user));
        else
            result.problem = aclErrorAt(user.error(), result.nodeName, command);
    }
    co_return Result<NodeUsers>(std::move(result));
}

QCoro::Task<Result<QList<NodeReply>>> AclKeeper::set(QByteArrayList nodeIds, QByteArray user, QByteArrayList rules,
                                                     QByteArray password, bool keepsPasswords, UserConsent consent)
{
    Command command = commandOf("ACL", "SETUSER", user);
    for (const QByteArray &rule : rules)
        command.append(rule);
    if (!password.isNull()) {
        rememberSecret(password);
        if (!keepsPasswords)
            command.append("resetpass");
        command.append(aclPasswordHash(password));
    }
    co_return co_await callEach(m_session, std::move(nodeIds), std::move(command), consent);
}

QCoro::Task<Result<QList<NodeReply>>> AclKeeper::remove(QByteArrayList nodeIds, QByteArray user, UserConsent consent)
{
    auto replies = co_await callEach(m_session, std::move(nodeIds), commandOf("ACL", "DELUSER", user), consent);
    if (replies)
        for (NodeReply &each : *replies)
            if (each.reply && each.reply->toInteger() == 0)
                each.reply = failure(aclErrorAt({.code = Error::Code::Outdated,
                                                 .detail = tr("the user does not exist"),
                                                 .serverPrefix = {},
                                                 .node = {},
                                                 .command = {}},
                                                each.nodeName, u"ACL DELUSER"_s));
    co_return replies;
}

QCoro::Task<Result<QList<NodeReply>>> AclKeeper::copy(QByteArray source, QByteArrayList nodeIds, QByteArray user,
                                                      UserConsent consent)
{
    const QPointer<ClusterSession> session = m_session;
    if (!session)
        co_return failure(Error::Code::Cancelled);
    const QString name = aclNodeName(session, source);
    const Result<NodeLink *> link = co_await session->linkTo(source);
    if (!link)
        co_return failure(aclErrorAt(link.error(), name, u"ACL LIST"_s));
    const auto lines = co_await (*link)->send(commandOf("ACL", "LIST"));
    if (!lines)
        co_return failure(aclErrorAt(lines.error(), name, u"ACL LIST"_s));
    if (const auto problem = errorOf(*lines, name, u"ACL LIST"_s))
        co_return failure(*problem);
    for (const Value &line : lines->items()) {
        const QByteArrayList words = splitAclRules(line.bytes());
        if (words.size() < 3 || words[1] != user)
            continue;
        Command command = commandOf("ACL", "SETUSER", user, "reset");
        for (const QByteArray &rule : words.mid(2))
            command.append(rule);
        co_return co_await callEach(session, std::move(nodeIds), std::move(command), consent);
    }
    co_return failure(Error::Code::Outdated, tr("%1 no longer has the user %2").arg(name, QString::fromUtf8(user)));
}

QCoro::Task<Result<QList<NodeReply>>> AclKeeper::save(QByteArrayList nodeIds, UserConsent consent)
{
    co_return co_await callEach(m_session, std::move(nodeIds), commandOf("ACL", "SAVE"), consent);
}

QCoro::Task<Result<QList<NodeReply>>> AclKeeper::dryRun(QByteArrayList nodeIds, QByteArray user, Command command)
{
    const QPointer<ClusterSession> session = m_session;
    Command asked = commandOf("ACL", "DRYRUN", user);
    asked += command;
    QList<NodeReply> all;
    for (const QByteArray &id : nodeIds) {
        if (!session)
            co_return failure(Error::Code::Cancelled);
        NodeReply reply;
        reply.nodeId = id;
        reply.nodeName = aclNodeName(session, id);
        // sent directly instead of through the gate, because it changes nothing and is allowed on read-only connections
        const Result<NodeLink *> link = co_await session->linkTo(id);
        if (!link) {
            reply.reply = failure(link.error());
            all.append(reply);
            continue;
        }
        Command given = asked;
        auto answer = co_await (*link)->send(std::move(given));
        if (!answer)
            reply.reply = failure(answer.error());
        else if (const auto problem = errorOf(*answer, reply.nodeName, u"ACL DRYRUN"_s))
            reply.reply = failure(*problem);
        else
            reply.reply = std::move(*answer);
        all.append(reply);
    }
    co_return Result<QList<NodeReply>>(std::move(all));
}

QCoro::Task<Result<AclLog>> AclKeeper::log(QByteArrayList nodeIds)
{
    const QPointer<ClusterSession> session = m_session;
    AclLog all;
    for (const QByteArray &id : nodeIds) {
        if (!session)
            co_return failure(Error::Code::Cancelled);
        const QString name = aclNodeName(session, id);
        const Result<NodeLink *> link = co_await session->linkTo(id);
        if (!link) {
            all.problems.append(aclErrorAt(link.error(), name, u"ACL LOG"_s));
            continue;
        }
        const auto reply = co_await (*link)->send(commandOf("ACL", "LOG", "1000"));
        if (!reply) {
            all.problems.append(aclErrorAt(reply.error(), name, u"ACL LOG"_s));
            continue;
        }
        if (const auto problem = errorOf(*reply, name, u"ACL LOG"_s)) {
            all.problems.append(*problem);
            continue;
        }
        const qint64 now = QDateTime::currentMSecsSinceEpoch();
        for (const Value &value : reply->items()) {
            AclLogEntry entry = readEntry(value, now);
            entry.nodeId = id;
            entry.nodeName = name;
            all.entries.push_back(std::move(entry));
        }
    }
    std::stable_sort(all.entries.begin(), all.entries.end(),
                     [](const AclLogEntry &a, const AclLogEntry &b) { return a.at > b.at; });
    co_return Result<AclLog>(std::move(all));
}

QCoro::Task<Result<QList<NodeReply>>> AclKeeper::resetLog(QByteArrayList nodeIds, UserConsent consent)
{
    co_return co_await callEach(m_session, std::move(nodeIds), commandOf("ACL", "LOG", "RESET"), consent);
}

} // namespace slotscope
