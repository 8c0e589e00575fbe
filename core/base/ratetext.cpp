// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/ratetext.h"

#include "core/base/text.h"

#include <cmath>

namespace slotscope {

QString rateText(double perSecond)
{
    if (std::isnan(perSecond))
        return QStringLiteral("–");
    const double rounded = std::round(perSecond * 10) / 10;
    const bool hasDecimal = rounded < 10 && rounded != std::floor(rounded);
    return hasDecimal ? QString::number(rounded, 'f', 1) : groupedNumber(std::llround(perSecond));
}

} // namespace slotscope
