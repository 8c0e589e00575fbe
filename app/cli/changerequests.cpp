// SPDX-License-Identifier: GPL-3.0-or-later
#include "changerequests.h"

#include "core/net/addresslist.h"
#include "core/operations/journal/journal.h"
#include "core/operations/planners/planners.h"

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

Result<MigrationOptions> migrationOf(const Words &words)
{
    MigrationOptions options;
    const auto throttle = words.number("throttle", 0, 1, 100'000'000);
    const auto bytes = words.number("batch-bytes", options.batchBytes, 1, qint64(1) << 32);
    const auto latency = words.number("latency-ceiling", 0, 1, 60'000);
    const auto timeout = words.number("call-timeout", 0, 1, MigrationOptions::mostCallTimeoutMs);
    for (const auto *number : {&throttle, &bytes, &latency, &timeout})
        if (!*number)
            return failure(number->error());
    options.keysPerSecond = int(*throttle);
    options.batchBytes = *bytes;
    options.latencyCeilingMs = int(*latency);
    options.callTimeoutMs = int(*timeout);
    if (words.has("classic") && words.has("atomic"))
        return Words::wrong(u"--classic and --atomic cannot be combined"_s);
    options.method = words.has("classic") ? MigrationMethod::Classic
        : words.has("atomic")             ? MigrationMethod::Atomic
                                          : MigrationMethod::Automatic;
    if (words.has("busy-keys")) {
        const auto policy = busyKeyPolicy(words.value("busy-keys"));
        if (!policy)
            return Words::wrong(u"--busy-keys takes stop, keep-source or keep-target"_s);
        options.busyKeys = *policy;
    }
    options.waitForReplicas = !words.has("no-replica-wait");
    return options;
}

Result<SlotSet> slotsOf(const QString &text)
{
    const auto parsed = SlotSet::parse(text.toLatin1());
    if (!parsed || parsed->isEmpty())
        return Words::wrong(u"“%1” is not a list of slots such as 0-99,200"_s.arg(text));
    return *parsed;
}

/// Splits "A=B" at the last '='.
std::optional<std::pair<QString, QString>> pairOf(const QString &text)
{
    const qsizetype at = text.lastIndexOf(u'=');
    if (at < 1 || at + 1 == text.size())
        return {};
    return std::pair(text.left(at), text.mid(at + 1));
}

/// Returns the id of the single node that is the command's argument.
Result<QByteArray> oneNode(const Words &words, const QString &command)
{
    if (words.positional().size() != 1)
        return Words::wrong(u"%1 takes one node: an id, the start of one, or HOST:PORT"_s.arg(command));
    return words.node(words.positional().front());
}

} // namespace

QString givenTwice(const QCommandLineParser &parser, const QList<QCommandLineOption> &options)
{
    static const QStringList repeatable{u"label"_s, u"weight"_s,   u"slot"_s,    u"assign"_s, u"from"_s,
                                        u"range"_s, u"drain-to"_s, u"restore"_s, u"nodes"_s};
    for (const QCommandLineOption &option : options) {
        const QString name = option.names().constFirst();
        if (!option.valueName().isEmpty() && !repeatable.contains(name) && parser.values(name).size() > 1)
            return name;
    }
    return {};
}

Result<OperationRequest> createRequest(const Words &words)
{
    CreateRequest request;
    for (const QString &word : addressesIn(words.positional().join(u' '))) {
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
            return Words::wrong(u"--label %1: write HOST:PORT=ZONE, with a node of this command"_s.arg(label));
        if (!node->label.isEmpty())
            return Words::wrong(u"--label gives %1 two zones"_s.arg(pair->first));
        node->label = pair->second;
    }
    return request;
}

Result<OperationRequest> addNodeRequest(const Words &words)
{
    QList<Endpoint> endpoints;
    for (const QString &word : addressesIn(words.positional().join(u' '))) {
        const auto endpoint = Endpoint::parse(word);
        if (!endpoint)
            return failure(endpoint.error());
        endpoints.append(*endpoint);
    }
    const auto migration = migrationOf(words);
    if (endpoints.isEmpty() || !migration)
        return endpoints.isEmpty() ? Words::wrong(u"add-node: which node? HOST:PORT"_s) : failure(migration.error());
    AddNodeRequest request{.endpoint = endpoints.takeFirst(),
                           .asReplica = words.has("replica"),
                           .more = endpoints,
                           .asShard = words.has("shard"),
                           .rebalance = words.has("rebalance"),
                           .migration = *migration};
    if (words.has("replica") + words.has("replica-of") + words.has("shard") > 1)
        return Words::wrong(u"add-node: use only one of --replica, --replica-of and --shard"_s);
    if (request.rebalance && (words.has("replica") || words.has("replica-of")))
        return Words::wrong(u"add-node: --rebalance is only for primaries"_s);
    if (words.has("replica-of")) {
        const auto primary = words.node(words.value("replica-of"));
        if (!primary)
            return failure(primary.error());
        request.asReplica = true;
        request.replicaOf = *primary;
    }
    return request;
}

