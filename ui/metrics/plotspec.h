// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/infofield.h"
#include "core/metrics/metric.h"

#include <QList>
#include <QString>

namespace slotscope {

/// One series of a plot: a line for each shard or node, or bars of their sum.
struct PlotSeries
{
    enum class Style : quint8 {
        Line,
        Dashed, ///< a dashed line that accompanies a line of the first series
        Below, ///< drawn below zero, such as incoming traffic below outgoing
        Bars, ///< bars of the sum of all lines, stacked
    };
    Metric metric = Metric::Commands;
    std::optional<InfoField> field = {}; ///< a field of INFO instead of a metric
    Style style = Style::Line;
    QString label = {}; ///< name of bars, such as "expired"
    enum class Mark : quint8 { Neutral, Warning, Error } mark = Mark::Neutral; ///< colour of bars
};

/// Content of a plot of the dashboard.
struct PlotSpec
{
    enum class Scale : quint8 { Number, Percent, Bytes, BytesPerSecond, LogBytes };
    QString id, title, note;
    Scale scale = Scale::Number;
    QList<PlotSeries> series;
    std::optional<Metric> ratioWith = {}; ///< the plot shows 100 × first / (first + this)
    bool hasLimit = false; ///< draws a line at the largest Metric::MaxMemory
    bool shownFirst = true; ///< shown on the dashboard by default
    bool isAddable = true; ///< the head shows the sum of the lines
    double least = 0; ///< the axis reaches at least up to this value
};

/// All plots, with titles in the current language.
[[nodiscard]] QList<PlotSpec> plotSpecs();
/// The plot of a field of INFO that the user added.
[[nodiscard]] PlotSpec plotSpecOf(const InfoField &field);
/// A number as the plot's axis and head show it: "15.2 k", "2.12 GB", "95.7".
[[nodiscard]] QString plotNumber(double value, PlotSpec::Scale scale, bool isShort = false);

} // namespace slotscope
