// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <optional>

class QCheckBox;
class QPlainTextEdit;
class QLineEdit;

namespace slotscope {

/// Input field for bytes: typed as text (UTF-8), or with redis-cli's escapes (\xNN,
/// , \", \\) if the bytes are not plain text.
class BytesField final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(BytesField)
public:
    explicit BytesField(bool isLong, QWidget *parent = nullptr);
    void setBytes(const QByteArray &bytes);
    /// Returns nothing if the escapes are not valid.
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

/// Whether the bytes can be shown as plain text: valid UTF-8 without control characters (with `lines`, line breaks and
/// tabs are allowed).
[[nodiscard]] bool isPlainText(const QByteArray &bytes, bool lines);

} // namespace slotscope
