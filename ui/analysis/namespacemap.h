// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/namespacemodel.h"
#include "ui/shared/spokenview.h"

#include <QWidget>

namespace slotscope {

class Theme;

/// Treemap of a namespace: area is memory, shade the share of keys with a time to live, and an amber outline marks
/// parts with a recommendation. Arrow keys move, Enter and a click open a part, Backspace goes up.
class NamespaceMap final : public QWidget, public SpokenView
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NamespaceMap)
public:
    explicit NamespaceMap(const Theme &theme, QWidget *parent = nullptr);

    void show(const QList<NamespacePart> &parts);
    [[nodiscard]] int current() const { return m_current; } ///< -1: none
    void setCurrent(int part);
    [[nodiscard]] const QList<QRectF> &rects() const { return m_rects; }
    /// Colour of a part in which this share of the keys (0 … 1) has a time to live.
    [[nodiscard]] static QColor shadeOf(const Theme &theme, double withTtl);

    [[nodiscard]] QAccessible::Role spokenRole() const override { return QAccessible::List; }
    [[nodiscard]] QString spokenPart() const override;
    [[nodiscard]] QRect spokenPartRect() const override;
    [[nodiscard]] QSize sizeHint() const override { return {480, 280}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {240, 200}; }

Q_SIGNALS:
    void openRequested(int part);
    void upRequested();
    void menuRequested(int part, const QPoint &at);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool event(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void layOut();
    [[nodiscard]] int partAt(const QPointF &at) const;
    [[nodiscard]] QString words(const NamespacePart &part) const;
    void paintPart(QPainter &painter, int part) const;
    void step(int dx, int dy);

    const Theme &m_theme;
    QList<NamespacePart> m_parts;
    QList<QRectF> m_rects;
    int m_current = -1, m_hovered = -1;
};

} // namespace slotscope
