// SPDX-License-Identifier: GPL-3.0-or-later
// The cursor of HexView, and what typing does.
#include "ui/browser/hexview.h"
#include "ui/shared/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

namespace slotscope {

namespace {

constexpr int firstHex = 11, firstText = firstHex + 3 * HexView::perLine + 3; ///< columns, in characters
constexpr int margin = 16;

int hexColumn(int at)
{
    return firstHex + 3 * at + (at > 7 ? 1 : 0);
}

int hexValue(QChar letter)
{
    bool isHex = false;
    const int value = QString(letter).toInt(&isHex, 16);
    return isHex ? value : -1;
}

} // namespace

void HexView::setEditable(bool editable)
{
    if (m_editable == editable)
        return;
    m_editable = editable;
    updateBar();
    viewport()->update();
}

bool HexView::isEdited() const
{
    return m_hasAll ? m_all != m_original : !m_patched.isEmpty();
}

QList<HexView::Patch> HexView::patches() const
{
    QList<Patch> all;
    for (auto each = m_patched.cbegin(); each != m_patched.cend(); ++each) {
        if (all.isEmpty() || all.last().offset + all.last().after.size() != each.key())
            all.append(Patch{each.key(), {}, {}});
        all.last().before += each->first;
        all.last().after += each->second;
    }
    return all;
}

void HexView::dropEdits()
{
    change([this] {
        m_all = m_original;
        m_patched.clear();
        m_cursor = std::min(m_cursor, qint64(m_hasAll ? m_all.size() : m_size));
    });
    readAgain();
}

void HexView::takeSaved(const QByteArray &sent)
{
    m_original = sent;
    viewport()->update();
}

void HexView::takeSaved(const QList<Patch> &sent)
{
    for (const Patch &patch : sent) {
        for (qint64 at = 0; at < patch.after.size(); ++at) {
            const qint64 offset = patch.offset + at;
            const char saved = patch.after[at];
            QByteArray *page = m_pages.object(offset / pageBytes * pageBytes);
            if (page && offset % pageBytes < page->size())
                (*page)[offset % pageBytes] = saved;
            const auto typed = m_patched.find(offset);
            const char now = typed == m_patched.end() ? patch.before[at] : typed->second;
            if (now == saved)
                m_patched.remove(offset);
            else
                m_patched[offset] = {saved, now};
        }
    }
    readAgain();
    viewport()->update();
}

void HexView::readAgain()
{
    if (m_hasAll)
        return;
    const qint64 first = topLine() * perLine, last = first + qint64(linesOnScreen() + 1) * perLine;
    for (const qint64 page : m_pages.keys())
        if (page + pageBytes <= first || page > last)
            m_pages.remove(page);
    m_asked.clear();
    for (qint64 page = first / pageBytes * pageBytes; page <= last && page < m_size; page += pageBytes) {
        m_asked.insert(page);
        Q_EMIT pageWanted(page);
    }
}

/// Makes a change and tells the others about it.
void HexView::change(const std::function<void()> &act)
{
    act();
    if (m_hasAll)
        m_size = m_all.size();
    updateBar();
    viewport()->update();
    Q_EMIT edited();
    tellPart(this);
}

std::optional<char> HexView::byteAt(qint64 offset) const
{
    const QByteArray line = bytesOf(offset / perLine);
    const qint64 at = offset % perLine;
    return at < line.size() ? std::optional<char>(line[at]) : std::nullopt;
}

bool HexView::isChangedAt(qint64 offset) const
{
    if (!m_hasAll)
        return m_patched.contains(offset);
    return offset >= m_original.size() || offset >= m_all.size() || m_all[offset] != m_original[offset];
}

void HexView::setCursor(qint64 offset)
{
    m_cursor = std::clamp<qint64>(offset, 0, m_hasAll ? m_size : std::max<qint64>(0, m_size - 1));
    m_isLow = false;
    const qint64 line = m_cursor / perLine, top = topLine();
    if (line < top)
        verticalScrollBar()->setValue(int(line / m_linesPerStep));
    else if (line >= top + linesOnScreen())
        verticalScrollBar()->setValue(int((line - linesOnScreen() + 1 + m_linesPerStep - 1) / m_linesPerStep));
    viewport()->update();
    Q_EMIT cursorMoved();
}

QRect HexView::placeOf(qint64 offset, bool inText) const
{
    const int digit = QFontMetrics(Theme::monoFont()).horizontalAdvance(u'0'), at = int(offset % perLine);
    const int left = margin - horizontalScrollBar()->value();
    const int top = int(offset / perLine - topLine()) * lineHeight();
    const int column = inText ? firstText + at : hexColumn(at);
    return {left + column * digit, top + 2, (inText ? 1 : 2) * digit, lineHeight()};
}

/// Marks changed bytes and the cursor in both columns.
void HexView::paintMarks(QPainter &painter, qint64 line, const QByteArray &bytes) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    QColor changed = tokens.warnMark;
    changed.setAlphaF(0.35F);
    for (qint64 at = 0; at < bytes.size(); ++at) {
        if (!isChangedAt(line * perLine + at))
            continue;
        for (const bool inText : {false, true})
            painter.fillRect(placeOf(line * perLine + at, inText), changed);
    }
    if (!m_editable || m_cursor / perLine != line)
        return;
    for (const bool inText : {false, true}) {
        const bool isHere = inText == m_inText && hasFocus();
        painter.setPen(isHere ? tokens.accent : tokens.muted);
        painter.drawRect(placeOf(m_cursor, inText).adjusted(-1, 0, 0, -1));
    }
}

