// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/drill/drillwords.h"
#include "ui/shared/spokenview.h"

#include <QWidget>

class QLabel;
class QTableWidget;
class QVBoxLayout;

namespace slotscope {

class Theme;

/// Time line of a drill as a picture: for each probe a strip of the served time, dots for reply times, and marks for
/// events. Left and Right move between the marks.
class DrillPicture final : public QWidget, public SpokenView
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DrillPicture)
public:
    explicit DrillPicture(const Theme &theme, QWidget *parent = nullptr);
    void setReport(const DrillReportPtr &report);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QAccessible::Role spokenRole() const override { return QAccessible::Chart; }
    [[nodiscard]] QString spokenPart() const override;
    [[nodiscard]] const QList<DrillPhase> &marks() const { return m_marks; } ///< of all lanes, lane by lane

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool event(QEvent *event) override;

private:
    [[nodiscard]] double xOf(qint64 at) const;
    [[nodiscard]] int left() const; ///< x of the start of the axis
    void paintLane(QPainter &painter, const DrillLaneReport &lane, int top) const;
    void paintMarks(QPainter &painter, const DrillLaneReport &lane, int top) const;
    void paintAxis(QPainter &painter, int top) const;

    const Theme &m_theme;
    DrillReportPtr m_report;
    QList<DrillPhase> m_marks;
    qint64 m_from = -1000, m_to = 1000; ///< in ms since the loss
    int m_current = -1;
};

/// Results of a drill: as text, as a picture, and as a table. Hidden if there are none.
class DrillView final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DrillView)
public:
    explicit DrillView(const Theme &theme, QWidget *parent = nullptr);
    void setReport(const DrillReportPtr &report);
    [[nodiscard]] DrillPicture *picture() const { return m_picture; }
    [[nodiscard]] QTableWidget *table() const { return m_table; }
    [[nodiscard]] QString text() const; ///< the conclusions as plain text

private:
    void showConclusions();
    void showTable();

    DrillReportPtr m_report;
    DrillPicture *m_picture;
    QTableWidget *m_table;
    QWidget *m_words;
    QVBoxLayout *m_wordsLayout;
    QStringList m_lines;
};

} // namespace slotscope