Result<OperationRequest> removeNodeRequest(const Words &words)
{
    const auto nodes = words.nodes(words.positional().join(u','));
    const auto targets = words.nodes(words.joined("drain-to"));
    const auto migration = migrationOf(words);
    if (!nodes || !targets || !migration)
        return failure(!nodes ? nodes.error() : !targets ? targets.error() : migration.error());
    if (nodes->isEmpty())
        return Words::wrong(u"remove-node takes a node: an id, the start of one, or HOST:PORT"_s);
    return RemoveNodeRequest{.nodeId = nodes->constFirst(),
                             .more = nodes->mid(1),
                             .drainTo = *targets,
                             .waitForBan = words.has("wait-for-ban"),
                             .migration = *migration};
}

Result<OperationRequest> replicateRequest(const Words &words)
{
    const auto node = oneNode(words, u"replicate"_s);
    if (!node)
        return failure(node.error());
    ReplicateRequest request{.nodeId = *node, .primaryId = {}};
    if (words.has("primary") == words.has("promote"))
        return Words::wrong(u"replicate: use either --primary NODE, or --promote for an empty primary"_s);
    if (words.has("primary")) {
        const auto primary = words.node(words.value("primary"));
        if (!primary)
            return failure(primary.error());
        request.primaryId = *primary;
    }
    return request;
}

Result<OperationRequest> failoverRequest(const Words &words)
{
    if (words.has("rolling") || words.has("away-from") || words.has("restore")) {
        if (words.has("force") || words.has("takeover"))
            return Words::wrong(u"failover --rolling is graceful: it cannot be combined with --force and --takeover"_s);
        RollingFailoverRequest request;
        request.awayFromHost = words.value("away-from");
        for (const QString &label : words.values("label")) {
            const auto pair = pairOf(label);
            if (!pair)
                return Words::wrong(u"--label %1: write HOST:PORT=ZONE"_s.arg(label));
            request.labels.insert(pair->first, pair->second);
        }
        const auto preferred = words.nodes(words.joined("restore"));
        if (!preferred)
            return failure(preferred.error());
        request.preferred = *preferred;
        if (request.awayFromHost.isEmpty() == request.preferred.isEmpty() || !words.positional().isEmpty())
            return Words::wrong(u"failover --rolling needs either --away-from HOST or --restore NODE,…"_s);
        return request;
    }
    const auto node = oneNode(words, u"failover"_s);
    if (!node)
        return failure(node.error());
    if (words.has("label"))
        return Words::wrong(u"failover: --label is only for --rolling"_s);
    if (words.has("force") && words.has("takeover"))
        return Words::wrong(u"--force and --takeover cannot be combined"_s);
    using Mode = FailoverRequest::Mode;
    return FailoverRequest{.replicaId = *node,
                           .mode = words.has("takeover") ? Mode::Takeover
                               : words.has("force")      ? Mode::Force
                                                         : Mode::Graceful};
}

Result<OperationRequest> reshardRequest(const Words &words)
{
    ReshardRequest request;
    if (!words.has("to") || !words.has("from"))
        return Words::wrong(u"reshard: --from NODE,…|all and --to NODE are needed"_s);
    const auto target = words.node(words.value("to"));
    const auto sources =
        words.joined("from") == u"all" ? Result<QList<QByteArray>>() : words.nodes(words.joined("from"));
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
        const auto slotSet = slotsOf(words.joined("range"));
        if (!slotSet)
            return failure(slotSet.error());
        request.slots = *slotSet;
    }
    if (words.has("hash-tag"))
        request.hashTag = words.value("hash-tag").toUtf8();
    if (words.has("slots") + words.has("range") + words.has("hash-tag") + words.has("everything") != 1)
        return Words::wrong(u"reshard: use one of --slots N, --range A-B,…, --hash-tag TAG, --everything"_s);
    return request;
}

Result<OperationRequest> rebalanceRequest(const Words &words)
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
        if (!number || !(weight >= 0 && weight <= 1'000'000)) // also false for NaN
            return Words::wrong(u"--weight %1: write NODE=WEIGHT"_s.arg(text));
        const auto node = words.node(pair->first);
        if (!node)
            return failure(node.error());
        if (request.weights.contains(*node))
            return Words::wrong(u"--weight gives %1 two weights"_s.arg(pair->first));
        request.weights.insert(*node, qint64(std::llround(weight * 1000)));
    }
    request.useEmpty = words.has("use-empty");
    if (words.has("threshold")) {
        bool number = false;
        request.thresholdPercent = words.value("threshold").toDouble(&number);
        if (!number || !(request.thresholdPercent >= 0 && request.thresholdPercent <= 100)) // also false for NaN
            return Words::wrong(u"--threshold needs a percentage"_s);
    }
    return request;
}

