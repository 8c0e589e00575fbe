// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/console/consolehelp.h"

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/cluster/slot.h"
#include "core/session/keyowner.h"

#include <QMutex>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int mostDescribed = 8;
constexpr int scanCount = 1000;

QMutex docsLock;
QHash<QByteArray, CommandDocsPtr> &docsKnown()
{
    static QHash<QByteArray, CommandDocsPtr> known;
    return known;
}

/// Version and modules as far as known, which determine the commands that exist.
QByteArray versionOf(const ClusterView &view)
{
    for (const NodeState &node : view.nodes)
        if (node.info && !node.info->version.isEmpty())
            return node.info->version;
    return {};
}

QByteArray globEscaped(const QByteArray &text)
{
    QByteArray pattern;
    for (const char c : text) {
        if (c == '*' || c == '?' || c == '[' || c == ']' || c == '\\' || c == '^')
            pattern += '\\';
        pattern += c;
    }
    return pattern;
}

QByteArray lengthCommand(const QByteArray &type)
{
    static const QHash<QByteArray, QByteArray> commands{{"string", "STRLEN"}, {"list", "LLEN"},  {"hash", "HLEN"},
                                                        {"set", "SCARD"},     {"zset", "ZCARD"}, {"stream", "XLEN"}};
    return commands.value(type);
}

/// Primaries that may own keys with this prefix: one if it contains a complete hash tag, else all.
QList<QByteArray> ownersOf(const ClusterView &view, const QByteArray &beginning)
{
    QList<QByteArray> owners;
    if (hashedPart(beginning).size() != beginning.size()) {
        owners.append(ownerOfKey(view, beginning));
        return owners;
    }
    for (const NodeState &node : view.nodes)
        if (node.primary && node.reach.state == Reach::State::Ready)
            owners.append(node.id);
    return owners;
}

} // namespace

QCoro::Task<Result<CommandDocsPtr>> ConsoleHelp::docs() const
{
    const QPointer<ClusterSession> session = m_session;
    const ClusterViewPtr view = session ? session->view() : nullptr;
    if (!view)
        co_return failure(Error::Code::NoRoute);
    const QByteArray version = versionOf(*view);
    {
        const QMutexLocker locked(&docsLock);
        const CommandDocsPtr known = docsKnown().value(version);
        if (known && !version.isEmpty())
            co_return Result<CommandDocsPtr>(known);
    }
    const Result<Value> reply = co_await session->execute(commandOf("COMMAND", "DOCS"));
    if (!reply)
        co_return failure(reply.error());
    Result<CommandDocs> docs = CommandDocs::parse(*reply);
    if (!docs)
        co_return failure(docs.error());
    const CommandDocsPtr shared = std::make_shared<const CommandDocs>(std::move(*docs));
    const QMutexLocker locked(&docsLock);
    docsKnown().insert(version, shared);
    co_return Result<CommandDocsPtr>(shared);
}

