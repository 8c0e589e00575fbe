// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/latencywords.h"

#include "core/base/text.h"
#include "core/base/tr.h"

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

QString threeFigures(double number)
{
    if (number < 9.995)
        return QString::number(number, 'f', 2);
    if (number < 99.95)
        return QString::number(number, 'f', 1);
    return groupedNumber(qint64(std::llround(number)));
}

} // namespace

QString millisecondsText(qint64 microseconds)
{
    return microseconds < 0 ? u"–"_s : threeFigures(double(microseconds) / 1000);
}

QString timeText(qint64 microseconds)
{
    if (microseconds < 0)
        return u"–"_s;
    if (microseconds < 1000)
        return tr("%1 µs").arg(microseconds);
    if (microseconds < 1'000'000)
        return tr("%1 ms").arg(threeFigures(double(microseconds) / 1000));
    return tr("%1 s").arg(threeFigures(double(microseconds) / 1'000'000));
}

QString lostText(const PingFigures &figures)
{
    return tr("%1 of %2").arg(groupedNumber(figures.lost), groupedNumber(figures.sent()));
}

Tone roundTripTone(qint64 microseconds)
{
    constexpr qint64 slow = 10'000, bad = 100'000;
    return microseconds >= bad ? Tone::Bad : microseconds >= slow ? Tone::Warning : Tone::Neutral;
}

QString agoText(qint64 milliseconds)
{
    return milliseconds < 1000 ? tr("now") : tr("%1 ago").arg(roughDuration(milliseconds));
}

} // namespace slotscope
