// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/slotimage.h"

#include "ui/shared/themetokens.h"
#include "ui/shared/slotselection.h"

#include <algorithm>
#include <cstring>

namespace slotscope {
namespace {

/// Colours for one request, computed once.
class Shades
{
public:
    explicit Shades(const SlotImageRequest &request) : m_request(request)
    {
        if (request.values)
            m_most = double(std::max<qint64>(1, *std::max_element(request.values->begin(), request.values->end())));
        for (int colour = 0; colour < shardShadeCount; ++colour) {
            for (int step = 0; step <= steps; ++step) {
                const double part = 0.12 + 0.88 * step / steps;
                m_shades[size_t(colour)][size_t(step)] = mixed(request.tokens->raised, shardColour(colour), part).rgb();
            }
        }
    }

    [[nodiscard]] QRgb of(int slot) const
    {
        const int owner = m_request.view->owner[size_t(slot)];
        if (owner == ClusterView::noOwner)
            return m_request.tokens->errorBg.rgb();
        const int shard = m_request.view->nodes[size_t(owner)].shard;
        const int colour =
            shard < 0 ? shardColourCount - 1 : m_request.view->shards[size_t(shard)].colour % shardShadeCount;
        int step = steps;
        if (m_request.colouring != SlotColouring::Owner)
            step = valueStep(slot);
        if (m_request.view->nodes[size_t(owner)].condition == NodeCondition::Failed)
            step = std::min(step, steps / 2);
        if (m_request.highlightedShard >= 0 && shard != m_request.highlightedShard)
            step = std::min(step, steps / 6);
        return m_shades[size_t(colour)][size_t(step)];
    }

private:
    static constexpr int steps = 24;

    [[nodiscard]] int valueStep(int slot) const
    {
        const qint64 value = m_request.values ? (*m_request.values)[size_t(slot)] : -1;
        if (value <= 0)
            return 0;
        return std::clamp(2 + int(double(value) / m_most * (steps - 2)), 2, steps);
    }

    const SlotImageRequest &m_request;
    double m_most = 1;
    std::array<std::array<QRgb, steps + 1>, shardShadeCount> m_shades{};
};

/// Pixels of one cell, without its gap.
class CellPixels
{
public:
    CellPixels(QImage &image, const QRect &rect)
        : m_image(image), m_x(rect.x()), m_y(rect.y()), m_width(rect.width()), m_height(rect.height())
    { }

    template <typename Predicate>
    void fillWhere(QRgb colour, Predicate wanted)
    {
        for (int y = 0; y < m_height; ++y) {
            auto *line = reinterpret_cast<QRgb *>(m_image.scanLine(m_y + y)) + m_x;
            for (int x = 0; x < m_width; ++x) {
                if (wanted(x, y))
                    line[x] = colour;
            }
        }
    }

    void hatch(QRgb colour)
    {
        const int period = std::max(3, m_width / 3);
        fillWhere(colour, [period](int x, int y) { return (x + y) % period < (period + 1) / 2; });
    }

    void hatchBack(QRgb colour) ///< hatches in the other direction, with thinner lines
    {
        const int period = std::max(3, m_width / 2);
        const int line = std::max(1, period / 4);
        fillWhere(colour, [=, width = m_width](int x, int y) { return (width - x + y) % period < line; });
    }

    void outline(QRgb colour, int width)
    {
        const int right = m_width - width;
        const int bottom = m_height - width;
        fillWhere(colour, [=](int x, int y) { return x < width || y < width || x >= right || y >= bottom; });
    }

private:
    QImage &m_image;
    int m_x, m_y, m_width, m_height;
};

int gapOf(int side)
{
    return side >= 24 * slotColumns ? 2 : side >= 3 * slotColumns ? 1 : 0;
}

void paintMarks(QImage &image, const SlotImageRequest &request)
{
    const ClusterView &view = *request.view;
    const int width = std::max(1, request.side / slotColumns / 8);
    const QPoint origin(cellEdge(request.cells.left(), request.side), cellEdge(request.cells.top(), request.side));
    const auto cellOf = [&](quint16 slot) {
        const int x = slot % slotColumns;
        const int y = slot / slotColumns;
        const int cellGap = gapOf(request.side);
        const QRect rect(
            QPoint(cellEdge(x, request.side), cellEdge(y, request.side)),
            QPoint(cellEdge(x + 1, request.side) - cellGap - 1, cellEdge(y + 1, request.side) - cellGap - 1));
        return CellPixels(image, rect.translated(-origin));
    };
    const auto forEach = [&](const SlotSet &set, auto paint) {
        for (const SlotRange &range : set.ranges()) {
            for (int slot = range.first; slot <= range.last; ++slot) {
                if (request.cells.contains(slot % slotColumns, slot / slotColumns))
                    paint(cellOf(quint16(slot)));
            }
        }
    };
    forEach(view.uncovered, [&](CellPixels cell) {
        cell.fillWhere(request.tokens->surface.rgb(), [](int, int) { return true; });
        cell.outline(request.tokens->error.rgb(), width);
    });
    forEach(failedSlots(view), [&](CellPixels cell) { cell.hatchBack(request.tokens->surface.rgb()); });
    forEach(view.disputed, [&](CellPixels cell) { cell.outline(request.tokens->text.rgb(), width); });
    for (auto it = view.openSlots.keyBegin(); it != view.openSlots.keyEnd(); ++it) {
        if (request.cells.contains(*it % slotColumns, *it / slotColumns))
            cellOf(*it).hatch(request.tokens->text.rgb());
    }
}

} // namespace

SlotSet failedSlots(const ClusterView &view)
{
    SlotSet failed;
    for (const NodeState &node : view.nodes) {
        if (node.condition != NodeCondition::Failed)
            continue;
        for (const SlotRange &range : node.slots.ranges())
            failed.add(range);
    }
    return failed;
}

QImage renderSlots(const SlotImageRequest &request)
{
    const int cellGap = gapOf(request.side);
    const QRect cells = request.cells;
    const auto edge = [&request](int index) { return cellEdge(index, request.side); };
    const int width = edge(cells.right() + 1) - edge(cells.left());
    const int top = edge(cells.top());
    QImage image(width, edge(cells.bottom() + 1) - top, QImage::Format_RGB32);
    const QRgb ground = request.tokens->surface.rgb();
    const Shades shades(request);
    for (int row = cells.top(); row <= cells.bottom(); ++row) {
        const int y = edge(row) - top;
        const int height = edge(row + 1) - edge(row);
        auto *first = reinterpret_cast<QRgb *>(image.scanLine(y));
        QRgb *pixel = first;
        for (int column = cells.left(); column <= cells.right(); ++column) {
            pixel =
                std::fill_n(pixel, edge(column + 1) - edge(column) - cellGap, shades.of(row * slotColumns + column));
            pixel = std::fill_n(pixel, cellGap, ground);
        }
        for (int line = 1; line < height - cellGap; ++line)
            std::memcpy(image.scanLine(y + line), first, size_t(width) * sizeof(QRgb));
        for (int line = height - cellGap; line < height; ++line)
            std::fill_n(reinterpret_cast<QRgb *>(image.scanLine(y + line)), width, ground);
    }
    paintMarks(image, request);
    return image;
}

} // namespace slotscope
