// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "valuejson.h"

#include "core/base/errortext.h"
#include "core/base/secrets.h"
#include "core/base/text.h"
#include "core/protocol/print.h"
#include "core/session/commandgate.h"

#include <QJsonArray>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

struct CallWords
{
    QString to; ///< empty: where the key lives
    bool quotedInput = false; ///< arguments in double quotes are read with redis-cli's escapes
    Command command;
};

Result<CallWords> readCallWords(const QStringList &arguments)
{
    CallWords words;
    qsizetype i = 0;
    for (; i < arguments.size() && arguments[i].startsWith(u"--"_s); ++i) {
        if (arguments[i] == u"--to" && i + 1 < arguments.size())
            words.to = arguments[++i];
        else if (arguments[i] == u"--quoted-input")
            words.quotedInput = true;
        else
            return failure(Error::Code::InvalidArgument, u"call: unknown option “%1”"_s.arg(arguments[i]));
    }
    for (; i < arguments.size(); ++i) {
        const QByteArray word = arguments[i].toUtf8();
        if (!words.quotedInput || !(word.startsWith('"') || word.startsWith('\''))) {
            words.command.append(word);
            continue;
        }
        const auto parsed = parseCommandLine(word);
        if (!parsed || parsed->size() != 1)
            return failure(Error::Code::InvalidArgument, u"call: the quotes of %1 do not match"_s.arg(arguments[i]));
        words.command.append(parsed->front());
    }
    if (words.command.isEmpty())
        return failure(Error::Code::InvalidArgument, u"call: a command is missing"_s);
    return words;
}

Result<NodeSelection> selectionOf(const ClusterSession &session, const QString &to)
{
    using Kind = NodeSelection::Kind;
    if (to.isEmpty())
        return NodeSelection{};
    if (to == u"all")
        return NodeSelection{.kind = Kind::All, .nodeId = {}};
    if (to == u"primaries")
        return NodeSelection{.kind = Kind::Primaries, .nodeId = {}};
    if (to == u"replicas")
        return NodeSelection{.kind = Kind::Replicas, .nodeId = {}};
    const auto id = session.resolveNode(to);
    if (!id)
        return failure(id.error());
    return NodeSelection{.kind = Kind::Node, .nodeId = *id};
}

QByteArray shown(const NodeReply &reply, bool terminal)
{
    if (!reply.reply)
        return "(error) " + describe(reply.reply.error()).toUtf8();
    return terminal ? printForTerminal(*reply.reply) : printRaw(*reply.reply);
}

void printReplies(const QList<NodeReply> &replies, const CallWords &words, const Context &context)
{
    const bool terminal = outIsTerminal();
    if (!context.json) {
        for (const NodeReply &reply : replies) {
            const QByteArray text = shown(reply, terminal);
            if (words.to.isEmpty())
                printOut(text);
            else
                printOut(reply.nodeName.toUtf8() + (text.contains('\n') ? ":\n" : ": ") + text);
        }
        return;
    }
    QJsonArray array;
    for (const NodeReply &reply : replies) {
        QJsonObject object{{u"node"_s, reply.nodeName},
                           {u"id"_s, QString::fromUtf8(reply.nodeId)},
                           {u"microseconds"_s, reply.microseconds}};
        if (reply.reply)
            object[u"reply"_s] = toJson(*reply.reply);
        else
            object[u"error"_s] = describe(reply.reply.error());
        array.append(object);
    }
    printJson({{u"replies"_s, array}});
}

} // namespace

QCoro::Task<int> runCall(Context context)
{
    const auto words = readCallWords(context.arguments);
    if (!words)
        co_return usageError(words.error().detail);
    for (const QByteArray &secret : secretsIn(words->command))
        rememberSecret(secret);
    if (const auto refused = sharedLinkRefusal(words->command)) { // whatever the cluster: no need to connect
        printError(*refused);
        co_return exitUsage;
    }
    const Opened opened = co_await openSession(context);
    if (!opened.session)
        co_return exitFailed;
    const auto selection = selectionOf(*opened.session, words->to);
    if (!selection) {
        printError(selection.error());
        co_return exitFailed;
    }
    const auto replies = co_await opened.session->call(words->command, *selection);
    if (!replies) {
        printError(replies.error());
        co_return exitFailed;
    }
    printReplies(*replies, *words, context);
    if (words->to.isEmpty() && opened.view->nodes.size() > 1) {
        const auto table = co_await opened.session->commands();
        const auto keys = table ? (*table)->keysOf(words->command) : Result<QByteArrayList>(failure(table.error()));
        if (keys && keys->isEmpty())
            printError(u"%1 names no key: only %2 was asked; --to primaries or --to all asks more"_s.arg(
                commandName(words->command), replies->front().nodeName));
    }
    const bool allDone =
        std::all_of(replies->begin(), replies->end(), [](const NodeReply &reply) { return reply.reply.has_value(); });
    co_return allDone ? exitDone : exitFailed;
}

} // namespace slotscope::cli
