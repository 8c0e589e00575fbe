// SPDX-License-Identifier: GPL-3.0-or-later
// How blocks are painted. All text is drawn as it is: nothing in it is ever taken for markup.
#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "ui/console/replymetrics.h"
#include "ui/console/replyview.h"
#include "ui/shared/badge.h"
#include "ui/shared/theme.h"

#include <QDateTime>
#include <QPainter>
#include <QRegularExpression>
#include <QScrollBar>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

using namespace replymetrics;

namespace {

QString timeText(qint64 microseconds)
{
    if (microseconds < 1000)
        return ReplyView::tr("%1 ms").arg(double(microseconds) / 1000, 0, 'f', 2);
    if (microseconds < 10'000'000)
        return ReplyView::tr("%1 ms").arg(double(microseconds) / 1000, 0, 'f', 1);
    return duration(microseconds / 1000);
}

} // namespace

QString ReplyView::stateWord(const ConsoleOutcome &outcome)
{
    switch (outcome.state) {
    case ConsoleOutcome::State::Waiting: return tr("waiting");
    case ConsoleOutcome::State::Failed:
        return outcome.error.code == Error::Code::Cancelled ? tr("stopped") : tr("no answer");
    case ConsoleOutcome::State::Unasked: return tr("sent");
    case ConsoleOutcome::State::Streaming: return tr("stream");
    case ConsoleOutcome::State::Ended: return tr("stream ended");
    case ConsoleOutcome::State::Answered:
    case ConsoleOutcome::State::Refused: break;
    }
    return {};
}

QColor ReplyView::colourOf(const QByteArray &nodeId) const
{
    const NodeState *node = m_clusterView ? m_clusterView->node(nodeId) : nullptr;
    if (!node || node->shard < 0)
        return m_theme.tokens().mutedMark;
    return shardColour(m_clusterView->shards[size_t(node->shard)].colour);
}

int ReplyView::helpTextHeight(const ConsoleBlock &block) const
{
    const QFontMetrics metrics(Theme::textFont());
    const QRect room(0, 0, std::max(200, viewport()->width() - 3 * inset), 10000);
    return metrics.boundingRect(room, Qt::TextWordWrap, block.help->text).height();
}

int ReplyView::helpHeight(const ConsoleBlock &block) const
{
    if (!block.help || block.help->text.isEmpty())
        return 0;
    int height = 8 + helpTextHeight(block) + int(block.help->keys.size()) * rowHeight;
    if (!block.help->instead.isEmpty() || !block.help->grant.isEmpty())
        height += buttonHeight + 10;
    return height + 4;
}

void ReplyView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    const ThemeTokens &tokens = m_theme.tokens();
    painter.fillRect(viewport()->rect(), tokens.bg);
    m_hits.clear();
    if (m_places.empty()) {
        painter.setPen(tokens.faint);
        painter.setFont(Theme::textFont());
        painter.drawText(viewport()->rect().adjusted(inset, 0, -inset, 0), Qt::AlignCenter | Qt::TextWordWrap,
                         tr("Enter a command below. Ctrl+Enter runs all lines, Shift+Enter the line with the cursor."));
        return;
    }
    const int widest = m_widest;
    const qint64 from = offset(), to = from + viewport()->height();
    const auto first = std::upper_bound(m_places.begin(), m_places.end(), from, [](qint64 value, const Place &place) {
        return value < place.top + place.height;
    });
    for (auto place = first; place != m_places.end() && place->top < to; ++place)
        if (const ConsoleBlock *block = m_feed.block(place->entry)) {
            // a block of a million lines may begin far above the visible area; lines above it are skipped
            paintBlock(painter, *block, int(std::max<qint64>(place->top - from, std::numeric_limits<int>::min() / 2)));
        }
    if (m_widest > widest) // not from within painting: the scroll bar takes room from the view
        QMetaObject::invokeMethod(this, &ReplyView::updateBars, Qt::QueuedConnection);
}

