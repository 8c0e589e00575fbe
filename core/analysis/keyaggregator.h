// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/namespacetree.h"
#include "core/base/slotcount.h"

namespace slotscope {

/// Adds up key records one after the other, in limited memory, from any source. Offer each key once, because duplicates
/// count twice. Pure; use from one thread at a time.
class KeyAggregator
{
public:
    struct Options
    {
        QList<QByteArray> delimiters{QByteArrayLiteral(":")};
        size_t mostNamespaces = NamespaceTree::standardMost;
        qsizetype mostTags = 20'000;
        qint64 listpackEntries = -1; ///< hash-max-listpack-entries of the servers; -1: unknown
    };
    explicit KeyAggregator(const Options &options);

    void add(const KeyRecord &record);
    /// Sets hash-max-listpack-entries of one server; the lowest value applies. -1: not reported.
    void setListpackEntries(qint64 entries);
    [[nodiscard]] const KeySum &sum() const { return m_sum; }

    /// Creates the report, except findings, heat and compression. May take a tenth of a second with much data.
    [[nodiscard]] AnalysisReport report(const AnalysisScope &scope, const AnalysisOutcome &outcome) const;

private:
    static constexpr qsizetype mostTypes = 64, mostEncodings = 32;

    struct TypeState
    {
        ReportType part;
        BiggestKeys byBytes{AnalysisReport::mostKeys}, byElements{AnalysisReport::mostKeys};
    };
    struct TagState
    {
        KeySum sum;
        qint64 mayLack = 0;
    };
    struct SlotState
    {
        KeySum sum;
        int shard = 0;
    };
    void addType(const KeyRecord &record);
    void addTtl(const KeyRecord &record);
    void addTag(const KeyRecord &record);
    void dropSmallTags();
    [[nodiscard]] TypeState &typeOf(QByteArrayView type);
    void reportTypes(AnalysisReport &report) const;
    void reportTags(AnalysisReport &report) const;
    void reportSlots(AnalysisReport &report) const;

    Options m_options;
    KeySum m_sum, m_withoutTtl, m_sampled;
    qint64 m_sizesUnknown = 0, m_ttlUnknown = 0;
    std::array<KeySum, ttlPlaces> m_ttl{};
    std::vector<TypeState> m_types;
    NamespaceTree m_namespaces;
    QHash<QByteArray, TagState> m_tags;
    qint64 m_tagsLost = 0; ///< largest number of keys of a dropped tag; a tag added later may lack that many
    std::vector<SlotState> m_slots;
    BiggestKeys m_hottest{AnalysisReport::mostKeys};
};

} // namespace slotscope
