// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shared/spokenview.h"

#include <QAbstractScrollArea>
#include <QCache>
#include <QSet>

namespace slotscope {

class Theme;

/// Shows bytes as offset, hex and text, 16 per line, for data of any length: it requests the pages that are visible.
class HexView final : public QAbstractScrollArea, public SpokenView
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HexView)
public:
    static constexpr qint64 pageBytes = 64 * 1024;

    explicit HexView(const Theme &theme, QWidget *parent = nullptr);
    /// Starts again with this number of bytes, none of which is loaded.
    void setSize(qint64 bytes);
    /// Sets all bytes at once.
    void setBytes(const QByteArray &bytes);
    void takePage(qint64 offset, const QByteArray &bytes); ///< `offset`: start of the page
    /// Text of a line as hex digits and characters, for tests and for copying.
    [[nodiscard]] QString lineAt(qint64 line) const;
    [[nodiscard]] qint64 topLine() const;
    void goToOffset(qint64 offset);
    [[nodiscard]] QAccessible::Role spokenRole() const override { return QAccessible::List; }
    [[nodiscard]] QString spokenPart() const override { return m_size > 0 ? lineAt(topLine()) : QString(); }

Q_SIGNALS:
    void pageWanted(qint64 offset);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    [[nodiscard]] qint64 lines() const;
    [[nodiscard]] int linesOnScreen() const;
    [[nodiscard]] int lineHeight() const;
    [[nodiscard]] QByteArray bytesOf(qint64 line) const;
    void updateBar();
    void askForVisible();

    const Theme &m_theme;
    qint64 m_size = 0;
    qint64 m_linesPerStep = 1; ///< lines per step of the scroll bar, whose range is limited to an int
    mutable QCache<qint64, QByteArray> m_pages; ///< pages by offset; the cache cost is in bytes
    QSet<qint64> m_asked;
};

} // namespace slotscope