void ReplyView::paintBlock(QPainter &painter, const ConsoleBlock &block, int top)
{
    const ThemeTokens &tokens = m_theme.tokens();
    const int width = viewport()->width();
    if (block.entry == m_current && hasFocus()) {
        const qint64 height = heightOf(block);
        painter.fillRect(QRect(0, top, 3, int(std::min<qint64>(height, 100000))), tokens.accent);
    }
    paintHead(painter, block, top);
    int y = top + padding + headHeight;
    if (!block.isFolded) {
        painter.setFont(Theme::textFont());
        const QStringList notes = notesOf(block);
        for (const QString &note : notes) {
            const QRect line(inset, y, width - 2 * inset, lineHeight);
            const bool isBad = !block.isSent || block.hasFailed();
            painter.setPen(isBad ? tokens.error : tokens.muted);
            painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                             painter.fontMetrics().elidedText(note, Qt::ElideRight, line.width()));
            y += lineHeight;
        }
        if (block.isBroadcast() && block.isSent && block.nodes.size() > mostColumns)
            paintTransposed(painter, block, y);
        else if (block.isBroadcast() && block.isSent)
            paintBroadcast(painter, block, y);
        else if (block.view == AnswerView::Table && !block.isStream())
            paintCells(painter, block, y);
        else
            paintLines(painter, block, y);
        paintHelp(painter, block, y);
    }
    painter.setPen(tokens.line);
    painter.drawLine(0, y + padding - 1, width, y + padding - 1);
}

QString ReplyView::headRight(const ConsoleBlock &block) const
{
    const QString clock = QDateTime::fromMSecsSinceEpoch(block.at).toString(u"HH:mm:ss"_s);
    if (!block.isSent)
        return tr("held back · %1").arg(clock);
    if (block.nodes.empty())
        return clock;
    if (!block.isBroadcast()) {
        const ConsoleOutcome &outcome = block.nodes[0];
        QStringList parts;
        if (outcome.state == ConsoleOutcome::State::Refused)
            parts.append(tr("refused"));
        else if (const QString word = stateWord(outcome); !word.isEmpty())
            parts.append(word);
        if (outcome.microseconds > 0)
            parts.append(timeText(outcome.microseconds));
        parts.append(clock);
        return parts.join(u" · "_s);
    }
    int answered = 0;
    qint64 shortest = std::numeric_limits<qint64>::max(), longest = 0;
    for (const ConsoleOutcome &outcome : block.nodes)
        if (outcome.state == ConsoleOutcome::State::Answered || outcome.state == ConsoleOutcome::State::Refused) {
            ++answered;
            shortest = std::min(shortest, outcome.microseconds);
            longest = std::max(longest, outcome.microseconds);
        }
    QString text = tr("%1 of %2 nodes answered").arg(answered).arg(block.nodes.size());
    if (answered > 0)
        text += u" · "_s + tr("%1 to %2").arg(timeText(shortest), timeText(longest));
    return text + u" · "_s + clock;
}

void ReplyView::paintHead(QPainter &painter, const ConsoleBlock &block, int top)
{
    const ThemeTokens &tokens = m_theme.tokens();
    QRect rect(inset, top + padding, viewport()->width() - 2 * inset, headHeight);
    if (rect.bottom() < 0)
        return;
    painter.setFont(Theme::smallFont());
    const QString right = headRight(block);
    int rightWidth = painter.fontMetrics().horizontalAdvance(right);
    painter.setPen(tokens.muted);
    painter.drawText(rect, Qt::AlignRight | Qt::AlignVCenter, right);
    if (block.isBroadcast() && block.rows && block.rows->compared > 0) {
        const bool differ = block.rows->differing > 0;
        const QString words = differ ? tr("≠ %1 of %2 differ").arg(block.rows->differing).arg(block.rows->compared)
                                     : tr("all replies are equal");
        const QString toggle = block.onlyDifferences ? tr("Show all") : tr("Only differences");
        if (differ) {
            const int w = painter.fontMetrics().horizontalAdvance(toggle);
            const QRect place(rect.right() - rightWidth - w - 2 * cellGap, rect.top(), w + 4, headHeight);
            painter.setPen(tokens.accent);
            painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter, toggle);
            m_hits.push_back({place, block.entry, Action::OnlyDifferences, {}});
            rightWidth += w + 2 * cellGap;
        }
        const int w = painter.fontMetrics().horizontalAdvance(words);
        painter.setPen(differ ? tokens.warn : tokens.ok);
        painter.drawText(QRect(rect.right() - rightWidth - w - 2 * cellGap, rect.top(), w + 4, headHeight),
                         Qt::AlignLeft | Qt::AlignVCenter, words);
        rightWidth += w + 2 * cellGap;
    }
    if (!block.isBroadcast() && !block.nodes.empty() && !block.nodes[0].nodeName.isEmpty()) {
        const int w = std::min(220, rect.width() / 3);
        const QRect place(rect.right() - rightWidth - w - cellGap, rect.top(), w, headHeight);
        paintNodeName(painter, place, block.nodes[0], Qt::AlignRight);
        rightWidth += w + cellGap;
    }
    rect.setRight(rect.right() - rightWidth - cellGap);
    if (!block.aim.isEmpty()) {
        const QSize size = badgeSize(block.aim);
        paintBadge(painter,
                   QRectF(rect.left(), rect.top() + (headHeight - size.height()) / 2.0, size.width(), size.height()),
                   block.aim, Tone::Neutral, tokens);
        rect.setLeft(rect.left() + size.width() + 8);
    }
    painter.setFont(Theme::monoFont());
    const QString line = (block.isFolded ? u"▸ "_s : QString()) + block.line;
    const QString shown = painter.fontMetrics().elidedText(line, Qt::ElideRight, rect.width());
    const qsizetype blank = shown.indexOf(u' ', block.isFolded ? 2 : 0);
    const QString name = blank < 0 ? shown : shown.left(blank);
    painter.setPen(tokens.accent);
    painter.drawText(rect, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, name);
    rect.setLeft(rect.left() + painter.fontMetrics().horizontalAdvance(name));
    painter.setPen(tokens.text);
    painter.drawText(rect, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, shown.mid(name.size()));
}

