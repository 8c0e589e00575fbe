// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/commandeditor.h"

#include "core/protocol/command.h"
#include "ui/console/completionpopup.h"
#include "ui/shared/theme.h"

#include <QKeyEvent>
#include <QPainter>
#include <QSyntaxHighlighter>
#include <QTextBlock>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int gutterWidth = 34;

/// Colours command names, numbers and comments.
class CommandColours final : public QSyntaxHighlighter
{
public:
    CommandColours(QTextDocument *document, const Theme &theme) : QSyntaxHighlighter(document), m_theme(theme) { }

protected:
    void highlightBlock(const QString &text) override
    {
        const ThemeTokens &tokens = m_theme.tokens();
        if (text.trimmed().startsWith(u'#')) {
            setFormat(0, int(text.size()), tokens.muted);
            return;
        }
        const QByteArray bytes = text.toUtf8();
        const LineReading reading = readCommandLine(bytes);
        for (qsizetype i = 0; i < reading.words.size(); ++i) {
            const LineWord &word = reading.words[i];
            const int begin = int(QString::fromUtf8(bytes.left(word.begin)).size());
            const int end = int(QString::fromUtf8(bytes.left(word.end)).size());
            bool isNumber = false;
            (void)word.bytes.toDouble(&isNumber);
            if (i == 0)
                setFormat(begin, end - begin, tokens.accent);
            else if (isNumber)
                setFormat(begin, end - begin, tokens.warn);
            else if (bytes[word.begin] == '"' || bytes[word.begin] == '\'')
                setFormat(begin, end - begin, tokens.ok);
        }
    }

private:
    const Theme &m_theme;
};

} // namespace

CommandEditor::CommandEditor(const Theme &theme, QWidget *parent)
    : QPlainTextEdit(parent), m_theme(theme), m_gutter(new QWidget(this))
{
    setObjectName(u"editor"_s);
    setFont(Theme::monoFont());
    setFrameShape(QFrame::NoFrame);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setTabChangesFocus(true);
    setAccessibleName(tr("Commands"));
    setViewportMargins(gutterWidth, 4, 0, 4);
    auto *colours = new CommandColours(document(), theme);
    connect(&theme, &Theme::changed, colours, &QSyntaxHighlighter::rehighlight);
    connect(&theme, &Theme::changed, this, &CommandEditor::markLines);
    m_gutter->installEventFilter(this);
    connect(this, &QPlainTextEdit::updateRequest, m_gutter, qOverload<>(&QWidget::update));
    connect(this, &QPlainTextEdit::cursorPositionChanged, this, &CommandEditor::markLines);
    connect(this, &QPlainTextEdit::textChanged, this, [this] {
        m_isFromHistory = false;
        showFault(-1, 0);
        Q_EMIT completionRequested(false);
    });
    markLines();
}

int CommandEditor::currentLine() const
{
    return textCursor().blockNumber();
}

QByteArray CommandEditor::lineText() const
{
    return textCursor().block().text().toUtf8();
}

qsizetype CommandEditor::cursorInLine() const
{
    return textCursor().block().text().left(textCursor().positionInBlock()).toUtf8().size();
}

void CommandEditor::replaceInLine(qsizetype begin, qsizetype end, const QByteArray &text)
{
    const QByteArray line = lineText();
    QTextCursor cursor = textCursor();
    const int start = cursor.block().position();
    cursor.setPosition(start + int(QString::fromUtf8(line.left(begin)).size()));
    cursor.setPosition(start + int(QString::fromUtf8(line.left(end)).size()), QTextCursor::KeepAnchor);
    cursor.insertText(QString::fromUtf8(text));
    setTextCursor(cursor);
}

void CommandEditor::setLineText(const QString &text)
{
    setPlainText(text);
    moveCursor(QTextCursor::End);
    m_isFromHistory = true;
}

QRect CommandEditor::wordRect(qsizetype begin) const
{
    QTextCursor cursor = textCursor();
    cursor.setPosition(cursor.block().position() + int(QString::fromUtf8(lineText().left(begin)).size()));
    QRect rect = cursorRect(cursor);
    rect.translate(viewport()->pos());
    return rect;
}

