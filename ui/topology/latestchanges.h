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

/// Recent events of the cluster, one per line; each links to its time on the Metrics page.
class LatestChanges final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LatestChanges)
public:
    static constexpr int mostRows = 5;

    explicit LatestChanges(PageContext &context, QWidget *parent = nullptr);
    void look(); ///< reads them again
    /// Shows as many lines as fit into these pixels; hidden if none fits.
    void setRoom(int pixels);
    [[nodiscard]] int wantedHeight() const; ///< height in pixels for all lines (at most five)
    [[nodiscard]] QTreeWidget *list() const { return m_list; }
    void showAll();

private:
    void fill();

    PageContext &m_context;
    QList<MetricEvent> m_events; ///< newest first
    int m_rows = 0; ///< number of lines that fit
    QTreeWidget *m_list;
    QLabel *m_none;
};

/// All recorded events, with a filter.
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