/// Paints the shard's square, P or R, and the name, either right-aligned or left-aligned.
void ReplyView::paintNodeName(QPainter &painter, QRect rect, const ConsoleOutcome &outcome, Qt::Alignment alignment)
{
    const ThemeTokens &tokens = m_theme.tokens();
    painter.setFont(Theme::monoFont());
    const QString role = outcome.fromReplica ? tr("R") : tr("P");
    constexpr int square = 10, gap = 6, roleWidth = 14;
    const QString name = painter.fontMetrics().elidedText(outcome.nodeName, Qt::ElideMiddle,
                                                          rect.width() - square - 2 * gap - roleWidth);
    const int width = square + gap + painter.fontMetrics().horizontalAdvance(name) + gap + roleWidth;
    int x = alignment & Qt::AlignRight ? rect.right() - width : rect.left();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colourOf(outcome.nodeId));
    painter.drawRoundedRect(QRectF(x, rect.center().y() - square / 2.0 + 0.5, square, square), 2, 2);
    x += square + gap;
    painter.setPen(tokens.muted);
    painter.drawText(QRect(x, rect.top(), rect.right() - x + 1, rect.height()), Qt::AlignLeft | Qt::AlignVCenter, name);
    m_hits.push_back({QRect(x, rect.top(), painter.fontMetrics().horizontalAdvance(name), rect.height()), 0,
                      Action::Divide, outcome.nodeId});
    x += painter.fontMetrics().horizontalAdvance(name) + gap;
    painter.setPen(outcome.fromReplica ? tokens.muted : tokens.accent);
    painter.drawText(QRect(x, rect.top(), roleWidth, rect.height()), Qt::AlignLeft | Qt::AlignVCenter, role);
}

void ReplyView::paintLines(QPainter &painter, const ConsoleBlock &block, int &y)
{
    const qint64 count = block.lineCount();
    const qint64 first = std::max<qint64>(0, -qint64(y) / lineHeight);
    const qint64 last = std::min<qint64>(count - 1, first + viewport()->height() / lineHeight + 1);
    const bool isError = !block.nodes.empty() && block.nodes[0].state == ConsoleOutcome::State::Refused;
    painter.setFont(Theme::monoFont());
    bool isMissing =
        !block.nodes.empty() && !block.nodes[0].areLinesWhole && (block.windows.empty() || !block.windows[0].isWhole);
    const int shift = horizontalScrollBar()->value();
    for (qint64 line = first; line <= last; ++line) {
        const QRect rect(inset - shift, int(y + line * lineHeight), viewport()->width() - inset + shift, lineHeight);
        if (rect.top() > viewport()->height())
            break;
        if (const auto text = block.lineAt(line)) {
            const bool isSelected = m_selection.entry == block.entry && m_selection.view == int(block.view);
            const int end = paintLine(painter, rect, *text, isError,
                                      isSelected ? m_selection.columnsOf(line, int(text->size())) : std::pair(0, 0));
            m_widest = std::max(m_widest, end + shift + inset);
        } else {
            isMissing = true;
            painter.setPen(m_theme.tokens().faint);
            painter.drawText(rect, Qt::AlignLeft | Qt::AlignVCenter, u"…"_s);
        }
    }
    if (isMissing && last >= first)
        m_feed.wantLines(block.entry, first, last);
    y += int(std::min<qint64>(count * lineHeight, std::numeric_limits<int>::max() / 2));
}

