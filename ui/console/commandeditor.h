// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>

namespace slotscope {

class CompletionPopup;
class Theme;

/// Editor for commands: several numbered lines with syntax colours.
class CommandEditor final : public QPlainTextEdit
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CommandEditor)
public:
    explicit CommandEditor(const Theme &theme, QWidget *parent = nullptr);

    void setPopup(CompletionPopup *popup) { m_popup = popup; }
    [[nodiscard]] int currentLine() const; ///< counted from 0
    [[nodiscard]] QByteArray lineText() const; ///< text of the current line
    [[nodiscard]] qsizetype cursorInLine() const; ///< byte offset in lineText()
    /// Replaces bytes [begin, end) of the current line by `text`.
    void replaceInLine(qsizetype begin, qsizetype end, const QByteArray &text);
    void showFault(int line, qsizetype column); ///< marks an error position; line -1: none
    void setLineText(const QString &text); ///< replaces the whole text
    [[nodiscard]] QRect wordRect(qsizetype begin) const; ///< position on screen of a byte of the current line

Q_SIGNALS:
    void runAllRequested();
    void runLineRequested();
    void historyRequested(int direction); ///< -1: an older entry
    void completionRequested(bool byUser);
    void helpRequested(); ///< F1

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    bool focusNextPrevChild(bool next) override; ///< while proposals are shown, Tab inserts one

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
    bool m_isFromHistory = false; ///< the text comes from the history and was not changed
};

} // namespace slotscope
