// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/namespacetree.h"
#include "core/base/slotcount.h"

namespace slotscope {

/// Adds up what is known of keys, one record after the other, in bounded memory, whoever reads them. Each key is
/// offered once: what is told twice is counted twice. Pure; one thread at a time.
class KeyAggregator
{
public:
    struct Options
    {
        QList<QByteArray> delimiters{QByteArrayLiteral(":")};
        size_t mostNamespaces = NamespaceTree::standardMost;
        qsizetype mostTags = 20'000;
        qint64 listpackEntries = -1; ///< hash-max-listpack-entries of the servers; -1: not known
    };
    explicit KeyAggregator(const Options &options);

    void add(const KeyRecord &record);
    /// hash-max-listpack-entries of a server; the lowest one counts. -1: it does not tell.
    void setListpackEntries(qint64 entries);
    [[nodiscard]] const KeySum &sum() const { return m_sum; }

    /// Everything but findings, heat and compression. Takes up to a tenth of a second where there is much.
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
    qint64 m_tagsLost = 0; ///< keys that a tag may have had before it was noted, at most
    std::vector<SlotState> m_slots;
    BiggestKeys m_hottest{AnalysisReport::mostKeys};
};

} // namespace slotscope
