// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metricevent.h"

#include <QDialog>
#include <QFrame>

class QLabel;
class QLineEdit;
class QTreeWidget;

namespace slotscope {

class PageContext;

/// What happened to the cluster lately, a line each; one leads to its moment in Metrics.
class LatestChanges final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LatestChanges)
public:
    static constexpr int mostRows = 5;

    explicit LatestChanges(PageContext &context, QWidget *parent = nullptr);
    void look(); ///< reads them again
    /// As many lines as go into these pixels; hidden where not one does.
    void setRoom(int pixels);
    [[nodiscard]] int wantedHeight() const; ///< pixels with which all lines that there are (five at most) are seen
    [[nodiscard]] QTreeWidget *list() const { return m_list; }
    void showAll();

private:
    void fill();

    PageContext &m_context;
    QList<MetricEvent> m_events; ///< newest first
    int m_rows = 0; ///< that there is room for
    QTreeWidget *m_list;
    QLabel *m_none;
};

/// All that happened as far as it is kept, with a filter.
class ChangesDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChangesDialog)
public:
    explicit ChangesDialog(PageContext &context, QWidget *parent = nullptr);
    [[nodiscard]] QTreeWidget *list() const { return m_list; }
    [[nodiscard]] QLineEdit *filterField() const { return m_filter; }

private:
    void filter(const QString &text);

    QLineEdit *m_filter;
    QTreeWidget *m_list;
};

} // namespace slotscope
