// SPDX-License-Identifier: GPL-3.0-or-later
// Where the blocks are, and what mouse and keys do; replyviewpaint.cpp paints them.
#include "ui/console/replyview.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "ui/console/replymetrics.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QScrollBar>
#include <QToolTip>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

using namespace replymetrics;

ReplyView::ReplyView(ConsoleFeed &feed, const Theme &theme, QWidget *parent)
    : QAbstractScrollArea(parent), m_feed(feed), m_theme(theme)
{
    setObjectName(u"replies"_s);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    viewport()->setMouseTracking(true);
    setAccessibleName(tr("Replies"));
    connect(&feed, &ConsoleFeed::blockAdded, this, [this] {
        m_sticksToEnd = true;
        layOut();
    });
    connect(&feed, &ConsoleFeed::blockChanged, this, &ReplyView::layOut);
    connect(&feed, &ConsoleFeed::blocksGone, this, [this] {
        m_columns.clear();
        m_selection = {};
        layOut();
    });
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
    connect(verticalScrollBar(), &QScrollBar::actionTriggered, this, [this] {
        QMetaObject::invokeMethod(
            this, [this] { m_sticksToEnd = verticalScrollBar()->value() == verticalScrollBar()->maximum(); },
            Qt::QueuedConnection);
    });
}

void ReplyView::setView(const ClusterViewPtr &view)
{
    m_clusterView = view;
    viewport()->update();
}

QStringList ReplyView::notesOf(const ConsoleBlock &block) const
{
    QStringList notes;
    if (!block.isSent) {
        notes.append(block.kept.isEmpty() ? tr("The command was not sent.")
                                          : tr("The command was not sent: %1").arg(block.kept));
        return notes;
    }
    if (block.isBroadcast()) {
        if (block.rows && block.rows->isCut)
            notes.append(tr("Only the first %1 rows are compared.").arg(groupedNumber(BroadcastTable::mostRows)));
        if (block.rows && block.rows->count > int(block.rows->rows.size()))
            notes.append(tr("%1 of %2 rows are shown.")
                             .arg(groupedNumber(qint64(block.rows->rows.size())), groupedNumber(block.rows->count)));
        for (const ConsoleOutcome &outcome : block.nodes)
            if (outcome.state == ConsoleOutcome::State::Failed)
                notes.append(describe(outcome.error));
        return notes;
    }
    for (const ConsoleOutcome &outcome : block.nodes) {
        notes.append(outcome.redirects);
        if (outcome.state == ConsoleOutcome::State::Failed)
            notes.append(describe(outcome.error));
        if (!outcome.note.isEmpty())
            notes.append(outcome.note.split(u'\n'));
    }
    if (block.droppedMessages > 0)
        notes.append(tr("%1 earlier lines were dropped.").arg(groupedNumber(qint64(block.droppedMessages))));
    if (!block.windows.empty() && block.windows[0].isGone)
        notes.append(tr("The reply was dropped to save memory. Run the command again to see it."));
    return notes;
}

qint64 ReplyView::heightOf(const ConsoleBlock &block) const
{
    qint64 height = padding + headHeight + padding;
    if (block.isFolded)
        return height;
    height += notesOf(block).size() * lineHeight;
    if (block.isBroadcast() && block.isSent)
        height += tableHeight(block);
    else
        height += block.lineCount() * (block.view == AnswerView::Table ? rowHeight : lineHeight);
    return height + helpHeight(block);
}

int ReplyView::tableHeight(const ConsoleBlock &block) const
{
    if (block.nodes.size() > mostColumns)
        return rowHeight * int(block.nodes.size() + 1);
    const qsizetype rows = block.rows ? qsizetype(block.rows->rows.size()) : 1;
    return rowHeight * int(rows + 1);
}

void ReplyView::layOut()
{
    m_places.clear();
    qint64 y = 0;
    for (const ConsoleBlock &block : m_feed.blocks()) {
        const qint64 height = heightOf(block);
        m_places.push_back({block.entry, y, height});
        y += height;
    }
    m_total = y;
    if (m_places.empty())
        m_widest = 0;
    updateBars();
    viewport()->update();
}

