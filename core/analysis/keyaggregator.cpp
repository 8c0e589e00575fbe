// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/keyaggregator.h"

#include "core/cluster/slot.h"

#include <algorithm>
#include <bit>
#include <map>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype longestTag = 256;

size_t ttlPlace(qint64 ttlMs)
{
    if (ttlMs < 0)
        return ttlNonePlace;
    const auto bound = std::upper_bound(ttlBounds.begin(), ttlBounds.end(), ttlMs);
    return size_t(bound - ttlBounds.begin());
}

} // namespace

int powerPlace(qint64 number)
{
    const int place = number <= 0 ? 0 : int(std::bit_width(quint64(number)));
    return std::min(place, int(PowerHistogram().size()) - 1);
}

KeyAggregator::KeyAggregator(const Options &options)
    : m_options(options), m_namespaces(Delimiters(options.delimiters), options.mostNamespaces), m_slots(slotCount)
{ }

void KeyAggregator::setListpackEntries(qint64 entries)
{
    const qint64 known = m_options.listpackEntries;
    if (entries > 0)
        m_options.listpackEntries = known > 0 ? std::min(known, entries) : entries;
}

void KeyAggregator::add(const KeyRecord &record)
{
    const qint64 bytes = record.bytes.value_or(0);
    m_sum.add(bytes);
    m_sizesUnknown += record.bytes ? 0 : 1;
    if (record.isSampled && record.bytes)
        m_sampled.add(bytes);
    addType(record);
    addTtl(record);
    const qint64 limit = m_options.listpackEntries, elements = record.elements.value_or(0);
    const bool isJustOver = limit > 0 && record.encoding == "hashtable" && record.type == "hash" && elements > limit
        && elements <= 2 * limit;
    m_namespaces.add(record, isJustOver);
    SlotState &slot = m_slots[slotOfKey(record.key)];
    slot.sum.add(bytes);
    slot.shard = record.shard;
    addTag(record);
    if (record.frequency.value_or(0) > 0)
        m_hottest.offer(*record.frequency, record);
}

KeyAggregator::TypeState &KeyAggregator::typeOf(QByteArrayView type)
{
    for (TypeState &known : m_types)
        if (QByteArrayView(known.part.type) == type)
            return known;
    if (qsizetype(m_types.size()) < mostTypes || m_types.back().part.type.isEmpty()) {
        m_types.emplace_back();
        m_types.back().part.type = type.toByteArray();
        return m_types.back();
    }
    return m_types.back(); // too many module types: use the last entry for all further ones
}

void KeyAggregator::addType(const KeyRecord &record)
{
    TypeState &state = typeOf(record.type);
    const qint64 bytes = record.bytes.value_or(0);
    state.part.sum.add(bytes);
    if (record.ttlMs == -1)
        state.part.withoutTtl.add(bytes);
    if (record.bytes) {
        ++state.part.sizes[size_t(powerPlace(bytes))];
        state.byBytes.offer(bytes, record);
    }
    if (record.elements) {
        state.part.elements += *record.elements;
        state.part.mostElements = std::max(state.part.mostElements, *record.elements);
        ++state.part.lengths[size_t(powerPlace(*record.elements))];
        state.byElements.offer(*record.elements, record);
    }
    if (record.encoding.isEmpty())
        return;
    auto &encodings = state.part.encodings;
    const auto known = std::find_if(encodings.begin(), encodings.end(), [&](const auto &encoding) {
        return QByteArrayView(encoding.first) == record.encoding;
    });
    if (known != encodings.end())
        known->second.add(bytes);
    else if (encodings.size() < mostEncodings)
        encodings.append({record.encoding.toByteArray(), {1, bytes}});
}

void KeyAggregator::addTtl(const KeyRecord &record)
{
    if (!record.ttlMs) {
        ++m_ttlUnknown;
        return;
    }
    const qint64 bytes = record.bytes.value_or(0);
    m_ttl[ttlPlace(*record.ttlMs)].add(bytes);
    if (*record.ttlMs == -1)
        m_withoutTtl.add(bytes);
}

void KeyAggregator::addTag(const KeyRecord &record)
{
    const QByteArrayView tag = hashedPart(record.key);
    if (tag.size() == record.key.size() || tag.size() > longestTag)
        return;
    const auto known = m_tags.find(QByteArray::fromRawData(tag.data(), tag.size()));
    if (known != m_tags.end()) {
        known->sum.add(record.bytes.value_or(0));
        return;
    }
    if (m_tags.size() >= m_options.mostTags)
        dropSmallTags();
    m_tags.insert(tag.toByteArray(), {{1, record.bytes.value_or(0)}, m_tagsLost});
}

