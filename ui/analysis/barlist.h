// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shared/spokenview.h"

#include <QAbstractScrollArea>
#include <QColor>

namespace slotscope {

class Theme;

/// A row of a BarList. Empty parts are not painted.
struct BarRow
{
    QByteArray type; ///< shows a type badge before the name
    bool isMono = false;
    QString name, count; ///< count: shown between the name and the bar
    double share = 0; ///< length of the bar, 0 … 1
    QColor colour; ///< colour of the bar
    QString value, percent; ///< shown after the bar
    QString words; ///< tool tip, and text for a screen reader if it differs from the cells
};

/// A list of values with bars, 21 px per line. Up and Down move the current row, Enter and a click choose it.
class BarList final : public QAbstractScrollArea, public SpokenView
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(BarList)
public:
    static constexpr int rowHeight = 22;

    explicit BarList(const Theme &theme, QWidget *parent = nullptr);
    void setRows(const QList<BarRow> &rows);
    [[nodiscard]] const QList<BarRow> &rows() const { return m_rows; }
    void setChoosable(bool choosable) { m_isChoosable = choosable; } ///< whether a row can be chosen
    void setCurrent(int row);

    [[nodiscard]] QAccessible::Role spokenRole() const override { return QAccessible::List; }
    [[nodiscard]] QString spokenPart() const override;
    [[nodiscard]] QRect spokenPartRect() const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {120, 3 * rowHeight}; }

Q_SIGNALS:
    void rowChosen(int row);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;

private:
    struct Columns
    {
        int name = 0, count = 0, value = 0, percent = 0; ///< column widths
    };
    [[nodiscard]] Columns measured() const;
    void paintRow(QPainter &painter, const BarRow &row, const QRect &area, const Columns &columns) const;
    void updateRange();
    [[nodiscard]] int rowAt(int y) const; ///< -1: none

    const Theme &m_theme;
    QList<BarRow> m_rows;
    int m_current = -1;
    bool m_isChoosable = false;
};

} // namespace slotscope
