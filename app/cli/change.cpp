// SPDX-License-Identifier: GPL-3.0-or-later
// The commands that change a cluster: a table; the rest is the same for all.
#include "change.h"

#include "changerequests.h"
#include "configlist.h"
#include "operate.h"

#include "core/base/errortext.h"
#include "core/base/secrets.h"
#include "core/base/text.h"
#include "core/operations/journal/journal.h"
#include "core/operations/planners/planning.h"

#include <QCommandLineParser>
#include <QJsonArray>

#include <algorithm>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

using Options = QList<QCommandLineOption>;

Options withMigration(Options options)
{
    options += Options{{u"throttle"_s, u"At most this many keys per second."_s, u"KEYS"_s},
                       {u"latency-ceiling"_s, u"Slow down while PING takes longer than this."_s, u"MS"_s},
                       {u"batch-bytes"_s, u"Target size of one MIGRATE."_s, u"BYTES"_s},
                       callTimeoutOption(),
                       {u"classic"_s, u"Key by key, with SETSLOT and MIGRATE."_s},
                       {u"atomic"_s, u"The servers' own (atomic) slot migration."_s},
                       {u"busy-keys"_s, u"stop, keep-source or keep-target."_s, u"POLICY"_s},
                       {u"no-replica-wait"_s, u"Do not wait for the target's replicas."_s}};
    return options;
}

struct Change
{
    QString name;
    QString synopsis;
    QString summary;
    Options options;
    Result<OperationRequest> (*request)(const Words &words);
    qsizetype mostWords = 1; ///< highest number of positional arguments; -1: any number
};