void ReplyView::updateBars()
{
    constexpr qint64 mostSteps = 1'000'000'000;
    const int page = viewport()->height();
    m_unit = m_total / mostSteps + 1;
    verticalScrollBar()->setPageStep(page);
    verticalScrollBar()->setSingleStep(3 * lineHeight);
    verticalScrollBar()->setRange(0, int(std::max<qint64>(0, (m_total - page) / m_unit + (m_unit > 1 ? 1 : 0))));
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(40);
    horizontalScrollBar()->setRange(0, std::max(0, m_widest - viewport()->width()));
    if (m_sticksToEnd)
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
}

void ReplyView::scrollToEnd()
{
    m_sticksToEnd = true;
    updateBars();
}

qint64 ReplyView::offset() const
{
    return qint64(verticalScrollBar()->value()) * m_unit;
}

void ReplyView::resizeEvent(QResizeEvent *)
{
    layOut();
}

void ReplyView::scrollContentsBy(int, int)
{
    viewport()->update();
}

const ReplyView::Place *ReplyView::placeAt(int y) const
{
    const qint64 at = y + offset();
    const auto found = std::upper_bound(m_places.begin(), m_places.end(), at, [](qint64 value, const Place &place) {
        return value < place.top + place.height;
    });
    return found == m_places.end() || at < 0 ? nullptr : &*found;
}

QRect ReplyView::rectOf(quint64 entry) const
{
    for (const Place &place : m_places)
        if (place.entry == entry)
            return {0, int(place.top - offset()), viewport()->width(), padding + headHeight};
    return {};
}

QRect ReplyView::actionRect(quint64 entry, int action) const
{
    for (const Hit &hit : m_hits)
        if (hit.entry == entry && int(hit.action) == action && hit.node.isEmpty())
            return hit.rect;
    return {};
}

void ReplyView::setCurrentEntry(quint64 entry)
{
    m_current = entry;
    tellPart(this);
    for (const Place &place : m_places) {
        if (place.entry != entry)
            continue;
        const qint64 top = place.top, bottom = std::min(place.top + place.height, place.top + viewport()->height());
        if (top < offset()) {
            m_sticksToEnd = false;
            verticalScrollBar()->setValue(int(top / m_unit));
        } else if (bottom > offset() + viewport()->height()) {
            verticalScrollBar()->setValue(int((bottom - viewport()->height()) / m_unit));
        }
    }
    viewport()->update();
}

void ReplyView::setSearch(const QString &text)
{
    m_search = text;
    viewport()->update();
    if (!text.isEmpty())
        findNext(true);
}

/// Searches what the window has: commands and the lines read so far.
void ReplyView::findNext(bool backwards)
{
    const auto &blocks = m_feed.blocks();
    const int count = int(blocks.size());
    int at = backwards ? count : -1;
    for (int i = 0; i < count; ++i)
        if (blocks[size_t(i)].entry == m_current)
            at = i;
    for (int step = 1; step <= count; ++step) {
        const int index = ((backwards ? at - step : at + step) % count + count) % count;
        const QStringList text = textOf(blocks[size_t(index)].entry);
        if (text.join(u'\n').contains(m_search, Qt::CaseInsensitive)) {
            setCurrentEntry(blocks[size_t(index)].entry);
            return;
        }
    }
}

QStringList ReplyView::textOf(quint64 entry) const
{
    const ConsoleBlock *block = m_feed.block(entry);
    if (!block)
        return {};
    QStringList text{block->line};
    text += notesOf(*block);
    constexpr qint64 most = 4000;
    for (qint64 line = 0; line < std::min(block->lineCount(), most) && !block->isBroadcast(); ++line)
        if (const auto known = block->lineAt(line))
            text.append(*known);
    if (block->rows)
        for (const BroadcastRow &row : block->rows->rows) {
            QStringList cells{row.label};
            for (const BroadcastCell &cell : row.cells)
                cells.append((cell.differs ? u"≠ "_s : QString()) + cell.text);
            text.append(cells.join(u'\t'));
        }
    if (block->help)
        text.append(block->help->text);
    return text;
}