/// Drops the tags with the fewest keys, at least half of all. A tag that comes back may lack as many keys.
void KeyAggregator::dropSmallTags()
{
    std::vector<qint64> keys;
    keys.reserve(size_t(m_tags.size()));
    for (const TagState &state : std::as_const(m_tags))
        keys.push_back(state.sum.keys + state.mayLack);
    const auto middle = keys.begin() + qsizetype(keys.size() / 2);
    std::nth_element(keys.begin(), middle, keys.end());
    const qint64 bound = *middle;
    m_tags.removeIf([&](const auto &tag) { return tag->sum.keys + tag->mayLack <= bound; });
    m_tagsLost = std::max(m_tagsLost, bound);
}

void KeyAggregator::reportTypes(AnalysisReport &report) const
{
    const auto hasMore = [](const auto &left, const auto &right) {
        return left.bytes != right.bytes ? left.bytes > right.bytes : left.keys > right.keys;
    };
    std::vector<const TypeState *> order;
    for (const TypeState &state : m_types)
        order.push_back(&state);
    std::stable_sort(order.begin(), order.end(), [&](const TypeState *left, const TypeState *right) {
        return hasMore(left->part.sum, right->part.sum);
    });
    for (const TypeState *state : order) {
        ReportType part = state->part;
        std::stable_sort(part.encodings.begin(), part.encodings.end(),
                         [&](const auto &left, const auto &right) { return hasMore(left.second, right.second); });
        report.types.append(part);
        report.byBytes += state->byBytes.sorted();
        report.byElements += state->byElements.sorted();
    }
    std::stable_sort(report.byBytes.begin(), report.byBytes.end(),
                     [](const ReportKey &left, const ReportKey &right) { return left.bytes > right.bytes; });
    std::stable_sort(report.byElements.begin(), report.byElements.end(),
                     [](const ReportKey &left, const ReportKey &right) { return left.elements > right.elements; });
}

void KeyAggregator::reportTags(AnalysisReport &report) const
{
    for (auto tag = m_tags.cbegin(); tag != m_tags.cend(); ++tag)
        report.tags.append({tag.key(), slotOfKey(tag.key()), tag->sum, tag->mayLack});
    std::sort(report.tags.begin(), report.tags.end(), [](const ReportTag &left, const ReportTag &right) {
        return left.sum.bytes != right.sum.bytes ? left.sum.bytes > right.sum.bytes : left.tag < right.tag;
    });
    report.tags.resize(std::min(report.tags.size(), AnalysisReport::mostTags));
}

void KeyAggregator::reportSlots(AnalysisReport &report) const
{
    std::map<int, KeySum> shards;
    qint64 bytes = 0, used = 0;
    for (size_t slot = 0; slot < m_slots.size(); ++slot) {
        const SlotState &state = m_slots[slot];
        if (state.sum.keys == 0)
            continue;
        report.slots_.append({int(slot), state.shard, state.sum});
        KeySum &shard = shards[state.shard];
        shard.keys += state.sum.keys;
        shard.bytes += state.sum.bytes;
        bytes += state.sum.bytes;
        ++used;
    }
    report.slotMean = used > 0 ? bytes / used : 0;
    std::stable_sort(report.slots_.begin(), report.slots_.end(),
                     [](const ReportSlot &left, const ReportSlot &right) { return left.sum.bytes > right.sum.bytes; });
    report.slots_.resize(std::min(report.slots_.size(), AnalysisReport::mostSlots));
    for (const auto &[number, sum] : shards)
        report.shards.append({number, sum});
}

AnalysisReport KeyAggregator::report(const AnalysisScope &scope, const AnalysisOutcome &outcome) const
{
    AnalysisReport report;
    report.scope = scope;
    report.outcome = outcome;
    report.sum = m_sum;
    report.withoutTtl = m_withoutTtl;
    report.sampled = m_sampled;
    report.sizesUnknown = m_sizesUnknown;
    report.ttl = m_ttl;
    report.ttlUnknown = m_ttlUnknown;
    reportTypes(report);
    report.namespaces = m_namespaces.biggest(AnalysisReport::mostNamespaces);
    report.hottest = m_hottest.sorted();
    if (scope.hasSlots) {
        reportTags(report);
        reportSlots(report);
    }
    return report;
}

int AnalysisReport::namespaceOf(QByteArrayView name) const
{
    for (qsizetype i = 0; i < namespaces.size(); ++i)
        if (QByteArrayView(namespaces[i].name) == name)
            return int(i);
    return -1;
}

QList<int> AnalysisReport::childrenOf(int index) const
{
    QList<int> children;
    for (qsizetype i = 0; i < namespaces.size(); ++i)
        if (namespaces[i].parent == index)
            children.append(int(i));
    std::stable_sort(children.begin(), children.end(),
                     [&](int left, int right) { return namespaces[left].sum.bytes > namespaces[right].sum.bytes; });
    return children;
}

} // namespace slotscope