Result<OperationRequest> fixRequest(const Words &words)
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
    if (!prefer.isEmpty() && prefer != u"continue" && prefer != u"rollback" && prefer != u"home")
        return Words::wrong(u"--prefer takes continue, rollback or home"_s);
    request.prefer = prefer == u"continue" ? FixRequest::Prefer::Continue
        : prefer == u"rollback"            ? FixRequest::Prefer::RollBack
        : prefer == u"home"                ? FixRequest::Prefer::Home
                                           : FixRequest::Prefer::Ask;
    for (const QString &text : words.values("assign")) {
        const auto pair = pairOf(text);
        const auto slotSet = slotsOf(pair ? pair->first : QString());
        if (!pair || !slotSet)
            return Words::wrong(u"--assign %1: write A-B=NODE"_s.arg(text));
        const auto node = words.node(pair->second);
        if (!node)
            return failure(node.error());
        for (const SlotRange &range : slotSet->ranges())
            for (int slot = range.first; slot <= range.last; ++slot) {
                if (request.assign.value(quint16(slot), *node) != *node)
                    return Words::wrong(u"--assign gives slot %1 to two nodes"_s.arg(slot));
                request.assign.insert(quint16(slot), *node);
            }
    }
    request.takeover = !words.has("no-takeover");
    return request;
}

Result<OperationRequest> orphansRequest(const Words &words)
{
    if (words.has("move") && words.has("delete"))
        return Words::wrong(u"--move and --delete cannot be combined"_s);
    const auto migration = migrationOf(words);
    if (!migration)
        return failure(migration.error());
    using Action = OrphansRequest::Action;
    return OrphansRequest{.action = words.has("move") ? Action::Move
                              : words.has("delete")   ? Action::Delete
                                                      : Action::List,
                          .migration = *migration};
}

Result<OperationRequest> forgetRequest(const Words &words)
{
    const auto node = oneNode(words, u"forget"_s);
    if (!node)
        return failure(node.error());
    return ForgetRequest{.nodeId = *node, .waitForBan = words.has("wait-for-ban")};
}

Result<OperationRequest> resetRequest(const Words &words)
{
    const auto node = oneNode(words, u"reset"_s);
    if (!node)
        return failure(node.error());
    return ResetRequest{.nodeId = *node, .hard = words.has("hard")};
}

Result<OperationRequest> meetRequest(const Words &words)
{
    if (words.positional().size() != 1)
        return Words::wrong(u"meet needs one HOST:PORT"_s);
    const auto endpoint = Endpoint::parse(words.positional().front());
    if (!endpoint)
        return failure(endpoint.error());
    return MeetRequest{.endpoint = *endpoint};
}

namespace {

/// Request that undoes a config operation: the given one, or else the last one that changed something and was not
/// undone. An undo is not undone by default, so calling it twice undoes two changes.
Result<OperationRequest> undoRequest(const QString &id)
{
    const QList<RunSnapshot> runs = Journal::readAll(Journal::defaultFolder());
    for (const RunSnapshot &run : runs) {
        auto undo = undoOf(*run.plan);
        const bool isCandidate = undo && !run.rolledBack && run.plan->results.rollsBack.isEmpty();
        if (id.isEmpty() ? !isCandidate : run.id != id)
            continue;
        if (run.plan->operation != Operation::Config)
            break;
        if (!undo || run.rolledBack)
            return failure(Error::Code::InvalidArgument,
                           run.rolledBack ? u"operation %1 was already rolled back"_s.arg(run.id)
                                          : u"operation %1 has no known changes"_s.arg(run.id));
        undo->undoes = run.id;
        return *undo;
    }
    return failure(Error::Code::InvalidArgument,
                   id.isEmpty() ? u"no change of a setting was found that could be undone"_s
                                : u"%1 is not a config operation"_s.arg(id));
}

} // namespace

Result<OperationRequest> configRequest(const Words &words)
{
    const QStringList positional = words.positional();
    if (words.has("undo") && positional.size() > 1)
        return Words::wrong(u"config --undo needs the id of an operation, or nothing"_s);
    if (words.has("differ") || words.has("changed") || words.has("find") || words.has("advice"))
        return Words::wrong(u"config: --differ, --changed, --find and --advice cannot be combined with NAME"_s);
    if (words.has("show-secrets"))
        return Words::wrong(u"config: --show-secrets needs NAME without a value"_s);
    if (words.has("undo") && (words.has("nodes") || words.has("persist")))
        return Words::wrong(
            u"config --undo restores the values of the same nodes: it cannot be combined with --nodes and --persist"_s);
    if (words.has("undo"))
        return undoRequest(positional.value(0));
    if (positional.size() != 2)
        return Words::wrong(u"config needs NAME and VALUE (NAME alone shows the values)"_s);
    const auto nodes = words.nodes(words.joined("nodes"));
    if (!nodes)
        return failure(nodes.error());
    return ConfigRequest{.name = positional[0].toUtf8(),
                         .value = positional[1].toUtf8(),
                         .persist = words.has("persist"),
                         .nodeIds = *nodes};
}

Result<OperationRequest> backupRequest(const Words &words)
{
    if (words.positional().size() != 1)
        return Words::wrong(u"backup needs one folder"_s);
    return BackupRequest{.folder = words.positional().front()};
}

Result<OperationRequest> saveRequest(const Words &words)
{
    return SaveRequest{.rewriteAof = words.has("aof"), .primariesOnly = words.has("primaries")};
}

} // namespace slotscope::cli
