// SPDX-License-Identifier: GPL-3.0-or-later
// Every page in the smallest window, on real servers: no button, choice, label or title of a column is cut off.
// With SLOTSCOPE_GRAB=DIR it leaves pictures there.
#include "tests/support/testmain.h"
#include "tests/ui/livepage.h"
#include "ui/metrics/commandsboard.h"
#include "ui/metrics/metricspage.h"
#include "ui/profiler/profilerpage.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shell/pages.h"

#include <QCheckBox>
#include <QCoro/QCoroTask>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QToolButton>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestSmallWindow : public LivePage
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_cluster.reset(); }
    void init() { makeWindow(); }
    void cleanup() { dropWindow(); }
    void nothingIsCut_data();
    void nothingIsCut();
    void otherHalves();

private:
    /// Waits until nothing is cut, and leaves a picture; names what is cut after all.
    QString cutAfterAWhile(QWidget *page, const QString &picture)
    {
        QStringList cut;
        const bool isWhole = QTest::qWaitFor([&] { return (cut = cutIn(page)).isEmpty(); }, 1500);
        grab(u"small-"_s + picture);
        return isWhole ? QString() : picture + u":\n"_s + cut.join(u'\n');
    }
    /// Names what is narrower than its text, or reaches out of the page.
    static QStringList cutIn(QWidget *page);
    static QString cutColumns(const QTableView *table);

    std::unique_ptr<TestCluster> m_cluster;
};

void TestSmallWindow::initTestCase()
{
    LocalClusterOptions options;
    options.serverPath = serversFound().back().second;
    m_cluster = std::make_unique<TestCluster>(options);
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    QVERIFY(QCoro::waitFor((*m_cluster)->loadSampleData(2)));
    for (int i = 0; i < 3; ++i) {
        QVERIFY(m_cluster->run(i, {"CONFIG", "SET", "slowlog-log-slower-than", "0"}));
        QVERIFY(m_cluster->run(i, {"CONFIG", "SET", "latency-monitor-threshold", "1"}));
    }
}

QString TestSmallWindow::cutColumns(const QTableView *table)
{
    QStringList cut;
    const QHeaderView *header = table->horizontalHeader();
    for (int column = 0; column < header->count(); ++column) {
        const QString title = table->model()->headerData(column, Qt::Horizontal).toString();
        const int needed = header->fontMetrics().horizontalAdvance(title) + 8;
        if (header->isVisible() && !header->isSectionHidden(column) && header->sectionSize(column) < needed)
            cut.append(u"column “%1” %2 of %3"_s.arg(title).arg(header->sectionSize(column)).arg(needed));
    }
    return cut.join(u", "_s);
}

QStringList TestSmallWindow::cutIn(QWidget *page)
{
    QStringList cut;
    for (QWidget *each : page->findChildren<QWidget *>()) {
        if (!each->isVisible() || each->visibleRegion().isEmpty())
            continue;
        QString text;
        if (const auto *button = qobject_cast<QAbstractButton *>(each))
            text = button->text();
        else if (const auto *label = qobject_cast<QLabel *>(each);
                 label && !label->wordWrap() && !qobject_cast<ElidedLabel *>(each))
            text = label->text();
        if (const auto *table = qobject_cast<QTableView *>(each))
            if (const QString columns = cutColumns(table); !columns.isEmpty())
                cut.append(each->accessibleName() + u": "_s + columns);
        if (text.isEmpty())
            continue;
        const int right = each->mapTo(page, QPoint(each->width(), 0)).x();
        if (each->width() < each->minimumSizeHint().width() || each->width() < each->sizeHint().width() - 2)
            cut.append(u"“%1” %2 of %3"_s.arg(text).arg(each->width()).arg(each->sizeHint().width()));
        else if (each->visibleRegion().boundingRect().width() < each->width() - 2)
            cut.append(u"“%1” is covered in part"_s.arg(text));
        else if (right > page->width())
            cut.append(u"“%1” ends at %2 of %3"_s.arg(text).arg(right).arg(page->width()));
    }
    return cut;
}

void TestSmallWindow::nothingIsCut_data()
{
    QTest::addColumn<QString>("id");
    for (const PageInfo &info : pageInfos())
        QTest::newRow(qPrintable(info.id)) << info.id;
}

void TestSmallWindow::nothingIsCut()
{
    QFETCH(const QString, id);
    m_window->resize(1000, 700);
    auto *page = openPage<Page>(m_cluster->target({0}), id);
    QVERIFY(page);
    (void)QTest::qWaitFor([page] { return page->isFilled(); }, 8000); // some pages begin empty
    const QString cut = cutAfterAWhile(page, id);
    QVERIFY2(cut.isEmpty(), qPrintable(cut));
    QVERIFY2(m_window->width() <= 1000, "the page makes the window wider");
}

/// What pages show after a click: the plots of nodes, a zoomed time, commands, a running profiler, hot keys.
void TestSmallWindow::otherHalves()
{
    m_window->resize(1000, 700);
    auto *metrics = openPage<MetricsPage>(m_cluster->target({0}), u"metrics"_s);
    QVERIFY(metrics);
    QTRY_VERIFY_WITH_TIMEOUT(metrics->isFilled(), 20'000);
    QString cut;
    metrics->setGroup(MetricGroup::Nodes);
    metrics->showRange(metrics->picture().to - 12'000, metrics->picture().to);
    QTRY_COMPARE(metrics->picture().query.group, MetricGroup::Nodes);
    metrics->pin(metrics->picture().to - 6000);
    cut += cutAfterAWhile(metrics, u"metrics-nodes"_s);
    metrics->setLive(true);
    metrics->showCommands(true);
    (void)QTest::qWaitFor([metrics] { return metrics->commands()->isVisible(); });
    cut += cutAfterAWhile(metrics, u"metrics-commands"_s);
    const auto open = [this](const QString &id) {
        m_window->showPage(id);
        return m_view->page(id);
    };
    Page *latency = open(u"latency"_s);
    QTest::keyClick(latency, Qt::Key_B, Qt::ControlModifier);
    cut += cutAfterAWhile(latency, u"latency-commands"_s);
    Page *profiler = open(u"profiler"_s);
    QTest::keyClick(profiler, Qt::Key_Return, Qt::ControlModifier);
    QTRY_VERIFY(profiler->isFilled());
    cut += cutAfterAWhile(profiler, u"profiler-lines"_s);
    QTest::keyClick(profiler, Qt::Key_Period, Qt::ControlModifier);
    qobject_cast<ProfilerPage *>(profiler)->showHotKeys(true);
    cut += cutAfterAWhile(profiler, u"profiler-hot-keys"_s);
    QVERIFY2(cut.isEmpty(), qPrintable(cut));
}

SLOTSCOPE_TEST(TestSmallWindow)
#include "tst_smallwindow.moc"
