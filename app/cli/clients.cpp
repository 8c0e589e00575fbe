// SPDX-License-Identifier: GPL-3.0-or-later
// Who is connected to the nodes.
#include "command.h"

#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/base/signals.h"
#include "core/base/text.h"
#include "core/clients/clientsreader.h"
#include "core/slowlog/slowlogreader.h"

#include <QCoro/QCoroTimer>
#include <QJsonArray>

#include <chrono>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int clientsPauseMs = 2000, clientsStepMs = 50;

struct ClientsOptions
{
    enum class By : quint8 { None, Library, Address, User };
    QStringList nodes; ///< node names as typed; empty: all nodes
    By by = By::None;
    QStringList kill; ///< client ids
    bool others = false; ///< exclude Slotscope's own clients and replication links
    bool follow = false;
    bool yes = false;
    bool help = false;
};

QString clientsHelp()
{
    return u"slotscope-cli [options] clients [OPTION]…\n\n"
           "The clients of all nodes in one table: CLIENT LIST of each.\n\n"
           "  --node NODE       only of this node (may be repeated): an id, the start of one, or HOST:PORT\n"
           "  --by WHAT         library, address or user: how many clients and how much memory each has\n"
           "  --others          excludes this program's own clients and replication links\n"
           "  --follow          repeats every two seconds, until Ctrl+C\n"
           "  --kill ID         closes the connection of this client (may be repeated; with one --node). It is killed "
           "by its\n"
           "                    id, and only if its address is still the listed one\n"
           "  --yes             does not ask before --kill\n\n"
           "With --json each client is one line, an object with all fields that the server reported."_s;
}

Result<ClientsOptions> readClientsOptions(const QStringList &words)
{
    using By = ClientsOptions::By;
    ClientsOptions options;
    const auto wrong = [](const QString &text) { return failure(Error::Code::InvalidArgument, u"clients: "_s + text); };
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString &word = words[i];
        if (word == u"--node" || word == u"--by" || word == u"--kill") {
            if (++i == words.size())
                return wrong(u"%1 needs a value"_s.arg(word));
            const QString &value = words[i];
            if (word == u"--node") {
                options.nodes.append(value);
            } else if (word == u"--kill") {
                if (toInteger(value.toUtf8()).value_or(0) <= 0)
                    return wrong(u"--kill needs a client id"_s);
                options.kill.append(value);
            } else if (value == u"library" || value == u"address" || value == u"user") {
                options.by = value == u"library" ? By::Library : value == u"address" ? By::Address : By::User;
            } else {
                return wrong(u"--by must be library, address or user"_s);
            }
        } else if (word == u"--others") {
            options.others = true;
        } else if (word == u"--follow") {
            options.follow = true;
        } else if (word == u"--yes") {
            options.yes = true;
        } else if (word == u"--help" || word == u"-h") {
            options.help = true;
        } else {
            return wrong(u"unknown argument “%1”"_s.arg(word));
        }
    }
    if (!options.kill.isEmpty() && (options.nodes.size() != 1 || options.follow || options.by != By::None))
        return wrong(
            u"--kill needs exactly one --node, because each node has its own ids, and cannot be combined with other options"_s);
    return options;
}

struct ClientsRun
{
    ClientsOptions options;
    bool json = false;
    Opened opened;
    QByteArrayList nodes;
    std::unique_ptr<ClientsReader> reader;
    QSet<QString> said;
    bool failed = false;
    bool stopping = false;
};
using ClientsRunPtr = std::shared_ptr<ClientsRun>;

void tellClientsProblem(ClientsRun &run, const Error &error)
{
    QString problem = describe(error);
    if (const QByteArray right = missingRight(error); !right.isEmpty())
        problem += u" It needs %1."_s.arg(QString::fromLatin1(right));
    run.failed = true;
    if (run.said.contains(problem))
        return;
    run.said.insert(problem);
    printError(problem);
}

