// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/hexview.h"

#include "ui/shared/theme.h"

#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int keptBytes = 8 * 1024 * 1024;

QString hexOf(const QByteArray &bytes)
{
    QString text;
    for (int i = 0; i < HexView::perLine; ++i) {
        text += i < bytes.size() ? QString::fromLatin1(bytes.mid(i, 1).toHex()) : u"  "_s;
        text += i == 7 ? u"  "_s : u" "_s;
    }
    return text;
}

QString textOf(const QByteArray &bytes)
{
    QString text;
    for (const char byte : bytes)
        text += byte >= 0x20 && byte < 0x7f ? QChar(QLatin1Char(byte)) : QChar(u'·');
    return text;
}

} // namespace

HexView::HexView(const Theme &theme, QWidget *parent) : QAbstractScrollArea(parent), m_theme(theme), m_pages(keptBytes)
{
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setAccessibleName(tr("Bytes"));
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void HexView::setSize(qint64 bytes)
{
    m_size = bytes;
    m_pages.clear();
    m_asked.clear();
    m_hasAll = false;
    m_all = m_original = QByteArray();
    m_patched.clear();
    m_cursor = std::clamp<qint64>(m_cursor, 0, std::max<qint64>(0, m_size - 1));
    updateBar();
    viewport()->update();
    askForVisible();
}

void HexView::setBytes(const QByteArray &bytes)
{
    m_size = bytes.size();
    m_pages.clear();
    m_asked.clear();
    m_hasAll = true;
    m_all = m_original = bytes;
    m_patched.clear();
    m_cursor = std::clamp<qint64>(m_cursor, 0, m_size);
    updateBar();
    viewport()->update();
}

void HexView::takePage(qint64 offset, const QByteArray &bytes)
{
    m_asked.remove(offset);
    m_pages.insert(offset, new QByteArray(bytes), std::max<qsizetype>(1, bytes.size()));
    viewport()->update();
}

qint64 HexView::lines() const
{
    const qint64 shown = m_size + (m_hasAll && m_editable ? 1 : 0); // with the place where typing appends
    return (shown + perLine - 1) / perLine;
}

int HexView::lineHeight() const
{
    return QFontMetrics(Theme::monoFont()).height() + 3;
}

int HexView::linesOnScreen() const
{
    return std::max(1, viewport()->height() / lineHeight());
}

qint64 HexView::topLine() const
{
    return std::min<qint64>(verticalScrollBar()->value() * m_linesPerStep, std::max<qint64>(0, lines() - 1));
}

void HexView::goToOffset(qint64 offset)
{
    verticalScrollBar()->setValue(int(offset / perLine / m_linesPerStep));
}

void HexView::updateBar()
{
    constexpr qint64 most = 1'000'000'000;
    m_linesPerStep = std::max<qint64>(1, lines() / most);
    verticalScrollBar()->setRange(0, int(std::max<qint64>(0, lines() - linesOnScreen()) / m_linesPerStep));
    verticalScrollBar()->setPageStep(std::max(1, int(linesOnScreen() / m_linesPerStep)));
    const int width = QFontMetrics(Theme::monoFont()).horizontalAdvance(u'0') * (12 + 3 * perLine + 3 + perLine) + 32;
    horizontalScrollBar()->setRange(0, std::max(0, width - viewport()->width()));
    horizontalScrollBar()->setPageStep(viewport()->width());
}

QByteArray HexView::bytesOf(qint64 line) const
{
    const qint64 offset = line * perLine, page = offset / pageBytes * pageBytes;
    if (m_hasAll)
        return m_all.mid(offset, perLine);
    const QByteArray *found = m_pages.object(page);
    QByteArray bytes = found ? found->mid(offset - page, perLine) : QByteArray();
    for (auto patch = m_patched.lowerBound(offset); patch != m_patched.end() && patch.key() < offset + bytes.size();
         ++patch)
        bytes[patch.key() - offset] = patch->second;
    return bytes;
}

QString HexView::lineAt(qint64 line) const
{
    const QByteArray bytes = bytesOf(line);
    const QString offset = QString::number(line * perLine, 16).rightJustified(8, u'0');
    return bytes.isEmpty() ? offset + u"  …"_s : offset + u"  "_s + hexOf(bytes) + u' ' + textOf(bytes);
}

void HexView::askForVisible()
{
    if (m_size == 0 || m_hasAll)
        return;
    const qint64 first = topLine() * perLine / pageBytes,
                 last = std::min(m_size - 1, (topLine() + linesOnScreen()) * perLine) / pageBytes;
    for (qint64 page = first; page <= last; ++page) {
        const qint64 offset = page * pageBytes;
        if (m_pages.contains(offset) || m_asked.contains(offset))
            continue;
        m_asked.insert(offset);
        Q_EMIT pageWanted(offset);
    }
}

void HexView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    const ThemeTokens &tokens = m_theme.tokens();
    painter.setFont(Theme::monoFont());
    const int height = lineHeight(), digit = QFontMetrics(Theme::monoFont()).horizontalAdvance(u'0');
    const int left = 16 - horizontalScrollBar()->value();
    const qint64 top = topLine(), last = std::min(lines(), top + linesOnScreen() + 1);
    for (qint64 line = top; line < last; ++line) {
        const int y = int(line - top) * height + QFontMetrics(Theme::monoFont()).ascent() + 4;
        const QByteArray bytes = bytesOf(line);
        painter.setPen(tokens.faint);
        painter.drawText(left, y, QString::number(line * perLine, 16).rightJustified(8, u'0'));
        if (bytes.isEmpty() && !m_hasAll) {
            painter.drawText(left + 11 * digit, y, u"…"_s);
            continue;
        }
        paintMarks(painter, line, bytes);
        painter.setPen(tokens.text);
        painter.drawText(left + 11 * digit, y, hexOf(bytes));
        painter.setPen(tokens.muted);
        painter.drawText(left + (11 + 3 * perLine + 3) * digit, y, textOf(bytes));
    }
}

void HexView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateBar();
    askForVisible();
}

void HexView::scrollContentsBy(int, int)
{
    viewport()->update();
    askForVisible();
    tellPart(this);
}

void HexView::keyPressEvent(QKeyEvent *event)
{
    QScrollBar *bar = verticalScrollBar();
    if (m_editable && (moveCursor(*event) || type(*event)))
        return;
    switch (event->key()) {
    case Qt::Key_Up: bar->setValue(bar->value() - 1); break;
    case Qt::Key_Down: bar->setValue(bar->value() + 1); break;
    case Qt::Key_PageUp: bar->setValue(bar->value() - bar->pageStep()); break;
    case Qt::Key_PageDown: bar->setValue(bar->value() + bar->pageStep()); break;
    case Qt::Key_Home: bar->setValue(0); break;
    case Qt::Key_End: bar->setValue(bar->maximum()); break;
    default: QAbstractScrollArea::keyPressEvent(event);
    }
}

} // namespace slotscope
