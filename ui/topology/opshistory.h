// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"

namespace slotscope {

/// The last operations per second of each node, for small curves.
class OpsHistory final
{
public:
    static constexpr int length = 60; ///< number of samples kept
    void add(const ClusterView &view);
    [[nodiscard]] QList<qint64> of(const QByteArray &id) const { return m_series.value(id).samples; }

    /// Range of a curve between these values, in operations per second: at least so large that a few operations of an
    /// idle node do not look like a burst, and that noise does not fill the full height.
    [[nodiscard]] static double spanOf(qint64 low, qint64 high);

private:
    struct Series
    {
        qint64 lastAt = 0;
        QList<qint64> samples;
    };
    QHash<QByteArray, Series> m_series;
};

} // namespace slotscope
