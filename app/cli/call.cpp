// SPDX-License-Identifier: GPL-3.0-or-later
#include "callwords.h"

#include "core/base/errortext.h"
#include "core/base/secrets.h"
#include "core/base/text.h"
#include "core/protocol/print.h"
#include "core/protocol/replyjson.h"
#include "core/session/commandgate.h"

#include <QJsonArray>

#include <cstdio>
#include <unistd.h>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

/// `raw` holds the same arguments as bytes, because what is sent to the server need not be text.
Result<CallWords> readCallWords(const QStringList &arguments, const QByteArrayList &raw)
{
    CallWords words;
    qsizetype i = 0;
    for (; i < arguments.size() && arguments[i].startsWith(u"--"_s); ++i) {
        if (arguments[i] == u"--to" && i + 1 < arguments.size())
            words.to = arguments[++i];
        else if (arguments[i] == u"--yes")
            words.yes = true;
        else if (arguments[i] == u"--quoted-input")
            words.quotedInput = true;
        else if (arguments[i] == u"--compare")
            words.compares = true;
        else if (arguments[i] == u"--go-on")
            words.goesOn = true;
        else if (arguments[i] == u"--resp2" || arguments[i] == u"--resp3")
            words.resp3 = arguments[i] == u"--resp3";
        else if (arguments[i] == u"--file" && i + 1 < arguments.size())
            words.file = arguments[++i];
        else
            return failure(Error::Code::InvalidArgument, u"call: unknown option “%1”"_s.arg(arguments[i]));
    }
    for (; i < arguments.size(); ++i) {
        const QByteArray word = raw.size() == arguments.size() ? raw[i] : arguments[i].toUtf8();
        if (!words.quotedInput || !(word.startsWith('"') || word.startsWith('\''))) {
            words.command.append(word);
            continue;
        }
        const auto parsed = parseCommandLine(word);
        if (!parsed || parsed->size() != 1)
            return failure(Error::Code::InvalidArgument, u"call: the quotes of “%1” do not match"_s.arg(arguments[i]));
        words.command.append(parsed->front());
    }
    if (words.command.isEmpty() && words.file.isEmpty())
        return failure(Error::Code::InvalidArgument, u"call: a command is missing"_s);
    if (!words.command.isEmpty() && !words.file.isEmpty())
        return failure(Error::Code::InvalidArgument, u"call: use either a command or --file"_s);
    if (words.compares && (words.to.isEmpty() || !words.file.isEmpty()))
        return failure(Error::Code::InvalidArgument,
                       u"call: --compare needs one command and --to all|primaries|replicas"_s);
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
                printOut(reply.nodeName.toUtf8() + (reply.fromReplica ? " (replica)" : "")
                         + (text.contains('\n') ? ":\n" : ": ") + text);
        }
        return;
    }
    QJsonArray array;
    for (const NodeReply &reply : replies) {
        QJsonObject object{{u"node"_s, reply.nodeName},
                           {u"id"_s, QString::fromUtf8(reply.nodeId)},
                           {u"microseconds"_s, reply.microseconds},
                           {u"replica"_s, reply.fromReplica}};
        if (reply.reply)
            object[u"reply"_s] = replyToJson(*reply.reply);
        else
            object[u"error"_s] = describe(reply.reply.error());
        array.append(object);
    }
    printJson({{u"replies"_s, array}});
}

} // namespace

std::optional<UserConsent> consentTo(const GateVerdict &verdict, const ConnectionTarget &target, bool yes)
{
    using Kind = GateVerdict::Kind;
    if (verdict.kind == Kind::Allow || verdict.kind == Kind::Refuse)
        return UserConsent::None; // the code that sends the command reports a refusal
    if (yes)
        return UserConsent::NameTyped;
    if (!::isatty(STDIN_FILENO)) {
        printError(verdict.why
                   + u". It was not sent: there is no terminal to ask on, and --yes is not given before it"_s);
        return std::nullopt;
    }
    const QString wanted = verdict.kind == Kind::Ask ? u"yes"_s : target.title();
    printAside(verdict.why
               + (verdict.kind == Kind::Ask ? u".\nType yes to send it: "_s
                                            : u".\nType the connection's name, %1, to send it: "_s.arg(wanted)));
    char line[512] = {};
    if (std::fgets(line, sizeof line, stdin) && QString::fromUtf8(line).trimmed() == wanted)
        return UserConsent::NameTyped;
    printError(u"it was not sent"_s);
    return std::nullopt;
}

QCoro::Task<int> runCall(Context context)
{
    const auto words = readCallWords(context.arguments, context.rawArguments);
    if (!words)
        co_return usageError(words.error().detail);
    const QByteArrayList secrets = secretsIn(words->command);
    for (const QByteArray &secret : secrets)
        rememberSecret(secret);
    if (words->ownLinks())
        co_return co_await runOnOwnLinks(context, *words);
    if (const auto refused = sharedLinkRefusal(words->command)) { // refused for every cluster: no connection is needed
        printError(*refused);
        co_return exitUsage;
    }
    // a command with a key needs to wait only for the owner of its slot
    const WaitFor what = words->to.isEmpty() ? WaitFor::OneNode : WaitFor::EveryNode;
    const Opened opened = co_await openSession(context, what);
    if (!opened.session)
        co_return exitFailed;
    const GateVerdict verdict = co_await opened.session->judge(words->command);
    const auto consent = consentTo(verdict, opened.target, words->yes);
    if (!consent)
        co_return exitUsage;
    const auto selection = selectionOf(*opened.session, words->to);
    if (!selection) {
        printError(selection.error());
        co_return exitFailed;
    }
    const auto replies = co_await opened.session->call(words->command, *selection, *consent);
    if (!replies) {
        printError(replies.error());
        co_return exitFailed;
    }
    printReplies(*replies, *words, context);
    if (words->to.isEmpty() && opened.view->nodes.size() > 1) {
        const auto table = co_await opened.session->commands();
        const auto keys = table ? (*table)->keysOf(words->command) : Result<QByteArrayList>(failure(table.error()));
        const CommandSpec *spec = table ? (*table)->find(words->command) : nullptr;
        const QString name = commandName(words->command), node = replies->front().nodeName;
        if (keys && keys->isEmpty() && spec && spec->hasFlag("pubsub"))
            printError(
                u"sent to %1; the number counts only its own clients, but other clients of the cluster receive it too"_s
                    .arg(node));
        else if (keys && keys->isEmpty() && !readOnlyRefusal(words->command, table ? table->get() : nullptr))
            printError(
                u"%1 has no key, so it was sent only to %2; use --to primaries or --to all for more"_s.arg(name, node));
        else if (keys && keys->isEmpty())
            printError(u"%1 has no key, so it was sent only to %2"_s.arg(name, node));
    }
    const bool allDone =
        std::all_of(replies->begin(), replies->end(), [](const NodeReply &reply) { return reply.reply.has_value(); });
    co_return allDone ? exitDone : exitFailed;
}

} // namespace slotscope::cli