void CommandEditor::showFault(int line, qsizetype column)
{
    m_faultLine = line;
    m_faultColumn = column;
    markLines();
}

void CommandEditor::markLines()
{
    QList<QTextEdit::ExtraSelection> marks;
    QTextEdit::ExtraSelection current;
    current.format.setBackground(m_theme.tokens().sel);
    current.format.setProperty(QTextFormat::FullWidthSelection, true);
    current.cursor = textCursor();
    current.cursor.clearSelection();
    if (blockCount() > 1)
        marks.append(current);
    const QTextBlock faulty = document()->findBlockByNumber(m_faultLine);
    if (m_faultLine >= 0 && faulty.isValid()) {
        QTextEdit::ExtraSelection fault;
        fault.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        fault.format.setUnderlineColor(m_theme.tokens().errorMark);
        fault.cursor = textCursor();
        const int at = int(QString::fromUtf8(faulty.text().toUtf8().left(m_faultColumn)).size());
        fault.cursor.setPosition(faulty.position() + at);
        fault.cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
        marks.append(fault);
    }
    setExtraSelections(marks);
    m_gutter->update();
}

bool CommandEditor::keyForPopup(QKeyEvent *event)
{
    if (!m_popup || !m_popup->isVisible())
        return false;
    switch (event->key()) {
    case Qt::Key_Up: m_popup->move(-1); return true;
    case Qt::Key_Down: m_popup->move(1); return true;
    case Qt::Key_Tab: m_popup->take(); return true;
    case Qt::Key_Escape: m_popup->hide(); return true;
    default: return false;
    }
}

bool CommandEditor::focusNextPrevChild(bool next)
{
    return m_popup && m_popup->isVisible() ? false : QPlainTextEdit::focusNextPrevChild(next);
}

void CommandEditor::keyPressEvent(QKeyEvent *event)
{
    if (keyForPopup(event))
        return;
    const bool isReturn = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isReturn && event->modifiers() & Qt::ControlModifier) {
        Q_EMIT runAllRequested();
        return;
    }
    if (isReturn && event->modifiers() & Qt::ShiftModifier) {
        Q_EMIT runLineRequested();
        return;
    }
    if (event->key() == Qt::Key_Space && event->modifiers() & Qt::ControlModifier) {
        Q_EMIT completionRequested(true);
        return;
    }
    if (event->key() == Qt::Key_F1) {
        Q_EMIT helpRequested();
        return;
    }
    const bool isUpDown = event->key() == Qt::Key_Up || event->key() == Qt::Key_Down;
    if (isUpDown && event->modifiers() == Qt::NoModifier && (document()->isEmpty() || m_isFromHistory)) {
        Q_EMIT historyRequested(event->key() == Qt::Key_Up ? -1 : 1);
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

void CommandEditor::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    placeGutter();
}

void CommandEditor::placeGutter()
{
    m_gutter->setGeometry(0, 0, gutterWidth, height());
}

bool CommandEditor::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_gutter && event->type() == QEvent::Paint) {
        paintGutter();
        return true;
    }
    return QPlainTextEdit::eventFilter(watched, event);
}

void CommandEditor::paintGutter()
{
    QPainter painter(m_gutter);
    const ThemeTokens &tokens = m_theme.tokens();
    painter.fillRect(m_gutter->rect(), tokens.bg);
    painter.setFont(font());
    for (QTextBlock block = firstVisibleBlock(); block.isValid(); block = block.next()) {
        const QRectF rect = blockBoundingGeometry(block).translated(contentOffset()).translated(0, viewport()->y());
        if (rect.top() > height())
            break;
        const int number = block.blockNumber();
        painter.setPen(number == m_faultLine ? tokens.error : number == currentLine() ? tokens.text : tokens.faint);
        painter.drawText(QRectF(0, rect.top(), gutterWidth - 10, rect.height()), Qt::AlignRight | Qt::AlignVCenter,
                         QString::number(number + 1));
    }
}

} // namespace slotscope
