// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/modulesreader.h"

#include "core/base/tr.h"

#include <QDateTime>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

QString moduleVersionText(qint64 version)
{
    if (version < 10'000)
        return QString::number(version);
    return u"%1.%2.%3"_s.arg(version / 10'000).arg(version / 100 % 100).arg(version % 100);
}

QCoro::Task<Result<NodeModules>> ModulesReader::read(QByteArray nodeId)
{
    const QPointer<ClusterSession> session = m_session;
    if (!session)
        co_return failure(Error::Code::Cancelled);
    NodeModules result;
    result.nodeId = nodeId;
    const ClusterViewPtr view = session->view();
    const NodeState *node = view ? view->node(nodeId) : nullptr;
    if (!node)
        co_return failure(Error::Code::NoRoute, tr("this node is not known"));
    result.nodeName = node->name;
    const QString command = u"MODULE LIST"_s;
    const Result<NodeLink *> link = co_await session->linkTo(nodeId);
    Result<Value> reply = failure(Error::Code::Cancelled);
    if (link)
        reply = co_await (*link)->send(commandOf("MODULE", "LIST"));
    else
        reply = failure(link.error());
    result.readAt = QDateTime::currentMSecsSinceEpoch();
    if (reply)
        result.problem = errorOf(*reply, result.nodeName, command);
    else
        result.problem = reply.error();
    if (result.problem) {
        if (result.problem->node.isEmpty())
            result.problem->node = result.nodeName;
        if (result.problem->command.isEmpty())
            result.problem->command = command;
        co_return Result<NodeModules>(std::move(result));
    }
    for (const Value &each : reply->items()) {
        LoadedModule module;
        if (const Value *name = each.find("name"))
            module.name = name->bytes();
        if (const Value *version = each.find("ver"))
            module.version = version->toInteger();
        if (const Value *path = each.find("path"))
            module.path = path->bytes();
        if (const Value *arguments = each.find("args"))
            for (const Value &argument : arguments->items())
                module.arguments += (module.arguments.isEmpty() ? "" : " ") + argument.bytes();
        if (!module.name.isEmpty())
            result.modules.push_back(std::move(module));
    }
    co_return Result<NodeModules>(std::move(result));
}

} // namespace slotscope
