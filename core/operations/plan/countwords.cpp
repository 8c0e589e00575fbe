// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/plan/countwords.h"

#include "core/base/text.h"

#include <QCoreApplication>

namespace slotscope {
namespace {

struct CountWords
{
    Q_DECLARE_TR_FUNCTIONS(slotscope::Operations)
};

} // namespace

QString slotsText(qint64 count)
{
    return count == 1 ? CountWords::tr("1 slot") : CountWords::tr("%1 slots").arg(groupedNumber(count));
}

QString keysText(qint64 count)
{
    return count == 1 ? CountWords::tr("1 key") : CountWords::tr("%1 keys").arg(groupedNumber(count));
}

} // namespace slotscope