const QList<Change> &changes()
{
    static const QString migrating = u" [MIGRATION]"_s;
    static const QList<Change> all{
        {u"create"_s,
         u"create HOST:PORT|HOST:PORT-PORT… [--replicas N] [--label HOST:PORT=ZONE]… [--allow-few-primaries]"_s,
         u"Creates a cluster of empty nodes; replicas are placed on another host or zone than their primary."_s,
         {{u"replicas"_s, u"Replicas of each primary."_s, u"N"_s},
          {u"label"_s, u"Zone of a node."_s, u"HOST:PORT=ZONE"_s},
          {u"allow-few-primaries"_s, u"Allow one or two primaries (no automatic failover)."_s}},
         createRequest,
         -1},
        {u"add-node"_s, u"add-node HOST:PORT… [--replica | --replica-of NODE | --shard] [--rebalance]"_s + migrating,
         u"Adds empty nodes: as primaries, as replicas, or as one shard. With --rebalance the primaries get slots."_s,
         withMigration({{u"replica"_s, u"As replicas of the primaries with the fewest replicas."_s},
                        {u"replica-of"_s, u"As a replica of this primary."_s, u"NODE"_s},
                        {u"shard"_s, u"The first becomes a primary, the others its replicas."_s},
                        {u"rebalance"_s, u"Gives the new primaries their share of the slots."_s}}),
         addNodeRequest, -1},
        {u"remove-node"_s, u"remove-node NODE… [--drain-to NODE,…] [--wait-for-ban]"_s + migrating,
         u"Moves its slots away, gives its replicas another primary, and makes every node forget it. Also for dead nodes, several at once."_s,
         withMigration({{u"drain-to"_s, u"Primaries that take its slots."_s, u"NODES"_s},
                        {u"wait-for-ban"_s, u"Check again when the ban has expired (a minute)."_s}}),
         removeNodeRequest, -1},
        {u"reshard"_s,
         u"reshard --from NODE,…|all --to NODE (--slots N | --range A-B,… | --hash-tag TAG | --everything)"_s
             + migrating,
         u"Moves slots to a primary."_s,
         withMigration({{u"from"_s, u"Sources."_s, u"NODES"_s},
                        {u"to"_s, u"Target."_s, u"NODE"_s},
                        {u"slots"_s, u"How many slots to move."_s, u"N"_s},
                        {u"range"_s, u"Ranges of slots to move."_s, u"SLOTS"_s},
                        {u"hash-tag"_s, u"Move the slot of this tag."_s, u"TAG"_s},
                        {u"everything"_s, u"All slots of the sources."_s}}),
         reshardRequest, 0},
        {u"rebalance"_s,
         u"rebalance [--by slots|keys|memory|cpu] [--weight NODE=W]… [--use-empty] [--threshold PERCENT]"_s + migrating,
         u"Balances the primaries with as few moves as possible. Weight 0 empties a node."_s,
         withMigration({{u"by"_s, u"What counts."_s, u"WHAT"_s},
                        {u"weight"_s, u"Weight of a node; default 1."_s, u"NODE=W"_s},
                        {u"use-empty"_s, u"Include primaries without slots."_s},
                        {u"threshold"_s, u"Ignore smaller deviations; default 2."_s, u"PERCENT"_s}}),
         rebalanceRequest, 0},
        {u"failover"_s,
         u"failover REPLICA [--force|--takeover]   failover --rolling --away-from HOST | --restore NODE,…"_s,
         u"Makes a replica the primary of its shard; or shard by shard, for the maintenance of a host."_s,
         {{u"force"_s, u"The primary is lost; a majority must vote."_s},
          {u"takeover"_s, u"Without a vote: the last resort."_s},
          {u"rolling"_s, u"Shard after shard."_s},
          {u"away-from"_s, u"Host on which no primary shall remain."_s, u"HOST"_s},
          {u"restore"_s, u"Nodes that shall be primaries."_s, u"NODES"_s},
          {u"label"_s, u"Zone of a node."_s, u"HOST:PORT=ZONE"_s}},
         failoverRequest},
        {u"drill"_s,
         u"drill --shard N|--host HOST|--node NODE [--way failover|pause|debug-sleep|command] [--for SECONDS] "
         "[--stop-command LINE --start-command LINE] [--no-back]"_s,
         u"Makes a primary or a host unavailable for a while, and measures who notices, who takes over and what is lost."_s,
         {{u"shard"_s, u"Its primary."_s, u"N"_s},
          {u"host"_s, u"All nodes on this host."_s, u"HOST"_s},
          {u"node"_s, u"A primary, or the primary of a replica."_s, u"NODE"_s},
          {u"way"_s, u"failover (default), pause, debug-sleep or command."_s, u"WAY"_s},
          {u"for"_s, u"Duration; default: long enough for an election, for a pause 5 s."_s, u"SECONDS"_s},
          {u"stop-command"_s, u"Command that stops a server; {host}, {port}, {id} are replaced; no shell."_s,
           u"LINE"_s},
          {u"start-command"_s, u"Command that starts it again."_s, u"LINE"_s},
          {u"no-back"_s, u"Do not restore the previous layout afterwards."_s}},
         drillRequest,
         0},
        {u"replicate"_s,
         u"replicate NODE --primary NODE | --promote"_s,
         u"Makes a node a replica of another primary (full synchronization), or an empty primary."_s,
         {{u"primary"_s, u"The new primary."_s, u"NODE"_s}, {u"promote"_s, u"Make it an empty primary."_s}},
         replicateRequest},
        {u"fix"_s,
         u"fix [--slot N|A-B]… [--prefer continue|rollback|home] [--assign A-B=NODE]… [--no-takeover]"_s + migrating,
         u"Finishes open slots, gives uncovered slots an owner, resolves double claims."_s,
         withMigration({{u"slot"_s, u"Only these."_s, u"SLOTS"_s},
                        {u"prefer"_s, u"Half-way slots."_s, u"HOW"_s},
                        {u"assign"_s, u"New owner of slots."_s, u"SLOTS=NODE"_s},
                        {u"no-takeover"_s, u"Do not promote a replica of a failed shard."_s}}),
         fixRequest, 0},
        {u"orphans"_s, u"orphans [--move|--delete]"_s, u"Finds keys in slots that their node does not own."_s,
         withMigration({{u"move"_s, u"Move the keys to the owner of their slot."_s}, {u"delete"_s, u"For good."_s}}),
         orphansRequest, 0},
        {u"forget"_s,
         u"forget NODE [--wait-for-ban]"_s,
         u"Makes every node forget a node that is gone."_s,
         {{u"wait-for-ban"_s, u"Check again when the ban has expired."_s}},
         forgetRequest},
        {u"reset"_s,
         u"reset NODE [--hard]"_s,
         u"Makes a node empty and removes it from its cluster."_s,
         {{u"hard"_s, u"Give it a new node id."_s}},
         resetRequest},
        {u"meet"_s, u"meet HOST:PORT"_s, u"Only introduces an empty node."_s, {}, meetRequest},
        {u"config"_s,
         u"config [NAME [VALUE]] [--persist] [--nodes NODE,…] [--differ] [--changed] [--find TEXT] [--show-secrets] | "
         "--advice | --undo [RUN]"_s,
         u"Compares the settings of all nodes, shows or sets one with a result for each node, or undoes a change."_s,
         {{u"undo"_s, u"Restore the values from before the last config operation, or before RUN."_s},
          {u"persist"_s, u"Also run CONFIG REWRITE."_s},
          {u"differ"_s, u"Without NAME: only settings that differ between nodes."_s},
          {u"changed"_s, u"Without NAME: only settings that differ from the default."_s},
          {u"find"_s, u"Without NAME: only settings with TEXT in name or value."_s, u"TEXT"_s},
          {u"advice"_s, u"Recommendations from the servers' guides, with reason and command."_s},
          {u"show-secrets"_s, u"With NAME alone: show passwords too."_s},
          {u"nodes"_s, u"Only these."_s, u"NODES"_s}},
         configRequest,
         2},
        {u"backup"_s,
         u"backup FOLDER"_s,
         u"An RDB file of every primary, started together, with checksums and a manifest."_s,
         {},
         backupRequest},
        {u"save"_s,
         u"save [--aof] [--primaries]"_s,
         u"Runs BGSAVE (or BGREWRITEAOF) on every node and waits for the end."_s,
         {{u"aof"_s, u"BGREWRITEAOF."_s}, {u"primaries"_s, u"Primaries only."_s}},
         saveRequest,
         0},
    };
    return all;
}

