// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/bytesfield.h"

#include "core/base/text.h"
#include "core/protocol/command.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

bool isPlainText(const QByteArray &bytes, bool lines)
{
    if (!bytes.isValidUtf8())
        return false;
    for (const char32_t character : QString::fromUtf8(bytes).toUcs4())
        if (!showsItself(character) && !(lines && (character == U'\n' || character == U'\t')))
            return false;
    return true;
}

BytesField::BytesField(bool isLong, QWidget *parent)
    : QWidget(parent), m_escapes(new QCheckBox(tr("with escapes: \\xNN, \\n, \\\", \\\\"), this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    if (isLong) {
        m_lines = new QPlainTextEdit(this);
        m_lines->setFont(Theme::monoFont());
        m_lines->setMinimumHeight(110);
        m_lines->setTabChangesFocus(true);
        layout->addWidget(m_lines, 1);
        connect(m_lines, &QPlainTextEdit::textChanged, this, &BytesField::changed);
        setFocusProxy(m_lines);
    } else {
        m_line = new QLineEdit(this);
        m_line->setFont(Theme::monoFont());
        layout->addWidget(m_line);
        connect(m_line, &QLineEdit::textChanged, this, &BytesField::changed);
        setFocusProxy(m_line);
    }
    layout->addWidget(m_escapes);
    connect(m_escapes, &QCheckBox::toggled, this, &BytesField::changed);
}

QString BytesField::text() const
{
    if (m_line)
        return m_line->text();
    QString text = m_lines->document()->toRawText(); // toPlainText() would replace U+00A0 by a space
    return text.replace(QChar(QChar::ParagraphSeparator), QChar(u'\n'));
}

void BytesField::setText(const QString &text)
{
    if (m_line)
        m_line->setText(text);
    else
        m_lines->setPlainText(text);
}

void BytesField::selectAll()
{
    if (m_line)
        m_line->selectAll();
    else
        m_lines->selectAll();
}

void BytesField::setBytes(const QByteArray &bytes)
{
    const bool plain = isPlainText(bytes, m_lines != nullptr);
    m_escapes->setChecked(!plain);
    if (plain) {
        setText(QString::fromUtf8(bytes));
        return;
    }
    QByteArray escaped = quoted(bytes);
    if (escaped.startsWith('"'))
        escaped = escaped.mid(1, escaped.size() - 2);
    setText(QString::fromUtf8(escaped));
}

std::optional<QByteArray> BytesField::bytes() const
{
    const QByteArray typed = text().toUtf8();
    if (!m_escapes->isChecked())
        return typed;
    const Result<Command> parsed = parseCommandLine("\"" + typed + "\"");
    if (!parsed || parsed->size() != 1)
        return std::nullopt;
    return parsed->front();
}

} // namespace slotscope
