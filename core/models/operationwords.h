// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include "core/operations/operation.h"

#include <QString>

namespace slotscope {

/// One of the operations as people see it: the one table for the page's cards, the palette and titles.
struct OperationInfo
{
    enum class Group : quint8 { Grow, Shrink, Move, FailOver, Repair, Keep };
    Operation operation = Operation::Create;
    Group group = Group::Grow;
    QString title; ///< "Reshard"
    QString line; ///< what it does, in one line
    QString keywords; ///< further words that find it
    bool clusterOnly = true; ///< makes no sense on a standalone server
};

[[nodiscard]] QList<OperationInfo> operationInfos(); ///< in the order of their groups
[[nodiscard]] QString groupTitle(OperationInfo::Group group);
/// "Reshard"; empty for no operation.
[[nodiscard]] QString operationTitle(std::optional<Operation> operation);

} // namespace slotscope
