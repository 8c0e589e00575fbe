// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/keptfiles.h"
#include "core/metrics/metricrings.h"
#include "core/metrics/metricsbook.h"

#include <memory>

namespace slotscope {

/// What of a record outlives the program: the means of minutes, of a day at most, and what happened. Pure.
struct KeptMetrics
{
    static constexpr int version = 1;
    static constexpr qsizetype mostBytes = KeptFiles::mostBytes; ///< large clusters are kept for less than a day

    struct Node
    {
        QByteArray id;
        MetricNode place;
        std::vector<MetricSamples::Sample> minutes; ///< by time
    };
    std::vector<Node> nodes;
    std::vector<MetricEvent> events; ///< by time

    /// So many minutes of each of `nodes` nodes keep within mostBytes.
    [[nodiscard]] static size_t minutesFor(size_t nodes);
};

/// Versioned, and with a sum that tells whether it is whole.
[[nodiscard]] QByteArray keptBytes(const KeptMetrics &kept);
/// Error::Code::Parse: damaged, or of a newer Slotscope.
[[nodiscard]] Result<KeptMetrics> readKept(const QByteArray &bytes);

/// A book's record, for KeptFiles. The book may be in use meanwhile.
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
