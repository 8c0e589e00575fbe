// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/slotset.h"
#include "core/operations/plan/requests.h"

#include <QByteArray>
#include <QHash>
#include <QMetaType>
#include <QString>

namespace slotscope {

/// An operation that the user wants, with what is known from the place where it was started; the wizard asks for the
/// rest. Made by the context menu of a node, a shard or selected slots, by a finding, the palette, or the Operations
/// page.
struct OperationDraft
{
    std::optional<Operation> operation; ///< empty: there is nothing to do
    QByteArray nodeId; ///< node that is changed; empty: to be chosen
    QByteArray targetId; ///< target node; empty: to be chosen
    SlotSet slots; ///< selected slots
    QString host; ///< for rolling failovers: the host to free; for config: the setting
    QHash<QByteArray, QByteArray> values = {}; ///< for config: values to restore, by node
    bool persist = false; ///< for config: also run CONFIG REWRITE
    std::optional<OperationRequest> ready = {}; ///< for a roll-back or a setting: the complete request
    QString run = {}; ///< for a roll-back or an undo: id of the operation that is undone
    QString runTitle = {};
    QList<QByteArray> more = {}; ///< for a removal: other nodes that are gone
    bool useEmpty = false; ///< for a rebalance: include primaries without slots
    RebalanceRequest::By balance = RebalanceRequest::By::Slots; ///< for a rebalance: what is balanced
};

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::OperationDraft)
