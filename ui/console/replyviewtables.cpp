// SPDX-License-Identifier: GPL-3.0-or-later
// How tables are painted: one answer's rows, and the answers of several nodes side by side.
#include "ui/console/replymetrics.h"
#include "ui/console/replyview.h"
#include "ui/shared/theme.h"

#include <QPainter>
#include <QScrollBar>

#include <numeric>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

using namespace replymetrics;

/// Paints a reply as a table. Columns widen as wider cells become visible.
void ReplyView::paintCells(QPainter &painter, const ConsoleBlock &block, int &y)
{
    constexpr int widest = 360, narrowest = 48;
    const ThemeTokens &tokens = m_theme.tokens();
    const qint64 count = block.lineCount();
    const qint64 first = std::max<qint64>(0, -qint64(y) / rowHeight);
    const qint64 last = std::min<qint64>(count - 1, first + viewport()->height() / rowHeight + 1);
    painter.setFont(Theme::monoFont());
    QVector<int> &columns = m_columns[block.entry];
    bool isMissing = false;
    for (qint64 line = first; line <= last; ++line) {
        const auto text = block.lineAt(line);
        isMissing = isMissing || !text;
        const QStringList cells = text.value_or(QString()).split(cellSeparator);
        for (qsizetype i = 0; text && i < cells.size(); ++i) {
            if (columns.size() <= i)
                columns.append(narrowest);
            columns[i] =
                std::clamp(painter.fontMetrics().horizontalAdvance(cells[i].left(80)) + cellGap, columns[i], widest);
        }
    }
    for (qint64 line = first; line <= last; ++line) {
        const auto text = block.lineAt(line);
        const QStringList cells = text ? text->split(cellSeparator) : QStringList{u"…"_s};
        int x = inset - horizontalScrollBar()->value();
        const int top = int(y + line * rowHeight);
        painter.setPen(line == 0 ? tokens.muted : tokens.text);
        for (qsizetype i = 0; i < cells.size(); ++i) {
            const int w = columns.value(i, widest);
            painter.drawText(QRect(x, top, w - cellGap, rowHeight),
                             Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                             painter.fontMetrics().elidedText(cells[i], Qt::ElideRight, w - cellGap + 2));
            x += w;
        }
        m_widest = std::max(m_widest, x + horizontalScrollBar()->value() + inset);
        painter.setPen(tokens.grid);
        painter.drawLine(inset, top + rowHeight - 1, viewport()->width() - inset, top + rowHeight - 1);
    }
    if (isMissing || (!block.windows.empty() && !block.windows[0].isWhole && last >= first))
        m_feed.wantLines(block.entry, first, std::max(first, last));
    y += int(std::min<qint64>(count * rowHeight, std::numeric_limits<int>::max() / 2));
}

