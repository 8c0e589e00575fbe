// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/loadcells.h"

#include "core/base/text.h"
#include "core/models/latencywords.h"
#include "core/models/tableroles.h"

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

QString rateWords(double rate)
{
    return groupedNumber(std::llround(rate));
}

QStandardItem *loadCell(const QString &text, const QVariant &sort, bool isNumber)
{
    auto *item = new QStandardItem(text);
    item->setEditable(false);
    item->setData(sort, SortRole);
    item->setData(isNumber, NumberRole);
    return item;
}

QStandardItem *timeCell(qint64 microseconds)
{
    return loadCell(microseconds < 0 ? u"–"_s : timeText(microseconds),
                    microseconds < 0 ? QVariant() : QVariant(microseconds), true);
}

} // namespace slotscope
