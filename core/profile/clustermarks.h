// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/samecluster.h"
#include "core/net/uri.h"

#include <QSet>

class QSettings;

namespace slotscope {

struct ClusterView;

/// Stores the user's name and environment for a cluster. The cluster is recognised by its nodes, whatever address was
/// used. Name and environment in a target take precedence.
class ClusterMarks final
{
    Q_DISABLE_COPY_MOVE(ClusterMarks)
public:
    static constexpr int maximum = 100;

    /// The settings must outlive this object.
    explicit ClusterMarks(QSettings &settings) : m_settings(settings) { }

    /// Returns the target completed with the stored name and environment of the cluster with these nodes.
    [[nodiscard]] ConnectionTarget marked(ConnectionTarget target, const QSet<QByteArray> &nodeIds) const;
    /// Stores name and environment from the target, if it has them. `now` is in ms since 1970.
    void learn(const ConnectionTarget &target, const QSet<QByteArray> &nodeIds, qint64 now);

private:
    QSettings &m_settings;
};

} // namespace slotscope
