// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metric.h"

#include <QList>
#include <QString>

namespace slotscope {

/// One series of a plot: a line for each shard or node, or bars over all of them.
struct PlotSeries
{
    enum class Style : quint8 {
        Line,
        Dashed, ///< beside the first series: a line that goes with it
        Below, ///< below zero: what comes in, where the first goes out
        Bars, ///< of all lines together, on top of one another
    };
    Metric metric = Metric::Commands;
    Style style = Style::Line;
    QString label = {}; ///< of bars: "expired"
    enum class Mark : quint8 { Neutral, Warning, Error } mark = Mark::Neutral; ///< of bars
};

/// What a plot of the dashboard shows.
struct PlotSpec
{
    enum class Scale : quint8 { Number, Percent, Bytes, BytesPerSecond, LogBytes };
    QString id, title, note;
    Scale scale = Scale::Number;
    QList<PlotSeries> series;
    std::optional<Metric> ratioWith = {}; ///< shown is 100 × first / (first + this)
    bool hasLimit = false; ///< a line at the largest Metric::MaxMemory
    bool shownFirst = true; ///< it is on the dashboard until the user chooses
    double least = 0; ///< the axis reaches to this at least
};

/// In the language that is spoken now.
[[nodiscard]] QList<PlotSpec> plotSpecs();
/// A number as the plot's axis and head show it: "15.2 k", "2.12 GB", "95.7".
[[nodiscard]] QString plotNumber(double value, PlotSpec::Scale scale, bool isShort = false);

} // namespace slotscope
