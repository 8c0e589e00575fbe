// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>

namespace slotscope {

class CompletionPopup;
class Theme;

/// Where commands are typed: several lines, numbered, lightly coloured.
class CommandEditor final : public QPlainTextEdit
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CommandEditor)
public:
    explicit CommandEditor(const Theme &theme, QWidget *parent = nullptr);

    void setPopup(CompletionPopup *popup) { m_popup = popup; }
    [[nodiscard]] int currentLine() const; ///< from 0
    [[nodiscard]] QByteArray lineText() const; ///< of the current line
    [[nodiscard]] qsizetype cursorInLine() const; ///< in bytes of lineText()
    /// Puts text in place of bytes [begin, end) of the current line.
    void replaceInLine(qsizetype begin, qsizetype end, const QByteArray &text);
    void showFault(int line, qsizetype column); ///< marks the place; line -1: none
    void setLineText(const QString &text); ///< replaces all
    [[nodiscard]] QRect wordRect(qsizetype begin) const; ///< where a byte of the current line is

Q_SIGNALS:
    void runAllRequested();
    void runLineRequested();
    void historyRequested(int direction); ///< -1: an older one
    void completionRequested(bool byUser);
    void helpRequested(); ///< F1

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    bool focusNextPrevChild(bool next) override; ///< Tab takes a proposal where some are shown

private:
    void paintGutter();
    void placeGutter();
    void markLines();
    bool keyForPopup(QKeyEvent *event);

    const Theme &m_theme;
    QWidget *m_gutter;
    CompletionPopup *m_popup = nullptr;
    int m_faultLine = -1;
    qsizetype m_faultColumn = 0;
    bool m_isFromHistory = false; ///< what is there was not typed
};

} // namespace slotscope