void HexView::mousePressEvent(QMouseEvent *event)
{
    const int digit = QFontMetrics(Theme::monoFont()).horizontalAdvance(u'0');
    const int column = (int(event->position().x()) - margin + horizontalScrollBar()->value()) / digit;
    const qint64 line = topLine() + int(event->position().y()) / lineHeight();
    if (!m_editable || column < firstHex || line >= lines()) {
        QAbstractScrollArea::mousePressEvent(event);
        return;
    }
    m_inText = column >= firstText;
    const int in = column - firstHex;
    const int at = m_inText ? column - firstText : (in >= 3 * 8 ? in - 1 : in) / 3;
    setCursor(line * perLine + std::min(at, perLine - 1));
}

/// F2 changes the column, because Tab leaves the view, as everywhere.
bool HexView::moveCursor(const QKeyEvent &event)
{
    const qint64 page = qint64(linesOnScreen()) * perLine;
    const bool isFar = event.modifiers().testFlag(Qt::ControlModifier);
    switch (event.key()) {
    case Qt::Key_Left: setCursor(m_cursor - 1); return true;
    case Qt::Key_Right: setCursor(m_cursor + 1); return true;
    case Qt::Key_Up: setCursor(m_cursor < perLine ? m_cursor : m_cursor - perLine); return true;
    case Qt::Key_Down: setCursor(m_cursor + perLine); return true;
    case Qt::Key_PageUp: setCursor(m_cursor - page); return true;
    case Qt::Key_PageDown: setCursor(m_cursor + page); return true;
    case Qt::Key_Home: setCursor(isFar ? 0 : m_cursor / perLine * perLine); return true;
    case Qt::Key_End: setCursor(isFar ? m_size : m_cursor / perLine * perLine + perLine - 1); return true;
    case Qt::Key_F2:
        m_inText = !m_inText;
        setCursor(m_cursor);
        return true;
    default: return false;
    }
}

/// Puts a byte at the cursor. Ignored at the end of a value that is not here as a whole, and where the page has not
/// arrived yet.
void HexView::overwrite(char byte)
{
    const auto before = byteAt(m_cursor);
    if (m_hasAll) {
        change([this, byte] {
            if (m_cursor == m_all.size())
                m_all.append(byte);
            else
                m_all[m_cursor] = byte;
        });
    } else if (before) {
        change([this, byte, before] {
            auto patch = m_patched.find(m_cursor);
            if (patch == m_patched.end())
                patch = m_patched.insert(m_cursor, {*before, byte});
            patch->second = byte;
            if (patch->first == byte)
                m_patched.erase(patch);
        });
    }
}

bool HexView::type(const QKeyEvent &event)
{
    if (m_hasAll && event.key() == Qt::Key_Insert) {
        change([this] { m_all.insert(m_cursor, '\0'); });
        return true;
    }
    if (m_hasAll && (event.key() == Qt::Key_Delete || event.key() == Qt::Key_Backspace)) {
        const qint64 at = event.key() == Qt::Key_Delete ? m_cursor : m_cursor - 1;
        if (at >= 0 && at < m_all.size()) {
            change([this, at] { m_all.remove(at, 1); });
            setCursor(at);
        }
        return true;
    }
    const QString text = event.text();
    if (text.size() != 1 || event.modifiers().testAnyFlags(Qt::ControlModifier | Qt::AltModifier)
        || text[0].unicode() < 0x20 || text[0].unicode() > 0x7e)
        return false;
    if (m_inText) {
        overwrite(text[0].toLatin1());
        setCursor(m_cursor + 1);
        return true;
    }
    const int digit = hexValue(text[0]);
    if (digit < 0)
        return false;
    const int now = uchar(byteAt(m_cursor).value_or('\0'));
    const bool wasLow = m_isLow;
    overwrite(char(wasLow ? (now & 0xf0) | digit : (now & 0x0f) | digit << 4));
    if (wasLow)
        setCursor(m_cursor + 1);
    m_isLow = !wasLow;
    return true;
}

} // namespace slotscope
