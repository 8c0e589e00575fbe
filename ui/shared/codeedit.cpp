// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/codeedit.h"

#include "ui/shared/jsonruns.h"
#include "ui/shared/theme.h"

#include <QPainter>
#include <QRegularExpression>
#include <QScrollBar>
#include <QSyntaxHighlighter>
#include <QTextBlock>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

namespace {

constexpr int mostColoured = 2'000'000; // in characters: longer texts are not coloured
constexpr int mostCompared = 20'000; // in lines

} // namespace

/// Colours JSON (including extended JSON) and XML, block by block, without state from other lines.
class CodeColours final : public QSyntaxHighlighter
{
    Q_DISABLE_COPY_MOVE(CodeColours)
public:
    CodeColours(const Theme &theme, QTextDocument *document) : QSyntaxHighlighter(document), m_theme(theme) { }
    void setSyntax(Syntax syntax) { m_syntax = syntax; }

protected:
    void highlightBlock(const QString &line) override
    {
        if (document()->characterCount() > mostColoured || line.size() > 20'000)
            return;
        if (m_syntax == Syntax::Json)
            json(line);
        else if (m_syntax == Syntax::Xml || m_syntax == Syntax::Html)
            markup(line);
    }

private:
    void json(const QString &line)
    {
        int from = 0;
        for (const JsonRun &run : jsonRuns(line)) {
            if (run.what != JsonRun::What::Sign)
                setFormat(from, run.end - from, jsonColour(run.what, m_theme));
            from = run.end;
        }
    }
    void markup(const QString &line)
    {
        static const QRegularExpression tag(u"</?[A-Za-z][^>]*>?"_s), value(u"\"[^\"]*\""_s);
        for (auto it = tag.globalMatch(line); it.hasNext();) {
            const auto match = it.next();
            setFormat(int(match.capturedStart()), int(match.capturedLength()), m_theme.tokens().accent);
            for (auto inner = value.globalMatch(match.captured()); inner.hasNext();) {
                const auto quoted = inner.next();
                setFormat(int(match.capturedStart() + quoted.capturedStart()), int(quoted.capturedLength()),
                          m_theme.tokens().ok);
            }
        }
    }

    const Theme &m_theme;
    Syntax m_syntax = Syntax::Plain;
};

CodeEdit::CodeEdit(const Theme &theme, QWidget *parent)
    : QPlainTextEdit(parent), m_theme(theme), m_gutter(new QWidget(this)), m_colours(new CodeColours(theme, document()))
{
    setObjectName(u"codeEdit"_s);
    setFont(Theme::monoFont());
    setLineWrapMode(NoWrap);
    setTabChangesFocus(false);
    setFrameShape(NoFrame);
    m_gutter->installEventFilter(this);
    connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect &rect, int dy) {
        if (dy != 0)
            m_gutter->scroll(0, dy);
        else
            m_gutter->update(0, rect.y(), m_gutter->width(), rect.height());
    });
    connect(this, &QPlainTextEdit::blockCountChanged, this, &CodeEdit::placeGutter);
    connect(this, &QPlainTextEdit::textChanged, this, &CodeEdit::findChangedLines);
    connect(this, &QPlainTextEdit::cursorPositionChanged, viewport(), qOverload<>(&QWidget::update));
    connect(&theme, &Theme::changed, this, [this] { m_colours->rehighlight(); });
    placeGutter();
}

void CodeEdit::setCode(const QString &text, Syntax syntax)
{
    m_colours->setSyntax(syntax);
    const qsizetype breaks = text.count(u'\n');
    m_hasCrLf = breaks > 0 && text.count(u"\r\n"_s) == breaks && text.count(u'\r') == breaks;
    QString plain = text;
    if (m_hasCrLf)
        plain.replace(u"\r\n"_s, u"\n"_s);
    m_lines = breaks < mostCompared ? plain.split(u'\n') : QStringList();
    m_changed.clear();
    setPlainText(plain);
    document()->setModified(false);
    placeGutter(); // the caller may have blocked the signals that do this
    m_gutter->update();
    m_isExact = code() == text;
}

QString CodeEdit::code() const
{
    QString text = document()->toRawText(); // toPlainText() would replace U+00A0 by a space
    text.replace(QChar(QChar::ParagraphSeparator), m_hasCrLf ? u"\r\n"_s : u"\n"_s);
    return text;
}

QString CodeEdit::place() const
{
    const QTextCursor cursor = textCursor();
    return u"%1 : %2"_s.arg(cursor.blockNumber() + 1).arg(cursor.positionInBlock() + 1);
}

void CodeEdit::goTo(int line, int column)
{
    const QTextBlock block = document()->findBlockByNumber(std::max(0, line - 1));
    QTextCursor cursor(block.isValid() ? block : document()->lastBlock());
    cursor.movePosition(QTextCursor::Right, QTextCursor::MoveAnchor,
                        std::min(std::max(0, column - 1), cursor.block().length() - 1));
    setTextCursor(cursor);
    centerCursor();
}

/// Compares by content: common lines at the start and the end are unchanged, everything in between is marked as
/// changed.
void CodeEdit::findChangedLines()
{
    QSet<int> changed;
    if (!m_lines.isEmpty() && document()->isModified() && blockCount() < mostCompared) {
        int top = 0;
        QTextBlock block = document()->firstBlock();
        while (block.isValid() && top < m_lines.size() && block.text() == m_lines[top]) {
            block = block.next();
            ++top;
        }
        int bottom = 0;
        const int most = std::min(blockCount(), int(m_lines.size())) - top;
        QTextBlock back = document()->lastBlock();
        while (bottom < most && back.text() == m_lines[m_lines.size() - 1 - bottom]) {
            back = back.previous();
            ++bottom;
        }
        for (int line = top; line < blockCount() - bottom; ++line)
            changed.insert(line);
    }
    if (changed != m_changed) {
        m_changed = changed;
        m_gutter->update();
    }
}

int CodeEdit::gutterWidth() const
{
    const int digits = std::max(3, int(QString::number(blockCount()).size()));
    return QFontMetrics(Theme::monoFont()).horizontalAdvance(u'9') * digits + 24;
}

void CodeEdit::placeGutter()
{
    setViewportMargins(gutterWidth(), 0, 0, 0);
    const QRect area = contentsRect();
    m_gutter->setGeometry(area.left(), area.top(), gutterWidth(), area.height());
}

void CodeEdit::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    placeGutter();
}

bool CodeEdit::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_gutter && event->type() == QEvent::Paint) {
        paintGutter();
        return true;
    }
    return QPlainTextEdit::eventFilter(watched, event);
}

void CodeEdit::paintGutter()
{
    QPainter painter(m_gutter);
    const ThemeTokens &tokens = m_theme.tokens();
    painter.fillRect(m_gutter->rect(), tokens.bg);
    painter.setFont(Theme::monoFont());
    const int current = textCursor().blockNumber();
    for (QTextBlock block = firstVisibleBlock(); block.isValid(); block = block.next()) {
        const QRectF area = blockBoundingGeometry(block).translated(contentOffset());
        if (area.top() > m_gutter->height())
            break;
        const int line = block.blockNumber();
        painter.setPen(line == current ? tokens.text : tokens.faint);
        painter.drawText(QRectF(0, area.top(), m_gutter->width() - 14, fontMetrics().height()), Qt::AlignRight,
                         QString::number(line + 1));
        if (m_changed.contains(line))
            painter.fillRect(QRectF(m_gutter->width() - 6, area.top(), 3, area.height()), tokens.accentMark);
    }
}

} // namespace slotscope