QString ReplyView::spokenPart() const
{
    constexpr int spokenLines = 20;
    return textOf(m_current).mid(0, spokenLines).join(u'\n');
}

void ReplyView::mousePressEvent(QMouseEvent *event)
{
    for (const Hit &hit : m_hits) {
        if (!hit.rect.contains(event->pos()) || event->button() != Qt::LeftButton)
            continue;
        if (hit.node.isEmpty())
            Q_EMIT actionRequested(hit.entry, hit.action);
        else
            Q_EMIT nodeRequested(hit.node);
        return;
    }
    if (const Place *place = placeAt(event->pos().y())) {
        m_current = place->entry;
        if (event->button() == Qt::LeftButton) {
            const auto point = pointAt(event->pos(), 0);
            const ConsoleBlock *block = m_feed.block(place->entry);
            m_selection = {.entry = point ? place->entry : 0,
                           .view = block ? int(block->view) : 0,
                           .anchor = point.value_or(ReplyPoint()),
                           .end = point.value_or(ReplyPoint())};
        }
        tellPart(this);
        viewport()->update();
    }
}

void ReplyView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const Place *place = placeAt(event->pos().y());
    const ConsoleBlock *block = place ? m_feed.block(place->entry) : nullptr;
    if (block && rectOf(place->entry).contains(event->pos()))
        m_feed.fold(place->entry, !block->isFolded);
    else
        (void)selectWord(event->pos());
}

void ReplyView::contextMenuEvent(QContextMenuEvent *event)
{
    if (event->reason() == QContextMenuEvent::Mouse)
        if (const Place *place = placeAt(viewport()->mapFromGlobal(event->globalPos()).y()))
            setCurrentEntry(place->entry);
    if (m_current != 0)
        Q_EMIT menuRequested(m_current,
                             event->reason() == QContextMenuEvent::Mouse
                                 ? event->globalPos()
                                 : viewport()->mapToGlobal(rectOf(m_current).bottomLeft() + QPoint(inset, 0)));
}

void ReplyView::keyPressEvent(QKeyEvent *event)
{
    const auto &blocks = m_feed.blocks();
    const auto move = [&](int by) {
        int at = by > 0 ? -1 : int(blocks.size());
        for (size_t i = 0; i < blocks.size(); ++i)
            if (blocks[i].entry == m_current)
                at = int(i);
        const int next = std::clamp(at + by, 0, int(blocks.size()) - 1);
        if (!blocks.empty())
            setCurrentEntry(blocks[size_t(next)].entry);
    };
    const ConsoleBlock *block = m_feed.block(m_current);
    switch (event->key()) {
    case Qt::Key_Up: move(-1); return;
    case Qt::Key_Down: move(1); return;
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Space:
        if (block)
            m_feed.fold(m_current, event->key() == Qt::Key_Space ? !block->isFolded : event->key() == Qt::Key_Left);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_current != 0)
            Q_EMIT menuRequested(m_current, viewport()->mapToGlobal(rectOf(m_current).bottomLeft() + QPoint(inset, 0)));
        return;
    case Qt::Key_Escape: Q_EMIT editorRequested(); return;
    default: break;
    }
    if (event->matches(QKeySequence::Copy)) {
        if (!m_selection.isEmpty() && m_selection.entry == m_current)
            copySelection();
        else if (block)
            QApplication::clipboard()->setText(textOf(m_current).mid(1).join(u'\n'));
        return;
    }
    QAbstractScrollArea::keyPressEvent(event);
}

bool ReplyView::viewportEvent(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QAbstractScrollArea::viewportEvent(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const Place *place = placeAt(help->pos().y());
    const ConsoleBlock *block = place ? m_feed.block(place->entry) : nullptr;
    if (block && rectOf(place->entry).contains(help->pos()))
        QToolTip::showText(help->globalPos(), plainToolTip(block->line.left(2000)), viewport());
    else
        QToolTip::hideText();
    return true;
}

} // namespace slotscope
