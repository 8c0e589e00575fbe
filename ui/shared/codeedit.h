// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/decoded.h"

#include <QPlainTextEdit>

namespace slotscope {

class CodeColours;
class Theme;

/// Text editor with line numbers and syntax colours. Changed lines have a bar in front and a mark beside the scroll
/// bar.
class CodeEdit final : public QPlainTextEdit
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CodeEdit)
public:
    explicit CodeEdit(const Theme &theme, QWidget *parent = nullptr);
    /// Replaces the whole text and resets the comparison to it.
    void setCode(const QString &text, Syntax syntax);
    /// The text, with the line ends it was set with.
    [[nodiscard]] QString code() const;
    /// Whether code() returns exactly what was set: a text editor changes some characters (single CR, U+2029).
    [[nodiscard]] bool isExact() const { return m_isExact; }
    /// Position of the cursor as "line : column", from 1.
    [[nodiscard]] QString place() const;
    void goTo(int line, int column); ///< both counted from 1

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
    QStringList m_lines; ///< lines of the original text; empty if it is too long to compare
    QSet<int> m_changed;
};

} // namespace slotscope
