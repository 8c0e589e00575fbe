// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/configreader.h"

#include "core/base/secrets.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/config/calleach.h"
#include "core/config/secretmark.h"

#include <QDateTime>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

void takeServer(NodeConfig &node, const QByteArray &info)
{
    const QList<QByteArray> lines = info.split('\n');
    for (const QByteArray &each : lines) {
        const QByteArray line = each.trimmed();
        const QByteArray value = line.mid(line.indexOf(':') + 1);
        if (line.startsWith("valkey_version:"))
            node.isValkey = true;
        if (line.startsWith("valkey_version:") || (line.startsWith("redis_version:") && !node.isValkey))
            node.major = int(toInteger(value.left(value.indexOf('.'))).value_or(0));
        if (line.startsWith("config_file:")) {
            node.file = value;
            node.isFileTold = true;
        }
    }
}

} // namespace

Result<QMap<QByteArray, QByteArray>> readConfig(const Value &reply)
{
    QMap<QByteArray, QByteArray> values;
    const Value::List &items = reply.items();
    if (!reply.isAggregate() || items.size() % 2 != 0)
        return failure(Error::Code::Protocol, tr("the reply of CONFIG GET does not consist of names and values"));
    for (size_t i = 0; i < items.size(); i += 2) {
        const QByteArray name = items[i].bytes().toLower();
        const SettingInfo *info = settingInfo(name);
        const bool isSecret = isSecretSetting(name) || (info && info->kind == SettingInfo::Kind::Secret);
        values.insert(name, isSecret ? secretMark(items[i + 1].bytes()) : items[i + 1].bytes());
    }
    return values;
}

QCoro::Task<Result<NodeConfig>> ConfigReader::read(QByteArray nodeId)
{
    const QPointer<ClusterSession> session = m_session;
    if (!session)
        co_return failure(Error::Code::Cancelled);
    NodeConfig result;
    result.nodeId = nodeId;
    const ClusterViewPtr view = session->view();
    const NodeState *node = view ? view->node(nodeId) : nullptr;
    if (!node)
        co_return failure(Error::Code::NoRoute, tr("this node is not known"));
    result.nodeName = node->name;
    const QString command = u"CONFIG GET"_s;
    const auto take = [&result, &command](Error error) {
        if (error.node.isEmpty())
            error.node = result.nodeName;
        if (error.command.isEmpty())
            error.command = command;
        result.problem = std::move(error);
    };
    const Result<NodeLink *> link = co_await session->linkTo(nodeId);
    if (!link) {
        take(link.error());
        co_return Result<NodeConfig>(std::move(result));
    }
    std::vector<Command> commands;
    commands.push_back(commandOf("CONFIG", "GET", "*"));
    commands.push_back(commandOf("INFO", "server"));
    const auto replies = co_await (*link)->sendAll(commands);
    result.readAt = QDateTime::currentMSecsSinceEpoch();
    if (!replies) {
        take(replies.error());
        co_return Result<NodeConfig>(std::move(result));
    }
    takeServer(result, (*replies)[1].bytes());
    result.problem = errorOf((*replies)[0], result.nodeName, command);
    if (result.problem)
        co_return Result<NodeConfig>(std::move(result));
    auto values = readConfig((*replies)[0]);
    if (values)
        result.values = std::move(*values);
    else
        take(values.error());
    co_return Result<NodeConfig>(std::move(result));
}

QCoro::Task<Result<QList<NodeReply>>> ConfigReader::rewrite(QByteArrayList nodeIds, UserConsent consent)
{
    co_return co_await callEach(m_session, std::move(nodeIds), commandOf("CONFIG", "REWRITE"), consent);
}

} // namespace slotscope