QJsonObject clientJson(const NodeClients &node, const ClientLine &client)
{
    QJsonObject row{{u"node"_s, node.nodeName},
                    {u"nodeId"_s, QString::fromLatin1(node.nodeId)},
                    {u"id"_s, client.id},
                    {u"address"_s, toDisplay(client.address)},
                    {u"name"_s, toDisplay(client.name)},
                    {u"user"_s, toDisplay(client.user)},
                    {u"library"_s, toDisplay(libraryOf(client))},
                    {u"command"_s, toDisplay(client.command)},
                    {u"flags"_s, toDisplay(client.flags)},
                    {u"database"_s, client.database},
                    {u"subscriptions"_s, client.channels},
                    {u"queued"_s, client.queued},
                    {u"unreadReplyBytes"_s, client.replyBytes}};
    const auto add = [&](const QString &name, std::optional<qint64> number) {
        row.insert(name, number ? QJsonValue(*number) : QJsonValue());
    };
    add(u"age"_s, client.age);
    add(u"idle"_s, client.idle);
    add(u"memory"_s, client.memory);
    QJsonObject others;
    for (const auto &[name, value] : client.others)
        others.insert(QString::fromLatin1(name), toDisplay(value));
    row.insert(u"others"_s, others);
    return row;
}

QStringList clientRow(const NodeClients &node, const ClientLine &client)
{
    const auto seconds = [](std::optional<qint64> time) { return time ? duration(*time * 1000) : u"?"_s; };
    return {node.nodeName,
            QString::number(client.id),
            toDisplay(client.address),
            toDisplay(client.name),
            toDisplay(client.user),
            toDisplay(libraryOf(client)),
            seconds(client.age),
            seconds(client.idle),
            client.memory ? byteSize(*client.memory) : u"?"_s,
            QString::number(client.channels),
            toDisplay(client.command)};
}

QByteArray groupOf(const ClientLine &client, ClientsOptions::By by)
{
    if (client.isServer())
        return "(replication)"_ba;
    const QByteArray name = by == ClientsOptions::By::Library ? libraryOf(client)
        : by == ClientsOptions::By::Address                   ? clientHost(client.address)
                                                              : client.user;
    return name.isEmpty() ? "(not told)"_ba : name;
}

void printGroups(const ClientsRun &run, const std::vector<NodeClients> &all)
{
    struct Group
    {
        qint64 clients = 0, memory = 0;
        QSet<QByteArray> hosts;
    };
    QMap<QByteArray, Group> groups;
    for (const NodeClients &node : all)
        for (const ClientLine &client : *node.clients) {
            if (run.options.others && (client.isOurs() || client.isServer()))
                continue;
            Group &group = groups[groupOf(client, run.options.by)];
            ++group.clients;
            group.memory += client.memory.value_or(0);
            group.hosts.insert(clientHost(client.address));
        }
    QList<QStringList> rows{{u"CLIENTS"_s, u"MEMORY"_s, u"ADDRESSES"_s, u"WHAT"_s}};
    for (auto each = groups.constBegin(); each != groups.constEnd(); ++each) {
        if (run.json)
            printJsonLine({{u"group"_s, toDisplay(each.key())},
                           {u"clients"_s, each->clients},
                           {u"memory"_s, each->memory},
                           {u"addresses"_s, each->hosts.size()}});
        else
            rows.append({groupedNumber(each->clients), byteSize(each->memory), groupedNumber(each->hosts.size()),
                         toDisplay(each.key())});
    }
    if (!run.json && rows.size() > 1)
        printOut(tableText(rows, {0, 1, 2}));
}

void printClients(const ClientsRun &run, const std::vector<NodeClients> &all)
{
    QList<QStringList> rows{{u"NODE"_s, u"ID"_s, u"ADDRESS"_s, u"NAME"_s, u"USER"_s, u"LIBRARY"_s, u"AGE"_s, u"IDLE"_s,
                             u"MEMORY"_s, u"SUBS"_s, u"COMMAND"_s}};
    for (const NodeClients &node : all)
        for (const ClientLine &client : *node.clients) {
            if (run.options.others && (client.isOurs() || client.isServer()))
                continue;
            if (run.json)
                printJsonLine(clientJson(node, client));
            else
                rows.append(clientRow(node, client));
        }
    if (!run.json && rows.size() > 1)
        printOut(tableText(rows, {1, 6, 7, 8, 9}));
}

QCoro::Task<> listClients(ClientsRunPtr run)
{
    std::vector<NodeClients> all;
    for (const QByteArray &id : run->nodes) {
        auto heard = co_await run->reader->read(id);
        if (!heard) {
            tellClientsProblem(*run, heard.error());
            continue;
        }
        if (heard->problem)
            tellClientsProblem(*run, *heard->problem);
        if (!heard->pausedActions.isEmpty())
            printError(u"%1 still delays %2 for %3 (CLIENT PAUSE)"_s.arg(
                heard->nodeName, QString::fromLatin1(heard->pausedActions), duration(heard->pausedMs)));
        if (heard->clients)
            all.push_back(std::move(*heard));
    }
    if (run->options.by != ClientsOptions::By::None)
        printGroups(*run, all);
    else
        printClients(*run, all);
}

