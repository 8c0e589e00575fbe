// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/decoded.h"

#include <QPlainTextEdit>

namespace slotscope {

class CodeColours;
class Theme;

/// A text with line numbers, coloured by its syntax. Lines that differ from what was read have a bar in front, and a
/// mark beside the scroll bar.
class CodeEdit final : public QPlainTextEdit
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CodeEdit)
public:
    explicit CodeEdit(const Theme &theme, QWidget *parent = nullptr);
    /// Replaces all; changes are counted from here.
    void setCode(const QString &text, Syntax syntax);
    /// The text, with the line ends that it was given with.
    [[nodiscard]] QString code() const;
    /// Whether code() gives back what was set: an editor of text makes others of some characters (single CR, U+2029).
    [[nodiscard]] bool isExact() const { return m_isExact; }
    /// "line : column", from 1.
    [[nodiscard]] QString place() const;
    void goTo(int line, int column); ///< from 1

protected:
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void paintGutter();
    void placeGutter();
    void findChangedLines();
    [[nodiscard]] int gutterWidth() const;

    const Theme &m_theme;
    QWidget *m_gutter;
    CodeColours *m_colours;
    bool m_isExact = true;
    bool m_hasCrLf = false; ///< every line ends with CR LF
    QStringList m_lines; ///< as they were read; empty where the text is too long to be compared
    QSet<int> m_changed;
};

} // namespace slotscope
