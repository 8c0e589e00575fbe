// SPDX-License-Identifier: GPL-3.0-or-later
// Selecting text of an answer with the mouse: lines of one block, as they are painted.
#include "ui/console/replymetrics.h"
#include "ui/console/replyview.h"
#include "ui/shared/exporting.h"
#include "ui/shared/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QMouseEvent>
#include <QScrollBar>

namespace slotscope {

using namespace replymetrics;

namespace {

constexpr qint64 mostCopied = 100'000; // characters that can be copied; more has to be saved as a file

} // namespace

/// With `entry` 0, uses the block below the point. Returns nothing if no lines are painted there: a head, a table, a
/// side-by-side view.
std::optional<ReplyPoint> ReplyView::pointAt(const QPoint &point, quint64 entry) const
{
    const Place *place = placeAt(point.y());
    for (const Place &each : m_places)
        if (entry != 0 && each.entry == entry)
            place = &each;
    const ConsoleBlock *block = place ? m_feed.block(place->entry) : nullptr;
    const bool isTable = block && block->view == AnswerView::Table && !block->isStream();
    if (!block || block->isFolded || block->isBroadcast() || isTable || block->lineCount() == 0)
        return std::nullopt;
    const qint64 top = place->top + padding + headHeight + notesOf(*block).size() * lineHeight;
    const qint64 at = point.y() + offset() - top;
    if (entry == 0 && (at < 0 || at >= block->lineCount() * lineHeight))
        return std::nullopt;
    ReplyPoint found;
    found.line = std::clamp<qint64>(at < 0 ? 0 : at / lineHeight, 0, block->lineCount() - 1);
    const QString line = block->lineAt(found.line).value_or(QString());
    const QFontMetrics metrics(Theme::monoFont());
    const int x = point.x() - inset + horizontalScrollBar()->value();
    while (found.column < line.size()) { // finds the nearest gap between two characters
        const int here = metrics.horizontalAdvance(line.left(found.column));
        const int next = metrics.horizontalAdvance(line.left(found.column + 1));
        if (x < (here + next) / 2)
            break;
        ++found.column;
    }
    return found;
}

QString ReplyView::selectedText() const
{
    const ConsoleBlock *block = m_selection.isEmpty() ? nullptr : m_feed.block(m_selection.entry);
    QStringList lines;
    const qint64 from = m_selection.first().line, to = m_selection.last().line;
    if (!block || int(block->view) != m_selection.view || to - from >= mostCopied)
        return {};
    for (qint64 line = from; line <= to; ++line) {
        const auto text = block->lineAt(line);
        if (!text)
            return {}; // some line is not read yet, and a part must not look like the whole
        const auto [begin, end] = m_selection.columnsOf(line, int(text->size()));
        lines.append(text->mid(begin, end - begin));
    }
    return lines.join(u'\n');
}

void ReplyView::copySelection()
{
    if (const QString text = selectedText(); !text.isEmpty())
        QApplication::clipboard()->setText(text);
    else
        tellBriefly(this, tr("Not copied: the window has not read all of these lines. Save the reply instead."));
}

void ReplyView::mouseMoveEvent(QMouseEvent *event)
{
    if (!(event->buttons() & Qt::LeftButton) || m_selection.entry == 0)
        return QAbstractScrollArea::mouseMoveEvent(event);
    const int y = int(event->position().y());
    if (y < 0 || y > viewport()->height())
        verticalScrollBar()->setValue(verticalScrollBar()->value() + (y < 0 ? -lineHeight : lineHeight));
    if (const auto point = pointAt(event->pos(), m_selection.entry))
        m_selection.end = *point;
    viewport()->update();
}

/// A double click selects the word there.
bool ReplyView::selectWord(const QPoint &point)
{
    const Place *place = placeAt(point.y());
    const auto at = pointAt(point, 0);
    const ConsoleBlock *block = place && at ? m_feed.block(place->entry) : nullptr;
    const QString line = block ? block->lineAt(at->line).value_or(QString()) : QString();
    if (line.isEmpty())
        return false;
    const auto isPart = [&line](int i) { return !line[i].isSpace() && line[i] != u'"'; };
    int from = std::min(at->column, int(line.size()) - 1), to = from;
    while (from > 0 && isPart(from - 1))
        --from;
    while (to < line.size() && isPart(to))
        ++to;
    m_selection = {.entry = place->entry, .view = int(block->view), .anchor = {at->line, from}, .end = {at->line, to}};
    viewport()->update();
    return true;
}

} // namespace slotscope