/// Row numbers are muted, types and numbers are emphasised.
int ReplyView::paintLine(QPainter &painter, const QRect &rect, const QString &line, bool isError,
                         std::pair<int, int> selected) const
{
    static const QRegularExpression numbering(u"^[\\s\\d]+[)#~] (?:\\s*\\d+[)#~] )*"_s);
    const ThemeTokens &tokens = m_theme.tokens();
    const QFontMetrics metrics = painter.fontMetrics();
    constexpr qsizetype longest = 2000; // characters that are drawn; the view of bytes shows longer lines completely
    const QString shown = line.size() > longest ? line.left(longest) + u'…' : line;
    QRect rest = rect;
    if (const auto [begin, end] = selected; end > begin)
        painter.fillRect(QRect(rect.left() + metrics.horizontalAdvance(shown.left(begin)), rect.top(),
                               metrics.horizontalAdvance(shown.mid(begin, end - begin)), rect.height()),
                         tokens.sel);
    if (!m_search.isEmpty()) {
        const qsizetype at = shown.indexOf(m_search, 0, Qt::CaseInsensitive);
        if (at >= 0)
            painter.fillRect(QRect(rect.left() + metrics.horizontalAdvance(shown.left(at)), rect.top(),
                                   metrics.horizontalAdvance(shown.mid(at, m_search.size())), rect.height()),
                             tokens.warnBg);
    }
    qsizetype from = 0;
    const auto draw = [&](qsizetype to, const QColor &colour) {
        const QString part = shown.mid(from, to - from);
        painter.setPen(colour);
        painter.drawText(rest, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, part);
        rest.setLeft(rest.left() + metrics.horizontalAdvance(part));
        from = to;
    };
    if (const auto match = numbering.match(shown); match.hasMatch())
        draw(match.capturedEnd(), tokens.muted);
    const QString body = shown.mid(from);
    if (isError || body.startsWith(u"(error)"_s))
        draw(shown.size(), tokens.error);
    else if (body.startsWith(u"(integer)"_s) || body.startsWith(u"(double)"_s))
        draw(shown.size(), tokens.warn);
    else if (body.startsWith(u"(nil)"_s) || body.startsWith(u"(empty"_s) || body.startsWith(u'#'))
        draw(shown.size(), tokens.muted);
    else
        draw(shown.size(), tokens.text);
    return rest.left();
}

void ReplyView::paintHelp(QPainter &painter, const ConsoleBlock &block, int &y)
{
    const int height = helpHeight(block);
    if (height == 0)
        return;
    const ThemeTokens &tokens = m_theme.tokens();
    const ErrorHelp &help = *block.help;
    painter.fillRect(QRect(inset, y + 6, helpBar, height - 8), tokens.errorMark);
    const int left = inset + helpBar + 12;
    int at = y + 6;
    painter.setFont(Theme::textFont());
    painter.setPen(tokens.text);
    const int textHeight = helpTextHeight(block);
    painter.drawText(QRect(left, at, viewport()->width() - left - inset, textHeight), Qt::TextWordWrap, help.text);
    at += textHeight + 2;
    for (const ErrorHelp::KeyRow &row : help.keys) {
        painter.setFont(Theme::monoFont());
        painter.setPen(tokens.text);
        painter.drawText(QRect(left, at, 220, rowHeight), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                         painter.fontMetrics().elidedText(toDisplay(row.key), Qt::ElideMiddle, 214));
        painter.setFont(Theme::textFont());
        painter.drawText(QRect(left + 220, at, 100, rowHeight), Qt::AlignRight | Qt::AlignVCenter,
                         tr("slot %1").arg(groupedNumber(row.slot)));
        ConsoleOutcome owner;
        owner.nodeId = row.nodeId;
        owner.nodeName = row.nodeName.isEmpty() ? tr("no node") : row.nodeName;
        paintNodeName(painter, QRect(left + 336, at, 240, rowHeight), owner, Qt::AlignLeft);
        at += rowHeight;
    }
    if (!help.instead.isEmpty())
        paintButton(painter, QRect(left, at + 4, 160, buttonHeight), tr("Run as %1 commands").arg(help.instead.size()),
                    block.entry, Action::Divide);
    else if (!help.grant.isEmpty())
        paintButton(painter, QRect(left, at + 4, 160, buttonHeight), tr("Copy the ACL command"), block.entry,
                    Action::CopyGrant);
    y += height;
}

void ReplyView::paintButton(QPainter &painter, const QRect &rect, const QString &text, quint64 entry, Action action)
{
    const ThemeTokens &tokens = m_theme.tokens();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(tokens.line2);
    painter.setBrush(tokens.surface);
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    painter.setFont(Theme::textFont());
    painter.setPen(tokens.text);
    painter.drawText(rect, Qt::AlignCenter, text);
    m_hits.push_back({rect, entry, action, {}});
}

} // namespace slotscope