QCoro::Task<int> refuseWords(Context context, Error error)
{
    if (context.json)
        printJson({{u"error"_s, describe(error)}});
    printError(error);
    co_return error.code == Error::Code::InvalidArgument ? exitUsage : exitFailed;
}

/// What `config PARAMETER` shows: of which nodes, and whether it shows secrets.
struct Showing
{
    QString name;
    QList<QByteArray> nodes; ///< empty: all nodes
    bool secrets = false;
};

Result<Showing> showingOf(const Words &words)
{
    if (words.has("differ") || words.has("changed") || words.has("find") || words.has("advice"))
        return Words::wrong(u"config: --differ, --changed, --find and --advice cannot be combined with NAME"_s);
    if (words.has("persist"))
        return Words::wrong(u"config: --persist needs a value to set"_s);
    const auto nodes = words.nodes(words.joined("nodes"));
    if (!nodes)
        return failure(nodes.error());
    return Showing{.name = words.positional().front(), .nodes = *nodes, .secrets = words.has("show-secrets")};
}

Result<SettingsListed> listedOf(const Words &words)
{
    if (words.has("advice") && (words.has("differ") || words.has("changed") || words.has("find")))
        return Words::wrong(u"config: --advice cannot be combined with other options"_s);
    if (words.has("persist") || words.has("show-secrets"))
        return Words::wrong(u"config: --persist and --show-secrets need NAME"_s);
    const auto nodes = words.nodes(words.joined("nodes"));
    if (!nodes)
        return failure(nodes.error());
    return SettingsListed{.differing = words.has("differ"),
                          .changed = words.has("changed"),
                          .advice = words.has("advice"),
                          .find = words.value("find"),
                          .nodes = *nodes};
}

