// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"

namespace slotscope {

/// The last operations per second of each node, for the small curves.
class OpsHistory final
{
public:
    static constexpr int length = 60; ///< samples kept
    void add(const ClusterView &view);
    [[nodiscard]] QList<qint64> of(const QByteArray &id) const { return m_series.value(id).samples; }

    /// The height of a curve between these, operations a second: so much at least that the few more of an idle node are
    /// no burst, and that noise is not blown up to full height.
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
