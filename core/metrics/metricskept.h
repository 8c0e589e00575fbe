// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/keptfiles.h"
#include "core/metrics/metricrings.h"
#include "core/metrics/metricsbook.h"

#include <memory>

namespace slotscope {

/// The part of a record stored on disk: means per minute of a day at most, and events. Pure.
struct KeptMetrics
{
    static constexpr int version = 1;
    static constexpr qsizetype mostBytes = KeptFiles::mostBytes; ///< large clusters are stored for less than a day

    struct Node
    {
        QByteArray id;
        MetricNode place;
        std::vector<MetricSamples::Sample> minutes; ///< sorted by time
        std::vector<std::vector<float>> fields; ///< for each minute, in the order of KeptMetrics::fields
    };
    InfoFields fields; ///< fields added by the user
    std::vector<Node> nodes;
    std::vector<MetricEvent> events; ///< sorted by time

    /// Number of minutes per node that fit in mostBytes with `nodes` nodes and `fields` added fields.
    [[nodiscard]] static size_t minutesFor(size_t nodes, size_t fields = 0);
};

/// Serialises with a version and a checksum over the whole.
[[nodiscard]] QByteArray keptBytes(const KeptMetrics &kept);
/// Error::Code::Parse if it is damaged, or written by a newer Slotscope.
[[nodiscard]] Result<KeptMetrics> readKept(const QByteArray &bytes);

/// A book's record for KeptFiles. The book may be in use at the same time.
class MetricsRecord final : public KeptRecord
{
public:
    explicit MetricsRecord(std::shared_ptr<MetricsBook> book) : m_book(std::move(book)) { }
    [[nodiscard]] static QString usualFolder();

    [[nodiscard]] Result<QSet<QByteArray>> nodesOf(const QByteArray &bytes) const override;
    void take(const QByteArray &bytes) override;
    [[nodiscard]] QByteArray bytes() const override;

private:
    std::shared_ptr<MetricsBook> m_book;
};

} // namespace slotscope