void ReplyView::paintBroadcast(QPainter &painter, const ConsoleBlock &block, int &y)
{
    const ThemeTokens &tokens = m_theme.tokens();
    const int nodes = std::max(1, int(block.nodes.size()));
    const int room = viewport()->width() - 2 * inset;
    const bool hasLabels = block.rows
        && std::any_of(block.rows->rows.begin(), block.rows->rows.end(),
                       [](const BroadcastRow &row) { return !row.label.isEmpty(); });
    const int label = hasLabels ? std::min(labelWidth, room / 3) : 0;
    const int column = (room - label) / nodes;
    for (int i = 0; i < int(block.nodes.size()); ++i)
        paintNodeName(painter, QRect(inset + label + i * column, y, column - 4, rowHeight), block.nodes[size_t(i)],
                      Qt::AlignRight);
    painter.setPen(tokens.line2);
    painter.drawLine(inset, y + rowHeight - 1, inset + room, y + rowHeight - 1);
    y += rowHeight;
    if (!block.rows) {
        m_feed.wantRows(block.entry);
        painter.setPen(tokens.faint);
        painter.drawText(QRect(inset, y, room, rowHeight), Qt::AlignLeft | Qt::AlignVCenter, u"…"_s);
        y += rowHeight;
        return;
    }
    painter.setFont(Theme::monoFont());
    const QFontMetrics metrics = painter.fontMetrics();
    for (const BroadcastRow &row : block.rows->rows) {
        if (y + rowHeight >= 0 && y <= viewport()->height()) {
            painter.setPen(tokens.text);
            painter.drawText(QRect(inset, y, label - cellGap, rowHeight),
                             Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                             metrics.elidedText(row.label, Qt::ElideMiddle, label - cellGap));
            for (int i = 0; i < nodes && i < int(row.cells.size()); ++i) {
                const BroadcastCell &cell = row.cells[size_t(i)];
                const QRect place(inset + label + i * column, y, column, rowHeight);
                if (cell.differs)
                    painter.fillRect(place.adjusted(2, 1, 0, -2), tokens.warnBg);
                // the rows are made in another thread, possibly from an earlier state than the block's nodes
                const bool hasNode = size_t(i) < std::size(block.nodes);
                const QString text = cell.isMissing && !cell.differs
                    ? (hasNode ? stateWord(block.nodes[size_t(i)]) : QString())
                    : (cell.differs ? u"≠ "_s : QString()) + (cell.isMissing ? tr("none") : cell.text);
                painter.setPen(cell.differs ? tokens.warn : cell.isMissing ? tokens.faint : tokens.muted);
                painter.drawText(place.adjusted(4, 0, -6, 0), Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine,
                                 metrics.elidedText(text, Qt::ElideRight, place.width() - 10));
            }
            painter.setPen(tokens.grid);
            painter.drawLine(inset, y + rowHeight - 1, inset + room, y + rowHeight - 1);
        }
        y += rowHeight;
    }
}

/// Used if the nodes do not fit side by side: one row per node, those that differ first, with the first rows as
/// columns.
void ReplyView::paintTransposed(QPainter &painter, const ConsoleBlock &block, int &y)
{
    constexpr int mostFields = 4;
    const ThemeTokens &tokens = m_theme.tokens();
    const int room = viewport()->width() - 2 * inset;
    if (!block.rows)
        m_feed.wantRows(block.entry);
    std::vector<const BroadcastRow *> fields;
    for (const bool differing : {true, false})
        for (size_t i = 0; block.rows && i < block.rows->rows.size() && fields.size() < mostFields; ++i)
            if (block.rows->rows[i].differs == differing)
                fields.push_back(&block.rows->rows[i]);
    std::vector<size_t> order(block.nodes.size());
    std::iota(order.begin(), order.end(), size_t(0));
    const auto differs = [&fields](size_t node) {
        return std::any_of(fields.begin(), fields.end(), [node](const BroadcastRow *field) {
            return node < field->cells.size() && field->cells[node].differs;
        });
    };
    std::stable_partition(order.begin(), order.end(), differs);
    const int name = std::min(260, room / 3);
    const int column = (room - name) / std::max(1, int(fields.size()));
    painter.setFont(Theme::monoFont());
    painter.setPen(tokens.muted);
    for (int i = 0; i < int(fields.size()); ++i)
        painter.drawText(QRect(inset + name + i * column, y, column - 6, rowHeight), Qt::AlignRight | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(fields[size_t(i)]->label, Qt::ElideMiddle, column - 10));
    y += rowHeight;
    for (const size_t node : order) {
        paintNodeName(painter, QRect(inset, y, name, rowHeight), block.nodes[node], Qt::AlignLeft);
        painter.setFont(Theme::monoFont());
        for (int i = 0; i < int(fields.size()); ++i) {
            const BroadcastCell &cell = fields[size_t(i)]->cells[node];
            const QRect place(inset + name + i * column, y, column, rowHeight);
            if (cell.differs)
                painter.fillRect(place.adjusted(2, 1, 0, -2), tokens.warnBg);
            painter.setPen(cell.differs ? tokens.warn : tokens.muted);
            const QString text = cell.isMissing ? stateWord(block.nodes[node]) : cell.text;
            painter.drawText(place.adjusted(4, 0, -6, 0), Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine,
                             painter.fontMetrics().elidedText((cell.differs ? u"≠ "_s : QString()) + text,
                                                              Qt::ElideRight, place.width() - 10));
        }
        painter.setPen(tokens.grid);
        painter.drawLine(inset, y + rowHeight - 1, inset + room, y + rowHeight - 1);
        y += rowHeight;
    }
}

} // namespace slotscope