std::vector<ClientToKill> clientsWanted(ClientsRun &run, const NodeClients &heard)
{
    std::vector<ClientToKill> wanted;
    for (const QString &text : std::as_const(run.options.kill)) {
        const qint64 id = text.toLongLong();
        const auto found = std::find_if(heard.clients->begin(), heard.clients->end(),
                                        [id](const ClientLine &client) { return client.id == id; });
        if (found != heard.clients->end()) {
            wanted.push_back({heard.nodeId, heard.runId, id, found->address});
            continue;
        }
        printError(u"%1 has no client %2"_s.arg(heard.nodeName, text));
        run.failed = true;
    }
    return wanted;
}

void tellKilled(ClientsRun &run, const KilledClient &each)
{
    using Outcome = KilledClient::Outcome;
    const bool isKilled = each.outcome == Outcome::Killed;
    run.failed = run.failed || !isKilled;
    if (run.json) {
        printJsonLine({{u"node"_s, each.nodeName},
                       {u"id"_s, each.client.id},
                       {u"address"_s, toDisplay(each.client.address)},
                       {u"killed"_s, isKilled},
                       {u"problem"_s, each.problem ? QJsonValue(describe(*each.problem)) : QJsonValue()}});
        return;
    }
    const QString who =
        u"client %1 of %2 (%3)"_s.arg(each.client.id).arg(each.nodeName, toDisplay(each.client.address));
    if (isKilled)
        printOut(u"killed "_s + who);
    else if (each.problem)
        tellClientsProblem(run, *each.problem);
    else
        printError(who + u" is already gone"_s);
}

QCoro::Task<> killClients(ClientsRunPtr run)
{
    const auto heard = co_await run->reader->read(run->nodes.front());
    if (!heard) {
        tellClientsProblem(*run, heard.error());
        co_return;
    }
    if (heard->problem) {
        tellClientsProblem(*run, *heard->problem);
        co_return;
    }
    if (!heard->clients) {
        run->failed = true;
        printError(u"%1 did not list its clients: nothing was killed"_s.arg(heard->nodeName));
        co_return;
    }
    std::vector<ClientToKill> wanted = clientsWanted(*run, *heard);
    if (wanted.empty())
        co_return;
    const Command command = commandOf("CLIENT", "KILL", "ID", "1");
    const GateVerdict verdict = co_await run->opened.session->judge(command);
    const auto consent = consentTo(verdict, run->opened.target, run->options.yes);
    if (!consent) {
        run->failed = true;
        co_return;
    }
    const auto killed = co_await run->reader->kill(std::move(wanted), *consent);
    if (!killed) {
        tellClientsProblem(*run, killed.error());
        co_return;
    }
    for (const KilledClient &each : *killed)
        tellKilled(*run, each);
}

} // namespace

QCoro::Task<int> runClients(Context context)
{
    const auto options = readClientsOptions(context.arguments);
    if (!options)
        co_return usageError(options.error().detail);
    if (options->help) {
        printOut(clientsHelp());
        co_return exitDone;
    }
    const auto run = std::make_shared<ClientsRun>();
    run->options = *options;
    run->json = context.json;
    run->opened = co_await openSession(context);
    if (!run->opened.session)
        co_return exitFailed;
    const auto nodes = nodesNamed(run->opened, options->nodes);
    if (!nodes) {
        printError(nodes.error());
        co_return exitUsage;
    }
    run->nodes = *nodes;
    run->reader = std::make_unique<ClientsReader>(run->opened.session.get());
    if (!options->kill.isEmpty()) {
        co_await killClients(run);
        co_return run->failed ? exitFailed : exitDone;
    }
    const Signals signalsSeen([run] { run->stopping = true; });
    do {
        co_await listClients(run);
        for (int waited = 0; run->options.follow && waited < clientsPauseMs && !run->stopping; waited += clientsStepMs)
            co_await QCoro::sleepFor(std::chrono::milliseconds(clientsStepMs));
    } while (run->options.follow && !run->stopping);
    co_return run->failed && !run->options.follow ? exitFailed : exitDone;
}

} // namespace slotscope::cli
