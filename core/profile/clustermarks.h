// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/samecluster.h"
#include "core/net/uri.h"

#include <QSet>

class QSettings;

namespace slotscope {

struct ClusterView;

/// What the user calls a cluster and what kind of place it is, kept for the cluster itself: it is recognised by its
/// nodes, at whatever address it was opened. What a target says of itself goes before what is kept.
class ClusterMarks final
{
    Q_DISABLE_COPY_MOVE(ClusterMarks)
public:
    static constexpr int maximum = 100;

    /// The settings outlive this.
    explicit ClusterMarks(QSettings &settings) : m_settings(settings) { }

    /// The target, with the name and the environment of the cluster that these nodes are, where it says none.
    [[nodiscard]] ConnectionTarget marked(ConnectionTarget target, const QSet<QByteArray> &nodeIds) const;
    /// Keeps what the target says, if it says anything. `now` in ms since 1970.
    void learn(const ConnectionTarget &target, const QSet<QByteArray> &nodeIds, qint64 now);

private:
    QSettings &m_settings;
};

} // namespace slotscope
