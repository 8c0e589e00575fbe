// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/connectionview.h"

#include <QTimer>

namespace slotscope {

/// The status line of the window. The age of the view is repainted separately.
class StatusLine final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StatusLine)
public:
    explicit StatusLine(const Theme &theme, QWidget *parent = nullptr);
    void setConnection(const ConnectionView *view); ///< null: the line is empty
    void setCorner(QWidget *corner); ///< placed at the right end while it is visible
    /// Shows the text in place of the values for some seconds.
    void tellBriefly(const QString &text);
    [[nodiscard]] QString briefText() const { return m_brief; }
    [[nodiscard]] QString text() const; ///< the whole line as plain text
    [[nodiscard]] QString ageText() const { return m_heardAt > 0 ? ageItem().before : QString(); }
    [[nodiscard]] QSize sizeHint() const override { return {400, 28}; }

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Item
    {
        QString before, strong, after;
        bool loud = false; ///< in the error colour
    };
    [[nodiscard]] QList<Item> itemsOf(const ClusterView &view) const;
    [[nodiscard]] int widthOf(const Item &item) const;
    void paintItem(QPainter &painter, const Item &item, int x) const;
    [[nodiscard]] Item ageItem() const;
    void updateAge();
    void placeCorner();
    [[nodiscard]] int rightEdge() const;

    QWidget *m_corner = nullptr;
    const Theme &m_theme;
    QList<Item> m_left, m_right;
    qint64 m_heardAt = 0;
    QString m_ageShown;
    bool m_isSilent = false; ///< no node answers, so the values are outdated
    QString m_brief; ///< empty: none
    QTimer m_clock, m_briefEnd;
};

} // namespace slotscope
