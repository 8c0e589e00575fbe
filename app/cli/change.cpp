// SPDX-License-Identifier: GPL-3.0-or-later
// The commands that change a cluster: words to request; the rest is the same for all.
#include "change.h"

#include "operate.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/operations/planners.h"

#include <QCommandLineParser>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

/// The words of one command, and who is who in the cluster.
struct Words
{
    const QCommandLineParser &parser;
    const ClusterSession *session; ///< null: create

    [[nodiscard]] QStringList positional() const { return parser.positionalArguments(); }
    [[nodiscard]] bool has(const char *name) const { return parser.isSet(QString::fromLatin1(name)); }
    [[nodiscard]] QString value(const char *name) const { return parser.value(QString::fromLatin1(name)); }
    [[nodiscard]] QStringList values(const char *name) const { return parser.values(QString::fromLatin1(name)); }
    [[nodiscard]] Result<QByteArray> node(const QString &name) const { return session->resolveNode(name); }
    [[nodiscard]] Result<QList<QByteArray>> nodes(const QString &list) const
    {
        QList<QByteArray> ids;
        for (const QString &name : list.split(u',', Qt::SkipEmptyParts)) {
            const auto id = node(name);
            if (!id)
                return failure(id.error());
            ids.append(*id);
        }
        return ids;
    }
    [[nodiscard]] Result<qint64> number(const char *name, qint64 otherwise, qint64 least, qint64 most) const
    {
        if (!has(name))
            return otherwise;
        const auto parsed = toInteger(value(name).toLatin1());
        if (!parsed || *parsed < least || *parsed > most)
            return wrong(u"--%1 takes a number from %2 to %3"_s.arg(QLatin1StringView(name)).arg(least).arg(most));
        return *parsed;
    }
    [[nodiscard]] static tl::unexpected<Error> wrong(const QString &text)
    {
        return failure(Error::Code::InvalidArgument, text);
    }
};