/// Prints the value of a parameter on each node.
QCoro::Task<int> showSetting(Context context, std::shared_ptr<ClusterSession> session, Showing showing)
{
    const QString name = showing.name;
    ConfigRequest request;
    request.name = name.toUtf8();
    const auto facts = co_await gatherFacts(session, request);
    if (!facts)
        co_return co_await refuseWords(context, facts.error());
    QJsonArray list;
    bool masked = false;
    QList<QStringList> rows{{u"NODE"_s, u"PARAMETER"_s, u"VALUE"_s}};
    for (const NodeState &node : (*facts)->view->nodes) {
        if (!showing.nodes.isEmpty() && !showing.nodes.contains(node.id))
            continue;
        const auto values = (*facts)->config.value(node.id);
        QByteArrayList parameters = values.keys();
        std::sort(parameters.begin(), parameters.end());
        if (parameters.isEmpty())
            rows.append({node.name, name, u"(not told)"_s});
        for (const QByteArray &parameter : std::as_const(parameters)) {
            const QString value = toDisplay(values.value(parameter));
            // an empty value is no secret
            const bool hidden = !showing.secrets && isSecretSetting(parameter) && !value.isEmpty();
            masked = masked || hidden;
            rows.append({node.name, toDisplay(parameter), hidden ? u"(a secret)"_s : value});
            list.append(QJsonObject{{u"node"_s, node.name},
                                    {u"id"_s, QString::fromLatin1(node.id)},
                                    {u"parameter"_s, toDisplay(parameter)},
                                    {u"secret"_s, hidden},
                                    {u"value"_s, hidden ? QJsonValue() : QJsonValue(value)}});
        }
    }
    if (list.isEmpty())
        co_return co_await refuseWords(context, Words::wrong(u"no node has a setting %1"_s.arg(name)).value());
    if (context.json)
        printJson({{u"settings"_s, list}});
    else
        printOut(tableText(rows));
    if (masked)
        printError(u"secrets are not shown; --show-secrets shows them"_s);
    co_return exitDone;
}

} // namespace

QList<Subcommand> changeCommands()
{
    QList<Subcommand> list;
    for (const Change &change : changes())
        list.append({change.name, change.synopsis, change.summary, &runChange, true});
    return list;
}

QCoro::Task<int> runChange(Context context)
{
    const auto change = std::find_if(changes().begin(), changes().end(),
                                     [&](const Change &candidate) { return candidate.name == context.command; });
    QCommandLineParser parser;
    parser.addOptions(change->options);
    addConsentOptions(parser);
    const QCommandLineOption help(QStringList{u"help"_s, u"h"_s}, u"Show this."_s);
    parser.addOption(help);
    parser.setApplicationDescription(change->summary);
    if (!parser.parse(QStringList{change->name} + context.arguments))
        co_return usageError(change->name + u": "_s + parser.errorText());
    if (parser.isSet(help)) {
        tellHelp(parser, change->synopsis);
        co_return exitDone;
    }
    if (const QString name = givenTwice(parser, change->options); !name.isEmpty())
        co_return usageError(u"%1: --%2 is given twice; it takes one value"_s.arg(change->name, name));
    if (const QStringList given = parser.positionalArguments();
        change->mostWords >= 0 && given.size() > change->mostWords)
        co_return usageError(u"%1: unexpected argument “%2”"_s.arg(change->name, given[change->mostWords]));
    std::shared_ptr<ClusterSession> session;
    if (change->name == u"create") { // create needs no session: no cluster exists yet, its nodes are arguments
        if (!context.target) {
            printError(context.target.error());
            co_return exitFailed;
        }
        context.target->seeds.clear();
        for (const QString &word : parser.positionalArguments())
            if (const auto endpoint = Endpoint::parse(word))
                context.target->seeds.append(*endpoint);
    } else {
        const Opened opened = co_await openSession(context);
        if (!opened.session)
            co_return exitFailed;
        session = opened.session;
        context.target = opened.target;
    }
    if (change->name == u"config" && parser.positionalArguments().isEmpty() && !parser.isSet(u"undo"_s)) {
        const auto listed = listedOf(Words{parser, session.get()});
        if (!listed)
            co_return co_await refuseWords(context, listed.error());
        co_return co_await listSettings(context, session, *listed);
    }
    if (change->name == u"config" && parser.positionalArguments().size() == 1 && !parser.isSet(u"undo"_s)) {
        const auto showing = showingOf(Words{parser, session.get()});
        if (!showing)
            co_return co_await refuseWords(context, showing.error());
        co_return co_await showSetting(context, session, *showing);
    }
    auto request = change->request(Words{parser, session.get()});
    if (!request)
        co_return co_await refuseWords(context, request.error());
    auto plan = co_await planFor(session, context.target->access(), *request, Journal::defaultFolder());
    if (!plan)
        co_return co_await refuseWords(context, plan.error());
    co_return co_await carryOut(context, *plan, session, consentOf(parser));
}

} // namespace slotscope::cli
