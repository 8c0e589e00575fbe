// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shared/spokenview.h"

#include <QAbstractScrollArea>
#include <QCache>
#include <QSet>

namespace slotscope {

class Theme;

/// Bytes as offset, hex and text, 16 a line; of any length: it asks for the pages that are on the screen.
class HexView final : public QAbstractScrollArea, public SpokenView
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HexView)
public:
    static constexpr qint64 pageBytes = 64 * 1024;

    explicit HexView(const Theme &theme, QWidget *parent = nullptr);
    /// Begins anew, with this many bytes, of which none is known.
    void setSize(qint64 bytes);
    /// All at once.
    void setBytes(const QByteArray &bytes);
    void takePage(qint64 offset, const QByteArray &bytes); ///< `offset` of a page
    /// Line of the screen's top, as hex digits and text: for tests and copying.
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
    qint64 m_linesPerStep = 1; ///< of the scroll bar, whose range is an int
    mutable QCache<qint64, QByteArray> m_pages; ///< by offset; the cost is in bytes
    QSet<qint64> m_asked;
};

} // namespace slotscope
