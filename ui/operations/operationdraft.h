// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/slotset.h"
#include "core/operations/requests.h"

#include <QByteArray>
#include <QHash>
#include <QMetaType>
#include <QString>

namespace slotscope {

/// What a user wants to do, as far as the place where it began tells: the wizard asks for the rest. From the context
/// menu of a node, a shard or chosen slots, a finding, the palette, or the Operations page.
struct OperationDraft
{
    std::optional<Operation> operation; ///< nothing where there is nothing to be done
    QByteArray nodeId; ///< the node that it is about; empty: to be chosen
    QByteArray targetId; ///< where something goes; empty: to be chosen
    SlotSet slots; ///< chosen slots
    QString host; ///< of rolling failovers: the host to be freed; of config: the setting
    QHash<QByteArray, QByteArray> values = {}; ///< of config: what single nodes are given again
    bool persist = false; ///< of config: CONFIG REWRITE too
    std::optional<OperationRequest> ready = {}; ///< of a roll-back, a setting: all that is asked for
    QString run = {}; ///< of a roll-back, an undo: the run that is taken back
    QString runTitle = {};
    QList<QByteArray> more = {}; ///< of a removal: further nodes that are gone
    bool useEmpty = false; ///< of a rebalance: primaries without slots take part
    RebalanceRequest::By balance = RebalanceRequest::By::Slots; ///< of a rebalance: by what
};

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::OperationDraft)
