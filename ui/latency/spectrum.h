// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/latency/pingbook.h"
#include "ui/shared/themetokens.h"

#include <QRectF>
#include <QStyledItemDelegate>

class QPainter;

namespace slotscope {

class RoundTripModel;
class Theme;

/// Counts of pings by time and duration, the data of a spectrum.
struct SpectrumGrid
{
    qint64 from = 0, columnMs = 0; ///< start in ms since 1970, and duration of a column
    int columns = 0, lowestRow = 0;
    std::vector<int> counts; ///< by column, then by row from lowestRow
    std::vector<int> lost; ///< lost pings by column
    int most = 0; ///< the highest of the counts

    [[nodiscard]] int rows() const { return spectrumRows - lowestRow; }
    [[nodiscard]] int at(int column, int row) const { return counts[size_t(column * rows() + row - lowestRow)]; }
};
/// Counts the last `window` ms before `until`, in about 150 columns.
[[nodiscard]] SpectrumGrid spectrumGrid(const PingSeries &series, qint64 window, qint64 until, int lowestRow);

/// Colour of a cell: the background for a count of 0, else by the logarithm of the count.
[[nodiscard]] QColor spectrumColour(const ThemeTokens &tokens, bool isDark, double share);
void paintSpectrum(QPainter &painter, const QRectF &area, const SpectrumGrid &grid, const Theme &theme);

/// Paints a small spectrum in a table cell.
class SpectrumDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SpectrumDelegate)
public:
    SpectrumDelegate(const Theme &theme, const PingBook &book, const RoundTripModel &model, QObject *parent);
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    const Theme &m_theme;
    const PingBook &m_book;
    const RoundTripModel &m_model;
};

/// Paints the history of an event as bars.
class SpikesDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SpikesDelegate)
public:
    SpikesDelegate(const Theme &theme, QObject *parent) : QStyledItemDelegate(parent), m_theme(theme) { }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    const Theme &m_theme;
};

} // namespace slotscope
