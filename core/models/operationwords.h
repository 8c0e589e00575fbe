// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

namespace slotscope {

/// One of the operations as people see it: the one table for the page's cards, the palette and titles.
struct OperationInfo
{
    enum class Group : quint8 { Grow, Shrink, Move, FailOver, Repair, Keep };
    QString operation; ///< machine name, as OperationDraft and slotscope-cli have it
    Group group = Group::Grow;
    QString title; ///< "Reshard"
    QString line; ///< what it does, in one line
    QString keywords; ///< further words that find it
    bool clusterOnly = true; ///< makes no sense on a standalone server
};

[[nodiscard]] QList<OperationInfo> operationInfos(); ///< in the order of their groups
[[nodiscard]] QString groupTitle(OperationInfo::Group group);
/// "Reshard" for "reshard"; the machine name where it is unknown.
[[nodiscard]] QString operationTitle(const QString &operation);

} // namespace slotscope
