// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/connectionview.h"

#include <QTimer>

namespace slotscope {

/// The line at the foot of the window. The age of the view is repainted alone.
class StatusLine final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StatusLine)
public:
    explicit StatusLine(const Theme &theme, QWidget *parent = nullptr);
    void setConnection(const ConnectionView *view); ///< null: empty
    void setCorner(QWidget *corner); ///< stands at the right end while it is visible
    /// Stands in place of the figures for some seconds.
    void tellBriefly(const QString &text);
    [[nodiscard]] QString briefText() const { return m_brief; }
    [[nodiscard]] QString text() const; ///< all of it, plain
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
        bool loud = false; ///< in the colour of errors
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
    bool m_isSilent = false; ///< no node answers: figures are of the past
    QString m_brief; ///< empty: nothing
    QTimer m_clock, m_briefEnd;
};

} // namespace slotscope
