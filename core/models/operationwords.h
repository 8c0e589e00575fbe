// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include "core/operations/plan/operation.h"

#include <QString>

namespace slotscope {

/// Display texts of one operation; the common table for the page's cards, the palette and titles.
struct OperationInfo
{
    enum class Group : quint8 { Grow, Shrink, Move, FailOver, Repair, Keep };
    Operation operation = Operation::Create;
    Group group = Group::Grow;
    QString title; ///< such as "Reshard"
    QString line; ///< one line that says what it does
    QString keywords; ///< additional search words
    bool clusterOnly = true; ///< not possible on a standalone server
};

[[nodiscard]] QList<OperationInfo> operationInfos(); ///< in the order of their groups
[[nodiscard]] QString groupTitle(OperationInfo::Group group);
/// Such as "Reshard"; empty if there is no operation.
[[nodiscard]] QString operationTitle(std::optional<Operation> operation);

} // namespace slotscope
