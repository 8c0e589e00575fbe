// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/entries.h"

#include "core/analysis/keysizes.h"
#include "core/analysis/rdbbytes.h"
#include "core/analysis/rdbreader.h"
#include "core/analysis/reportcomparison.h"
#include "core/analysis/reportexport.h"
#include "core/analysis/reportjson.h"
#include "core/cluster/clusterview.h"
#include "core/cluster/commandtable.h"
#include "core/cluster/shardstable.h"
#include "core/formats/formats.h"
#include "core/formats/protoschema.h"
#include "core/formats/tree.h"
#include "core/net/uri.h"
#include "core/protocol/print.h"
#include "core/protocol/reader.h"
#include "core/protocol/redirect.h"

#include <QBuffer>
#include <QJsonDocument>
#include <cstdlib>

namespace slotscope::fuzz {

namespace {

constexpr ReaderLimits small{.depth = 16, .elements = 100000, .bulkLength = 1000000};

/// Aborts if `holds` is false, also in builds without Q_ASSERT.
void require(bool holds)
{
    if (!holds)
        std::abort();
}

/// Returns all values that the RESP reader finds in the input, which it gets in pieces of `piece` bytes (0: all at
/// once).
std::vector<Value> readAll(QByteArrayView input, qsizetype piece)
{
    Reader reader(small);
    std::vector<Value> values;
    while (!input.isEmpty()) {
        const qsizetype length = piece == 0 ? input.size() : std::min(piece, input.size());
        reader.feed(input.first(length));
        input = input.sliced(length);
        while (true) {
            Result<std::optional<Value>> value = reader.next();
            if (!value)
                return values;
            if (!*value)
                break;
            values.push_back(std::move(**value));
        }
    }
    return values;
}

} // namespace

void reader(QByteArrayView input)
{
    const std::vector<Value> values = readAll(input, 0);
    require(values == readAll(input, 1));
    for (const Value &value : values) {
        (void)printForTerminal(value);
        (void)printRaw(value);
    }
}

void commandLine(QByteArrayView input)
{
    const Result<Command> command = parseCommandLine(input);
    if (!command)
        return;
    QByteArray line;
    for (const QByteArray &argument : *command)
        line += quoted(argument) + ' ';
    require(parseCommandLine(line) == command);
    (void)commandName(*command);
    QByteArray wire;
    appendEncoded(*command, wire);
    const std::vector<Value> values = readAll(wire, 0);
    require(command->isEmpty() || command->size() > 1000 || input.size() > 1000000
            || (values.size() == 1 && qsizetype(values[0].items().size()) == command->size()));
}

void redirect(QByteArrayView input)
{
    const std::optional<Redirect> redirect = parseRedirect(input);
    require(!redirect || (redirect->slot < slotCount && redirect->port > 0));
}

void nodes(QByteArrayView input)
{
    const Result<NodesTable> table = parseClusterNodes(input);
    if (!table)
        return;
    std::vector<NodeObservation> observations;
    const auto shared = std::make_shared<const NodesTable>(*table);
    for (const NodeLine &line : table->lines) {
        NodeObservation &observation = observations.emplace_back();
        observation.id = line.id;
        observation.reach.state = line.linkConnected ? Reach::State::Ready : Reach::State::Waiting;
        observation.table = shared;
        if (observations.size() == 20)
            break;
    }
    ShardNames names;
    const ClusterView view = buildView(observations, names, 1);
    require(view.covered.count() + view.uncovered.count() == slotCount);
    (void)peerReportsOf(view, table->lines.front().id);
}

void info(QByteArrayView input)
{
    (void)parseServerInfo(input);
    (void)parseClusterInfo(input);
    const KeySizes sizes = parseKeySizes(input.toByteArray());
    require(sizes.damaged.size() <= KeySizes::mostDamaged && sizes.damagedCount >= sizes.damaged.size());
    require(sizes.untold() >= -1);
}

void replies(QByteArrayView input)
{
    for (const Value &value : readAll(input, 0)) {
        (void)parseClusterSlots(value);
        (void)parseClusterShards(value);
        (void)parseClusterLinks(value);
        const Result<CommandTable> table = CommandTable::parse(value);
        if (!table)
            continue;
        for (const Command &command : {Command{"get", "a", "b"}, Command{"eval", "x", "2", "a", "b"},
                                       Command{"migrate", "h", "1", "", "0", "1", "KEYS", "a"}})
            (void)table->keysOf(command);
    }
}

void slotSet(QByteArrayView input)
{
    const Result<SlotSet> set = SlotSet::parse(input);
    if (!set)
        return;
    require(SlotSet::parse(set->toString().toLatin1()) == set);
    const SlotSet rest = SlotSet::all().subtracted(*set);
    require(rest.count() + set->count() == slotCount && rest.intersected(*set).isEmpty()
            && rest.united(*set) == SlotSet::all());
    SlotSet removed = SlotSet::all();
    for (const SlotRange &range : set->ranges())
        removed.remove(range);
    require(removed == rest);
}

void uri(QByteArrayView input)
{
    const Result<ConnectionTarget> target = ConnectionTarget::parse(QString::fromUtf8(input));
    require(!target || ConnectionTarget::parse(target->toUri(true)) == target);
}

/// Checks a decoded value and what comes out when it is written again.
void checkDecoded(QByteArrayView bytes, const FormatChain &chain, const FormatLimits &limits)
{
    require(FormatChain::parse(chain.toString()) == chain);
    const Decoded decoded = decode(bytes, chain, limits);
    require(!decoded.problem || !decoded.writable);
    require(decoded.inner.size() <= limits.outputBytes + bytes.size());
    require(!decoded.tree || decoded.tree->nodes.size() <= size_t(limits.nodes));
    for (size_t i = 0; decoded.tree && i < decoded.tree->nodes.size(); ++i)
        require(decoded.tree->nodes[i].end > i && decoded.tree->nodes[i].end <= decoded.tree->nodes.size());
    const RoundTrip trip = proveRoundTrip(bytes, chain, limits);
    require(decoded.writable || trip.proof == RoundTrip::Proof::None);
}

/// Decodes the input with the detected format and with the format that the first byte selects. Checks that the limits
/// hold, that trees are complete, and that a format reported as not writable never passes the round-trip proof.
void formats(QByteArrayView input)
{
    if (input.isEmpty())
        return;
    const FormatLimits limits{.outputBytes = 1'000'000, .depth = 100, .nodes = 10'000, .milliseconds = 2000};
    const QByteArrayView bytes = input.sliced(1);
    const FormatInfo &forced = allFormats()[uchar(input.front()) % allFormats().size()];
    for (const FormatChain &chain : {detect(bytes, limits), FormatChain{{{forced.id, {}}}}})
        checkDecoded(bytes, chain, limits);
}

/// Reads the input up to its first zero byte as a .proto file, and the rest as a value of its first types. What is
/// written there has the same bytes.
void protobuf(QByteArrayView input)
{
    const qsizetype zero = input.indexOf('\0');
    const QByteArrayView text = zero < 0 ? input : input.first(zero);
    const QByteArrayView value = zero < 0 ? QByteArrayView() : input.sliced(zero + 1);
    const ProtoSchemaPtr schema = parseProtoFiles({{QStringLiteral("fuzz.proto"), text.toByteArray()}});
    const QStringList types = schema->types();
    const FormatLimits limits{.outputBytes = 1'000'000, .depth = 100, .nodes = 10'000, .milliseconds = 2000};
    for (const QString &type : types.first(std::min<qsizetype>(types.size(), 4))) {
        FormatChain chain{{{FormatId::Protobuf, isProtoTypeName(type) ? type : QString()}}};
        chain.schema = schema;
        checkDecoded(value, chain, limits);
        const RoundTrip trip = proveRoundTrip(value, chain, limits);
        require(trip.proof != RoundTrip::Proof::SameMeaning);
    }
}

/// Reads the input as a whole RDB file. A file with a wrong byte is also read to its end, because the checksum comes
/// last.
void rdb(QByteArrayView input)
{
    qint64 keys = 0;
    const auto take = [&keys](const RdbKey &key, const RdbSummary &) {
        ++keys;
        require(key.name.size() <= RdbBytes::longestKept && key.memory >= -1 && key.elements >= -1);
    };
    QByteArray bytes = input.toByteArray();
    QBuffer file(&bytes);
    require(file.open(QIODevice::ReadOnly));
    const auto summary = RdbReader::read(file, QStringLiteral("input"), take);
    require(!summary || summary->keys == keys);
    require(summary || summary.error().code == Error::Code::Parse);
}

/// Reads the input as a JSON report. Checks that what was read stays within its limits, survives a round trip through
/// JSON, and can be shown, exported and compared.
void report(QByteArrayView input)
{
    const QJsonDocument document = QJsonDocument::fromJson(input.toByteArray());
    const auto read = reportFromJson(document.object());
    require(read || read.error().code == Error::Code::Parse);
    if (!read)
        return;
    const QJsonObject told = reportToJson(*read);
    const auto again = reportFromJson(told);
    require(again.has_value());
    require(reportToJson(*again) == told);
    for (qsizetype i = 0; i < read->namespaces.size(); ++i) {
        const ReportNamespace &part = read->namespaces[i];
        require(part.parent < i && part.depth <= i && part.sum.keys >= 0 && part.biggest.size() <= 16);
    }
    for (const ReportSlot &slot : read->slots_)
        require(slot.slot >= 0 && slot.slot < slotCount);
    require(!reportHtml(*read).isEmpty() && !reportCsv(*read).isEmpty());
    require(!compared(*read, *again).isEmpty());
    (void)reportSummary(*read);
    (void)reportLacks(*read);
    (void)unlikeness(*read, *again);
}

} // namespace slotscope::fuzz
