// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shared/spokenview.h"

#include <QAbstractScrollArea>
#include <QCache>
#include <QMap>
#include <QSet>

#include <functional>
#include <optional>

namespace slotscope {

class Theme;

/// Shows bytes as offset, hex and text, 16 per line, for data of any length: it requests the pages that are visible.
/// Typed hex digits, or letters in the text column, overwrite bytes. Where all bytes are here, Insert adds a byte,
/// Delete and Backspace remove one, and typing at the end appends.
class HexView final : public QAbstractScrollArea, public SpokenView
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HexView)
public:
    static constexpr qint64 pageBytes = 64 * 1024;
    static constexpr int perLine = 16; ///< bytes in a line

    /// Neighbouring bytes that were overwritten.
    struct Patch
    {
        qint64 offset = 0;
        QByteArray before, after;
    };

    explicit HexView(const Theme &theme, QWidget *parent = nullptr);
    /// Starts again with this number of bytes, none of which is loaded.
    void setSize(qint64 bytes);
    /// Sets all bytes at once.
    void setBytes(const QByteArray &bytes);
    void takePage(qint64 offset, const QByteArray &bytes); ///< `offset`: start of the page
    void setEditable(bool editable);
    [[nodiscard]] bool isEdited() const;
    [[nodiscard]] bool hasAll() const { return m_hasAll; } ///< setBytes() set all bytes
    [[nodiscard]] const QByteArray &bytes() const { return m_all; } ///< the edited bytes, if hasAll()
    [[nodiscard]] QList<Patch> patches() const; ///< what was overwritten, if not hasAll(); ascending
    void dropEdits();
    void readAgain(); ///< requests the visible pages again and drops the others; they stay visible meanwhile
    /// These bytes, or these patches, were saved. What was typed after they were sent stays as a change.
    void takeSaved(const QByteArray &sent);
    void takeSaved(const QList<Patch> &sent);
    [[nodiscard]] qint64 cursor() const { return m_cursor; } ///< offset of the byte at the cursor
    void setCursor(qint64 offset);
    /// Text of a line as hex digits and characters, for tests and for copying.
    [[nodiscard]] QString lineAt(qint64 line) const;
    [[nodiscard]] qint64 topLine() const;
    void goToOffset(qint64 offset);
    [[nodiscard]] QAccessible::Role spokenRole() const override { return QAccessible::List; }
    [[nodiscard]] QString spokenPart() const override { return m_size > 0 ? lineAt(topLine()) : QString(); }

Q_SIGNALS:
    void pageWanted(qint64 offset);
    void edited();
    void cursorMoved();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    [[nodiscard]] qint64 lines() const;
    [[nodiscard]] int linesOnScreen() const;
    [[nodiscard]] int lineHeight() const;
    [[nodiscard]] QByteArray bytesOf(qint64 line) const;
    void updateBar();
    void askForVisible();
    void paintMarks(QPainter &painter, qint64 line, const QByteArray &bytes) const;
    [[nodiscard]] QRect placeOf(qint64 offset, bool inText) const;
    bool moveCursor(const QKeyEvent &event);
    bool type(const QKeyEvent &event);
    void overwrite(char byte);
    void change(const std::function<void()> &act);
    [[nodiscard]] std::optional<char> byteAt(qint64 offset) const;
    [[nodiscard]] bool isChangedAt(qint64 offset) const;

    const Theme &m_theme;
    qint64 m_size = 0;
    qint64 m_linesPerStep = 1; ///< lines per step of the scroll bar, whose range is limited to an int
    mutable QCache<qint64, QByteArray> m_pages; ///< pages by offset; the cache cost is in bytes
    QSet<qint64> m_asked;
    bool m_hasAll = false, m_editable = false;
    QByteArray m_all, m_original; ///< if m_hasAll: all bytes, and as they were set
    QMap<qint64, std::pair<char, char>> m_patched; ///< if not: bytes before and after, by offset
    qint64 m_cursor = 0;
    bool m_isLow = false; ///< the next hex digit is the lower one of its byte
    bool m_inText = false; ///< typing goes to the text column
};

} // namespace slotscope