QCoro::Task<Result<KeyProposals>> ConsoleHelp::keysLike(QByteArray beginning) const
{
    const QPointer<ClusterSession> session = m_session;
    const ClusterViewPtr view = session ? session->view() : nullptr;
    if (!view)
        co_return failure(Error::Code::NoRoute);
    const qint64 begin = steadyMs();
    KeyProposals found;
    QSet<QByteArray> seen;
    const QByteArray pattern = globEscaped(beginning) + '*';
    const QList<QByteArray> owners = ownersOf(*view, beginning);
    found.isWhole = true;
    for (const QByteArray &owner : owners) {
        QByteArray cursor = "0";
        do {
            const qint64 left = keySearchMs - (steadyMs() - begin);
            if (left <= 0 || found.keys.size() >= mostKeys || !session) {
                found.isWhole = false;
                break;
            }
            const Result<NodeLink *> link = co_await session->linkTo(owner);
            if (!link) {
                found.isWhole = false;
                break;
            }
            const QString name = (*link)->endpoint().toString();
            Command scan = commandOf("SCAN", cursor, "MATCH", pattern, "COUNT", QByteArray::number(scanCount));
            const Result<Value> reply = checked(co_await (*link)->send(scan, keySearchMs * 5), name, u"SCAN"_s);
            if (!reply || reply->items().size() != 2) {
                if (!reply && reply.error().code == Error::Code::NoPermission)
                    co_return failure(reply.error());
                found.isWhole = false;
                break;
            }
            cursor = reply->items()[0].bytes();
            for (const Value &key : reply->items()[1].items())
                if (found.keys.size() < mostKeys && !seen.contains(key.bytes())) {
                    seen.insert(key.bytes());
                    found.keys.append({key.bytes(), {}, -1});
                }
        } while (cursor != "0");
    }
    std::sort(found.keys.begin(), found.keys.end(),
              [](const KeyProposal &left, const KeyProposal &right) { return left.key < right.key; });
    for (int i = 0; i < found.keys.size() && i < mostDescribed && session; ++i) {
        if (steadyMs() - begin > 2 * keySearchMs)
            break;
        const NodeReply type = co_await session->browse(commandOf("TYPE", found.keys[i].key));
        if (!session || !type.reply)
            break;
        found.keys[i].type = type.reply->bytes();
        const QByteArray command = lengthCommand(found.keys[i].type);
        if (command.isEmpty())
            continue;
        const NodeReply length = co_await session->browse(commandOf(command, found.keys[i].key));
        if (length.reply && length.reply->type() == Value::Type::Integer)
            found.keys[i].length = length.reply->toInteger();
    }
    found.milliseconds = steadyMs() - begin;
    co_return Result<KeyProposals>(std::move(found));
}

QCoro::Task<Result<ErrorHelp>> ConsoleHelp::explain(QByteArray serverError, Command command, QByteArray nodeId,
                                                    QString user) const
{
    const QPointer<ClusterSession> session = m_session;
    if (!session)
        co_return failure(Error::Code::Cancelled);
    const auto table = co_await session->commands();
    if (!session)
        co_return failure(Error::Code::Cancelled);
    const ClusterViewPtr view = session->view();
    const CommandTable *known = nullptr;
    if (table)
        known = table->get();
    ErrorHelp help = explainError(serverError, command, view.get(), known);
    if (!serverError.startsWith("NOPERM") || nodeId.isEmpty() || !secretsIn(command).isEmpty())
        co_return Result<ErrorHelp>(std::move(help));
    QString name = user.isEmpty() ? session->target().credentials.user : user;
    if (name.isEmpty())
        name = u"default"_s;
    help.grant.replace(u"<user>"_s, QString::fromLatin1(quoted(name.toUtf8())));
    // ask the server itself with ACL DRYRUN what is missing, if the connection's own user may run it
    const Result<NodeLink *> link = co_await session->linkTo(nodeId);
    if (!link)
        co_return Result<ErrorHelp>(std::move(help));
    Command ask = commandOf("ACL", "DRYRUN", name.toUtf8());
    ask.append(command);
    const Connection::Reply reply = co_await (*link)->send(ask);
    if (reply && reply->isString() && reply->bytes() != "OK")
        help.text += u' ' + tr("ACL DRYRUN replies: %1").arg(toDisplay(reply->bytes()));
    co_return Result<ErrorHelp>(std::move(help));
}

QCoro::Task<Result<CommandSpec>> ConsoleHelp::spec(Command command) const
{
    const QPointer<ClusterSession> session = m_session;
    if (!session)
        co_return failure(Error::Code::Cancelled);
    const auto table = co_await session->commands();
    if (!table)
        co_return failure(table.error());
    const CommandSpec *spec = (*table)->find(command);
    if (!spec)
        co_return failure(Error::Code::InvalidArgument);
    co_return Result<CommandSpec>(*spec);
}

QCoro::Task<Result<QByteArrayList>> ConsoleHelp::keysOf(Command command) const
{
    const QPointer<ClusterSession> session = m_session;
    if (!session)
        co_return failure(Error::Code::Cancelled);
    const auto table = co_await session->commands();
    if (!table)
        co_return failure(table.error());
    co_return (*table)->keysOf(command);
}

} // namespace slotscope
