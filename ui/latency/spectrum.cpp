// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/latency/spectrum.h"

#include "core/models/latencyeventmodel.h"
#include "core/models/roundtripmodel.h"
#include "ui/shared/theme.h"

#include <QDateTime>
#include <QPainter>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int columnsWanted = 150;
constexpr double faintest = 0.22; // opacity of a single ping, so that it stays visible

/// Paints the background of a cell, as CellDelegate does.
void paintCellGround(QPainter &painter, const QStyleOptionViewItem &option, const ThemeTokens &tokens)
{
    if (option.state & QStyle::State_Selected)
        painter.fillRect(option.rect, tokens.sel);
    painter.setPen(tokens.line);
    painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
}

} // namespace

SpectrumGrid spectrumGrid(const PingSeries &series, qint64 window, qint64 until, int lowestRow)
{
    SpectrumGrid grid;
    const qint64 slice = PingSeries::sliceMs;
    grid.columnMs = std::max<qint64>(slice, window / columnsWanted / slice * slice);
    grid.columns = int(window / grid.columnMs);
    grid.from = (until / grid.columnMs + 1) * grid.columnMs - grid.columns * grid.columnMs;
    grid.lowestRow = lowestRow;
    grid.counts.assign(size_t(grid.columns * grid.rows()), 0);
    grid.lost.assign(size_t(grid.columns), 0);
    for (auto each = series.slices().rbegin(); each != series.slices().rend() && each->start >= grid.from; ++each) {
        const auto column = size_t((each->start - grid.from) / grid.columnMs);
        if (column >= size_t(grid.columns))
            continue;
        grid.lost[column] += each->lost;
        for (int row = 0; row < spectrumRows; ++row) {
            int &count = grid.counts[column * size_t(grid.rows()) + size_t(std::max(0, row - lowestRow))];
            count += each->rows[size_t(row)];
            grid.most = std::max(grid.most, count);
        }
    }
    return grid;
}

QColor spectrumColour(const ThemeTokens &tokens, bool isDark, double share)
{
    static const QColor brightest(0xff, 0xf1, 0xb0), cyan(0x4f, 0xc3, 0xf0), deepest(0x12, 0x2f, 0x73);
    const double part = std::clamp(share, 0.0, 1.0);
    if (!isDark)
        return part < 0.6 ? mixed(tokens.bg, tokens.accentMark, part / 0.6)
                          : mixed(tokens.accentMark, deepest, (part - 0.6) / 0.4);
    if (part < 0.5)
        return mixed(tokens.bg, tokens.fill, part / 0.5);
    return part < 0.75 ? mixed(tokens.fill, cyan, (part - 0.5) / 0.25) : mixed(cyan, brightest, (part - 0.75) / 0.25);
}

void paintSpectrum(QPainter &painter, const QRectF &area, const SpectrumGrid &grid, const Theme &theme)
{
    const ThemeTokens &tokens = theme.tokens();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.fillRect(area, tokens.bg);
    const double width = area.width() / grid.columns, height = area.height() / grid.rows();
    const double scale = std::log(double(grid.most) + 1);
    const double gap = width > 4 && height > 4 ? 1 : 0;
    for (int column = 0; column < grid.columns; ++column) {
        const double left = std::floor(area.left() + column * width);
        const double right = std::floor(area.left() + (column + 1) * width);
        for (int row = grid.lowestRow; row < spectrumRows; ++row) {
            const int count = grid.at(column, row);
            if (count == 0)
                continue;
            const double share = faintest + (1 - faintest) * std::log(double(count)) / std::max(scale, 0.7);
            const double top = std::floor(area.bottom() - (row - grid.lowestRow + 1) * height);
            const double bottom = std::floor(area.bottom() - (row - grid.lowestRow) * height);
            painter.fillRect(QRectF(left, top, std::max(1.0, right - left - gap), std::max(1.0, bottom - top - gap)),
                             spectrumColour(tokens, theme.isDark(), share));
        }
        if (grid.lost[size_t(column)] > 0)
            painter.fillRect(QRectF(left, area.top(), std::max(1.0, right - left), 3), tokens.errorMark);
    }
    painter.restore();
}

SpectrumDelegate::SpectrumDelegate(const Theme &theme, const PingBook &book, const RoundTripModel &model,
                                   QObject *parent)
    : QStyledItemDelegate(parent), m_theme(theme), m_book(book), m_model(model)
{ }

void SpectrumDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    paintCellGround(*painter, option, m_theme.tokens());
    const PingBook::Node *node = m_book.node(index.data(IdRole).toByteArray());
    if (!node)
        return;
    const SpectrumGrid grid =
        spectrumGrid(node->series, m_book.window(), QDateTime::currentMSecsSinceEpoch(), m_model.lowestRow());
    paintSpectrum(*painter, QRectF(option.rect).adjusted(8, 2, -8, -2), grid, m_theme);
}

void SpikesDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    paintCellGround(*painter, option, tokens);
    const QVariantList spikes = index.data(LatencyEventModel::SpikesRole).toList();
    const QRectF area = QRectF(option.rect).adjusted(8, 4, -8, -4);
    constexpr int barWidth = 3;
    const int shown = std::min(int(spikes.size()), int(area.width()) / barWidth);
    qint64 most = 1;
    for (int i = 0; i < shown; ++i)
        most = std::max(most, spikes[spikes.size() - shown + i].toLongLong());
    for (int i = 0; i < shown; ++i) {
        const qint64 spike = spikes[spikes.size() - shown + i].toLongLong();
        const double height = std::max(2.0, area.height() * double(spike) / double(most));
        painter->fillRect(QRectF(area.left() + i * barWidth, area.bottom() - height, barWidth - 1, height),
                          tokens.accentMark);
    }
}

} // namespace slotscope