Result<MigrationOptions> migrationOf(const Words &words)
{
    MigrationOptions options;
    const auto throttle = words.number("throttle", 0, 1, 100'000'000);
    const auto bytes = words.number("batch-bytes", options.batchBytes, 1, qint64(1) << 32);
    const auto latency = words.number("latency-ceiling", 0, 1, 60'000);
    if (!throttle || !bytes || !latency)
        return failure(!throttle ? throttle.error() : !bytes ? bytes.error() : latency.error());
    options.keysPerSecond = int(*throttle);
    options.batchBytes = *bytes;
    options.latencyCeilingMs = int(*latency);
    if (words.has("classic") && words.has("atomic"))
        return Words::wrong(u"--classic and --atomic exclude each other"_s);
    options.method = words.has("classic") ? MigrationMethod::Classic
        : words.has("atomic")             ? MigrationMethod::Atomic
                                          : MigrationMethod::Automatic;
    const QString busy = words.value("busy-keys");
    if (!busy.isEmpty() && busy != u"stop" && busy != u"keep-source" && busy != u"keep-target")
        return Words::wrong(u"--busy-keys takes stop, keep-source or keep-target"_s);
    options.busyKeys = busy == u"keep-source" ? BusyKeyPolicy::KeepSource
        : busy == u"keep-target"              ? BusyKeyPolicy::KeepTarget
                                              : BusyKeyPolicy::Stop;
    options.waitForReplicas = !words.has("no-replica-wait");
    return options;
}

Result<SlotSet> slotsOf(const QString &text)
{
    const auto parsed = SlotSet::parse(text.toLatin1());
    if (!parsed || parsed->isEmpty())
        return Words::wrong(u"“%1” is no list of slots such as 0-99,200"_s.arg(text));
    return *parsed;
}

/// "A=B" at the last '='.
std::optional<std::pair<QString, QString>> pairOf(const QString &text)
{
    const qsizetype at = text.lastIndexOf(u'=');
    if (at < 1 || at + 1 == text.size())
        return {};
    return std::pair(text.left(at), text.mid(at + 1));
}

Result<OperationRequest> create(const Words &words)
{
    CreateRequest request;
    for (const QString &word : words.positional()) {
        const auto endpoint = Endpoint::parse(word);
        if (!endpoint)
            return failure(endpoint.error());
        NewNode node;
        node.endpoint = *endpoint;
        request.nodes.append(node);
    }
    if (request.nodes.isEmpty())
        return Words::wrong(u"create: which nodes? HOST:PORT HOST:PORT …"_s);
    const auto replicas = words.number("replicas", 0, 0, 10);
    if (!replicas)
        return failure(replicas.error());
    request.replicas = int(*replicas);
    request.allowFewPrimaries = words.has("allow-few-primaries");
    for (const QString &label : words.values("label")) {
        const auto pair = pairOf(label);
        const auto endpoint = pair ? Endpoint::parse(pair->first) : Words::wrong(QString());
        const auto node = std::find_if(request.nodes.begin(), request.nodes.end(), [&](const NewNode &candidate) {
            return endpoint && candidate.endpoint == *endpoint;
        });
        if (!pair || node == request.nodes.end())
            return Words::wrong(u"--label %1: it should read HOST:PORT=ZONE, of a node that is named"_s.arg(label));
        node->label = pair->second;
    }
    return request;
}

Result<OperationRequest> addNode(const Words &words)
{
    if (words.positional().size() != 1)
        return Words::wrong(u"add-node takes one HOST:PORT"_s);
    const auto endpoint = Endpoint::parse(words.positional().front());
    if (!endpoint)
        return failure(endpoint.error());
    AddNodeRequest request{.endpoint = *endpoint, .asReplica = words.has("replica"), .replicaOf = {}};
    if (words.has("replica-of")) {
        const auto primary = words.node(words.value("replica-of"));
        if (!primary)
            return failure(primary.error());
        request.asReplica = true;
        request.replicaOf = *primary;
    }
    return request;
}

/// The one node that a command names.
Result<QByteArray> oneNode(const Words &words, const QString &command)
{
    if (words.positional().size() != 1)
        return Words::wrong(u"%1 takes one node: an id, the start of one, or HOST:PORT"_s.arg(command));
    return words.node(words.positional().front());
}

Result<OperationRequest> removeNode(const Words &words)
{
    const auto node = oneNode(words, u"remove-node"_s);
    const auto targets = words.nodes(words.value("drain-to"));
    const auto migration = migrationOf(words);
    if (!node || !targets || !migration)
        return failure(!node ? node.error() : !targets ? targets.error() : migration.error());
    return RemoveNodeRequest{
        .nodeId = *node, .drainTo = *targets, .waitForBan = words.has("wait-for-ban"), .migration = *migration};
}

Result<OperationRequest> replicate(const Words &words)
{
    const auto node = oneNode(words, u"replicate"_s);
    if (!node)
        return failure(node.error());
    ReplicateRequest request{.nodeId = *node, .primaryId = {}};
    if (words.has("primary") == words.has("promote"))
        return Words::wrong(u"replicate: either --primary NODE, or --promote for an empty primary"_s);
    if (words.has("primary")) {
        const auto primary = words.node(words.value("primary"));
        if (!primary)
            return failure(primary.error());
        request.primaryId = *primary;
    }
    return request;
}

Result<OperationRequest> failover(const Words &words)
{
    if (words.has("rolling") || words.has("away-from") || words.has("restore")) {
        RollingFailoverRequest request;
        request.awayFromHost = words.value("away-from");
        for (const QString &label : words.values("label"))
            if (const auto pair = pairOf(label))
                request.labels.insert(pair->first, pair->second);
        const auto preferred = words.nodes(words.value("restore"));
        if (!preferred)
            return failure(preferred.error());
        request.preferred = *preferred;
        if (request.awayFromHost.isEmpty() == request.preferred.isEmpty() || !words.positional().isEmpty())
            return Words::wrong(u"failover --rolling takes either --away-from HOST, or --restore NODE,…"_s);
        return request;
    }
    const auto node = oneNode(words, u"failover"_s);
    if (!node)
        return failure(node.error());
    if (words.has("force") && words.has("takeover"))
        return Words::wrong(u"--force and --takeover exclude each other"_s);
    using Mode = FailoverRequest::Mode;
    return FailoverRequest{.replicaId = *node,
                           .mode = words.has("takeover") ? Mode::Takeover
                               : words.has("force")      ? Mode::Force
                                                         : Mode::Graceful};
}

Result<OperationRequest> reshard(const Words &words)
{
    ReshardRequest request;
    if (!words.has("to") || !words.has("from"))
        return Words::wrong(u"reshard: --from NODE,…|all and --to NODE are needed"_s);
    const auto target = words.node(words.value("to"));
    const auto sources = words.value("from") == u"all" ? Result<QList<QByteArray>>() : words.nodes(words.value("from"));
    const auto migration = migrationOf(words);
    const auto count = words.number("slots", 0, 1, slotCount);
    if (!target || !sources || !migration || !count)
        return failure(!target          ? target.error()
                           : !sources   ? sources.error()
                           : !migration ? migration.error()
                                        : count.error());
    request.target = *target;
    request.sources = *sources;
    request.migration = *migration;
    request.count = int(*count);
    request.everything = words.has("everything");
    if (words.has("range")) {
        const auto slotSet = slotsOf(words.value("range"));
        if (!slotSet)
            return failure(slotSet.error());
        request.slots = *slotSet;
    }
    if (words.has("hash-tag"))
        request.hashTag = words.value("hash-tag").toUtf8();
    if (words.has("slots") + words.has("range") + words.has("hash-tag") + words.has("everything") != 1)
        return Words::wrong(u"reshard: one of --slots N, --range A-B,…, --hash-tag TAG, --everything"_s);
    return request;
}

Result<OperationRequest> rebalance(const Words &words)
{
    RebalanceRequest request;
    const auto migration = migrationOf(words);
    if (!migration)
        return failure(migration.error());
    request.migration = *migration;
    static const QStringList measures{u"slots"_s, u"keys"_s, u"memory"_s, u"cpu"_s};
    const qsizetype by = words.has("by") ? measures.indexOf(words.value("by")) : 0;
    if (by < 0)
        return Words::wrong(u"--by takes slots, keys, memory or cpu"_s);
    request.by = RebalanceRequest::By(by);
    for (const QString &text : words.values("weight")) {
        const auto pair = pairOf(text);
        bool number = false;
        const double weight = pair ? pair->second.toDouble(&number) : 0;
        if (!number || weight < 0 || weight > 1'000'000)
            return Words::wrong(u"--weight %1: it should read NODE=WEIGHT"_s.arg(text));
        const auto node = words.node(pair->first);
        if (!node)
            return failure(node.error());
        request.weights.insert(*node, qint64(std::llround(weight * 1000)));
    }
    request.useEmpty = words.has("use-empty");
    if (words.has("threshold")) {
        bool number = false;
        request.thresholdPercent = words.value("threshold").toDouble(&number);
        if (!number || request.thresholdPercent < 0 || request.thresholdPercent > 100)
            return Words::wrong(u"--threshold takes a percentage"_s);
    }
    return request;
}

Result<OperationRequest> fix(const Words &words)
{
    FixRequest request;
    const auto migration = migrationOf(words);
    if (!migration)
        return failure(migration.error());
    request.migration = *migration;
    for (const QString &text : words.values("slot")) {
        const auto slotSet = slotsOf(text);
        if (!slotSet)
            return failure(slotSet.error());
        request.slots = request.slots.united(*slotSet);
    }
    const QString prefer = words.value("prefer");
    if (!prefer.isEmpty() && prefer != u"continue" && prefer != u"rollback")
        return Words::wrong(u"--prefer takes continue or rollback"_s);
    request.prefer = prefer == u"continue" ? FixRequest::Prefer::Continue
        : prefer == u"rollback"            ? FixRequest::Prefer::RollBack
                                           : FixRequest::Prefer::Ask;
    for (const QString &text : words.values("assign")) {
        const auto pair = pairOf(text);
        const auto slotSet = slotsOf(pair ? pair->first : QString());
        if (!pair || !slotSet)
            return Words::wrong(u"--assign %1: it should read A-B=NODE"_s.arg(text));
        const auto node = words.node(pair->second);
        if (!node)
            return failure(node.error());
        for (const SlotRange &range : slotSet->ranges())
            for (int slot = range.first; slot <= range.last; ++slot)
                request.assign.insert(quint16(slot), *node);
    }
    request.takeover = !words.has("no-takeover");
    return request;
}

Result<OperationRequest> orphans(const Words &words)
{
    if (words.has("move") && words.has("delete"))
        return Words::wrong(u"--move and --delete exclude each other"_s);
    const auto migration = migrationOf(words);
    if (!migration)
        return failure(migration.error());
    using Action = OrphansRequest::Action;
    return OrphansRequest{.action = words.has("move") ? Action::Move
                              : words.has("delete")   ? Action::Delete
                                                      : Action::List,
                          .migration = *migration};
}

Result<OperationRequest> forget(const Words &words)
{
    const auto node = oneNode(words, u"forget"_s);
    if (!node)
        return failure(node.error());
    return ForgetRequest{.nodeId = *node, .waitForBan = words.has("wait-for-ban")};
}

Result<OperationRequest> reset(const Words &words)
{
    const auto node = oneNode(words, u"reset"_s);
    if (!node)
        return failure(node.error());
    return ResetRequest{.nodeId = *node, .hard = words.has("hard")};
}

Result<OperationRequest> meet(const Words &words)
{
    if (words.positional().size() != 1)
        return Words::wrong(u"meet takes one HOST:PORT"_s);
    const auto endpoint = Endpoint::parse(words.positional().front());
    if (!endpoint)
        return failure(endpoint.error());
    return MeetRequest{.endpoint = *endpoint};
}

Result<OperationRequest> config(const Words &words)
{
    const QStringList positional = words.positional();
    if (positional.size() != 2)
        return Words::wrong(u"config takes NAME and VALUE (NAME alone shows what the nodes have)"_s);
    const auto nodes = words.nodes(words.value("nodes"));
    if (!nodes)
        return failure(nodes.error());
    return ConfigRequest{.name = positional[0].toUtf8(),
                         .value = positional[1].toUtf8(),
                         .persist = words.has("persist"),
                         .nodeIds = *nodes};
}

Result<OperationRequest> backup(const Words &words)
{
    if (words.positional().size() != 1)
        return Words::wrong(u"backup takes one folder"_s);
    return BackupRequest{.folder = words.positional().front()};
}

Result<OperationRequest> save(const Words &words)
{
    return SaveRequest{.rewriteAof = words.has("aof"), .primariesOnly = words.has("primaries")};
}

using Options = QList<QCommandLineOption>;

Options withMigration(Options options)
{
    options += Options{{u"throttle"_s, u"At most so many keys a second."_s, u"KEYS"_s},
                       {u"latency-ceiling"_s, u"Slow down while PING takes longer."_s, u"MS"_s},
                       {u"batch-bytes"_s, u"Aimed at in one MIGRATE."_s, u"BYTES"_s},
                       {u"classic"_s, u"SETSLOT and MIGRATE."_s},
                       {u"atomic"_s, u"The servers' own migration."_s},
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
};

const QList<Change> &changes()
{
    static const QString migrating = u" [MIGRATION]"_s;
    static const QList<Change> all{
        {u"create"_s,
         u"create HOST:PORT… [--replicas N] [--label HOST:PORT=ZONE]… [--allow-few-primaries]"_s,
         u"Makes a cluster of empty nodes; replicas stay off their primary's host or zone."_s,
         {{u"replicas"_s, u"Replicas of each primary."_s, u"N"_s},
          {u"label"_s, u"Zone of a node."_s, u"HOST:PORT=ZONE"_s},
          {u"allow-few-primaries"_s, u"One or two primaries: no automatic failover."_s}},
         create},
        {u"add-node"_s,
         u"add-node HOST:PORT [--replica | --replica-of NODE]"_s,
         u"Takes an empty node in, as a primary without slots or as a replica."_s,
         {{u"replica"_s, u"Of the primary with fewest replicas."_s}, {u"replica-of"_s, u"Of this one."_s, u"NODE"_s}},
         addNode},
        {u"remove-node"_s, u"remove-node NODE [--drain-to NODE,…] [--wait-for-ban]"_s + migrating,
         u"Moves its slots away, gives its replicas to others, and makes every node forget it. Dead nodes too."_s,
         withMigration({{u"drain-to"_s, u"Who takes its slots."_s, u"NODES"_s},
                        {u"wait-for-ban"_s, u"Look again when the ban has expired (a minute)."_s}}),
         removeNode},
        {u"reshard"_s,
         u"reshard --from NODE,…|all --to NODE (--slots N | --range A-B,… | --hash-tag TAG | --everything)"_s
             + migrating,
         u"Moves slots to a primary."_s,
         withMigration({{u"from"_s, u"Sources."_s, u"NODES"_s},
                        {u"to"_s, u"Target."_s, u"NODE"_s},
                        {u"slots"_s, u"So many."_s, u"N"_s},
                        {u"range"_s, u"These."_s, u"SLOTS"_s},
                        {u"hash-tag"_s, u"The slot of this tag."_s, u"TAG"_s},
                        {u"everything"_s, u"All that the sources own."_s}}),
         reshard},
        {u"rebalance"_s,
         u"rebalance [--by slots|keys|memory|cpu] [--weight NODE=W]… [--use-empty] [--threshold PERCENT]"_s + migrating,
         u"Evens the primaries out with as few moves as can be. Weight 0 empties a node."_s,
         withMigration({{u"by"_s, u"What counts."_s, u"WHAT"_s},
                        {u"weight"_s, u"Share of a node; default 1."_s, u"NODE=W"_s},
                        {u"use-empty"_s, u"Primaries without slots take part."_s},
                        {u"threshold"_s, u"Leave alone what is off by less; default 2."_s, u"PERCENT"_s}}),
         rebalance},
        {u"failover"_s,
         u"failover REPLICA [--force|--takeover]   failover --rolling --away-from HOST | --restore NODE,…"_s,
         u"Makes a replica the primary of its shard; or one shard after the other, for maintenance of a host."_s,
         {{u"force"_s, u"The primary is lost; a majority must vote."_s},
          {u"takeover"_s, u"Without votes: the last resort."_s},
          {u"rolling"_s, u"Shard after shard."_s},
          {u"away-from"_s, u"No primary is to stay there."_s, u"HOST"_s},
          {u"restore"_s, u"These are to be primaries."_s, u"NODES"_s},
          {u"label"_s, u"Zone of a node."_s, u"HOST:PORT=ZONE"_s}},
         failover},
        {u"replicate"_s,
         u"replicate NODE --primary NODE | --promote"_s,
         u"Makes a node the replica of another primary (a full copy), or an empty primary of its own."_s,
         {{u"primary"_s, u"Whom it shall follow."_s, u"NODE"_s}, {u"promote"_s, u"An empty primary."_s}},
         replicate},
        {u"fix"_s,
         u"fix [--slot N|A-B]… [--prefer continue|rollback] [--assign A-B=NODE]… [--no-takeover]"_s + migrating,
         u"Closes open slots, gives uncovered ones an owner, settles double claims."_s,
         withMigration({{u"slot"_s, u"Only these."_s, u"SLOTS"_s},
                        {u"prefer"_s, u"Half-way slots."_s, u"HOW"_s},
                        {u"assign"_s, u"Who shall own them."_s, u"SLOTS=NODE"_s},
                        {u"no-takeover"_s, u"Do not promote a replica of a dead shard."_s}}),
         fix},
        {u"orphans"_s, u"orphans [--move|--delete]"_s, u"Finds keys in slots that their node does not own."_s,
         withMigration({{u"move"_s, u"To the owner."_s}, {u"delete"_s, u"For good."_s}}), orphans},
        {u"forget"_s,
         u"forget NODE [--wait-for-ban]"_s,
         u"Makes every node forget one that is gone."_s,
         {{u"wait-for-ban"_s, u"Look again when the ban has expired."_s}},
         forget},
        {u"reset"_s,
         u"reset NODE [--hard]"_s,
         u"Makes a node an empty one outside the cluster."_s,
         {{u"hard"_s, u"With a new id."_s}},
         reset},
        {u"meet"_s, u"meet HOST:PORT"_s, u"Introduces an empty node, and no more."_s, {}, meet},
        {u"config"_s,
         u"config NAME VALUE [--persist] [--nodes NODE,…]"_s,
         u"Sets a parameter on all nodes, with a result for each."_s,
         {{u"persist"_s, u"CONFIG REWRITE too."_s}, {u"nodes"_s, u"Only these."_s, u"NODES"_s}},
         config},
        {u"backup"_s,
         u"backup FOLDER"_s,
         u"An RDB file of every primary, begun together, with checksums and a manifest."_s,
         {},
         backup},
        {u"save"_s,
         u"save [--aof] [--primaries]"_s,
         u"BGSAVE (or BGREWRITEAOF) on every node, to its end."_s,
         {{u"aof"_s, u"BGREWRITEAOF."_s}, {u"primaries"_s, u"Primaries only."_s}},
         save},
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

/// Facts and plan of a request on an open cluster, or on nodes that are none yet.
QCoro::Task<Result<OperationPlan>> planFor(Context context, std::shared_ptr<ClusterSession> session,
                                           OperationRequest request)
{
    Result<std::shared_ptr<OperationFacts>> facts(nullptr);
    if (const auto *made = std::get_if<CreateRequest>(&request)) {
        QList<Endpoint> endpoints;
        for (const NewNode &node : made->nodes)
            endpoints.append(node.endpoint);
        facts = co_await gatherOutside(endpoints, context.target->credentials);
    } else {
        facts = co_await gatherFacts(session, request);
    }
    if (!facts)
        co_return failure(facts.error());
    co_return makePlan(request, **facts);
}

} // namespace

QList<Subcommand> changeCommands()
{
    QList<Subcommand> list;
    for (const Change &change : changes())
        list.append({change.name, change.synopsis, change.summary, &runChange});
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
        const QString text = parser.helpText();
        printOut(u"slotscope-cli [options] "_s + change->synopsis + u"\n"_s
                 + text.mid(text.indexOf(u'\n') + 1).trimmed());
        co_return exitDone;
    }
    if (change->name == u"config" && parser.positionalArguments().size() == 1) {
        Context shown = context;
        shown.arguments = QStringList{u"--to"_s, u"all"_s, u"CONFIG"_s, u"GET"_s, parser.positionalArguments().front()};
        co_return co_await runCall(shown);
    }
    std::shared_ptr<ClusterSession> session;
    if (change->name == u"create") { // there is no cluster to open; its nodes are named
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
    }
    auto request = change->request(Words{parser, session.get()});
    if (!request)
        co_return co_await refuseWords(context, request.error());
    auto plan = co_await planFor(context, session, *request);
    if (!plan)
        co_return co_await refuseWords(context, plan.error());
    co_return co_await carryOut(context, *plan, session, consentOf(parser));
}

} // namespace slotscope::cli
