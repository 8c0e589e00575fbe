// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/loadgenerator.h"
#include "core/session/remote.h"

#include <QStandardItemModel>
#include <QTimer>
#include <QWidget>

class QFrame;
class QLabel;
class QPushButton;
class QSettings;
class QStackedWidget;

namespace slotscope {

class ElidedLabel;
class EmptyState;
class LoadForm;
class LoadPlot;
class PageContext;
class TableView;

/// Load tests: options, progress, and results of earlier tests. GUI thread.
class LoadView final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LoadView)
public:
    explicit LoadView(PageContext &context, QWidget *parent = nullptr);

    void setView(); ///< the cluster is known, so keys left by earlier tests can be searched
    void start();
    void stop();
    void saveState(QSettings &settings) const;
    void restoreState(const QSettings &settings);

    [[nodiscard]] LoadForm *form() const { return m_form; }
    [[nodiscard]] bool isRunning() const { return m_running; }
    [[nodiscard]] LoadReportPtr report() const { return m_report; }
    [[nodiscard]] QString headText() const;
    [[nodiscard]] QString comparisonText() const;
    [[nodiscard]] TableView *nodeTable() const { return m_nodeTable; }
    [[nodiscard]] TableView *storedTable() const { return m_storedTable; }
    [[nodiscard]] QPushButton *openButton() const { return m_open; }
    [[nodiscard]] QPushButton *compareButton() const { return m_compare; }
    [[nodiscard]] QFrame *leftBanner() const { return m_banner; }
    [[nodiscard]] QPushButton *removeButton() const { return m_remove; }
    [[nodiscard]] LoadPlot *ratePlot() const { return m_rate; }

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeResults();
    void showPart(int part);
    void makeNodeTable(QWidget *column);
    QFrame *makeStored();
    void connectStored();
    void showComparison(const LoadReport &before);
    QFrame *makeBanner();
    void takeDoor();
    void takeRights();
    void look();
    void readStored();
    void readLeft();
    void tellUnreadable();
    void removeLeft();
    void show(const LoadReportPtr &report);
    void showState(const LoadState &state);
    void showStored(const QList<StoredLoad> &stored);
    void withStored(std::function<void(LoadView &, const LoadReportPtr &)> use);
    void showProblem(const QString &text);
    void setRunning(bool running);

    PageContext &m_context;
    std::unique_ptr<Remote<LoadGenerator>> m_generator;
    QTimer m_clock;
    bool m_running = false, m_stopping = false, m_looking = false, m_askedLeft = false, m_isNarrow = false;
    quint64 m_revision = 0;
    LoadReportPtr m_report;
    QList<LoadRecord> m_left;
    QStandardItemModel m_nodes, m_stored;
    LoadForm *m_form = nullptr;
    QStackedWidget *m_stack = nullptr;
    EmptyState *m_empty = nullptr;
    QFrame *m_banner = nullptr, *m_storedCard = nullptr;
    QLabel *m_bannerText = nullptr, *m_errors = nullptr, *m_compared = nullptr;
    QLabel *m_head = nullptr;
    LoadPlot *m_rate = nullptr, *m_times = nullptr;
    TableView *m_nodeTable = nullptr, *m_storedTable = nullptr;
    QPushButton *m_open = nullptr, *m_compare = nullptr, *m_delete = nullptr, *m_remove = nullptr;
};

} // namespace slotscope
