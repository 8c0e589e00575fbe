// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <optional>

class QCheckBox;
class QPlainTextEdit;
class QLineEdit;

namespace slotscope {

/// A field for bytes: typed as text (UTF-8), or with redis-cli's escapes (\xNN, \n, \", \\) where they are no text.
class BytesField final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(BytesField)
public:
    explicit BytesField(bool isLong, QWidget *parent = nullptr);
    void setBytes(const QByteArray &bytes);
    /// Nothing where the escapes are not well-formed.
    [[nodiscard]] std::optional<QByteArray> bytes() const;
    [[nodiscard]] QCheckBox *escapes() const { return m_escapes; }
    void setText(const QString &text);
    void selectAll();

Q_SIGNALS:
    void changed();

private:
    [[nodiscard]] QString text() const;

    QLineEdit *m_line = nullptr;
    QPlainTextEdit *m_lines = nullptr;
    QCheckBox *m_escapes;
};

/// Whether a field can hold the bytes as plain text: valid UTF-8 without control characters (`lines`: but line breaks
/// and tabs).
[[nodiscard]] bool isPlainText(const QByteArray &bytes, bool lines);

} // namespace slotscope
