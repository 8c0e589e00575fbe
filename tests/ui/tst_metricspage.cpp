// SPDX-License-Identifier: GPL-3.0-or-later
// The dashboard on real servers: plots fill, lines are chosen, a range is zoomed, a moment pinned, events are flagged.
// With SLOTSCOPE_GRAB=DIR it leaves pictures there.
#include "tests/support/testmain.h"
#include "tests/support/fakehttp.h"
#include "tests/ui/livemetrics.h"
#include "ui/metrics/historyfeed.h"
#include "ui/metrics/sourcesdialog.h"
#include "ui/metrics/timelane.h"

#include <QComboBox>
#include <QDateTime>
#include <QDialog>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QPushButton>

#include <cmath>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestMetricsPage : public LiveMetrics
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { startCluster(); }
    void cleanupTestCase() { m_cluster.reset(); }
    void init() { makeWindow(); }
    void cleanup() { dropWindow(); }

    void plotsFill();
    void linesAreChosen();
    void aRangeIsZoomedAndLeft();
    void aMomentIsPinned();
    void plotsAreChosenAndKept();
    void whatHappensIsFlagged();
    void aFailoverLeadsItsFlag();
    void shortcutsOfThePage();
    void whatIsShownIsExported();
    void olderFiguresComeFromPrometheus();
    void aPrometheusThatIsNoneIsTold();
    void pictures();

private:
    /// Answers like a Prometheus server that has a series for every node and scrapes it every 15 s.
    static HttpReply answerFor(const ClusterView &view, const HttpRequest &request)
    {
        const QString call = request.path().section(u'/', -1), query = request.parameter(u"query"_s);
        if (call == u"buildinfo"_s)
            return {.body = R"({"status":"success","data":{"version":"2.42.0"}})"};
        QJsonArray result;
        for (const NodeState &node : view.nodes) {
            QJsonObject labels{{u"job"_s, u"redis"_s}, {u"instance"_s, node.name}};
            if (call == u"series"_s) {
                result.append(labels);
                continue;
            }
            if (query.contains(u"role"_s))
                labels[u"role"_s] = node.primary ? u"master"_s : u"slave"_s;
            const bool isRange = call == u"query_range"_s;
            const double to = request.parameter(isRange ? u"end"_s : u"time"_s).toDouble();
            const double from = isRange ? request.parameter(u"start"_s).toDouble() : to - 300;
            const double step = isRange ? request.parameter(u"step"_s).toDouble() : 15;
            const double size = query.contains(u"memory"_s) ? 2e6 : query.contains(u"cpu"_s) ? 2 : 20;
            QJsonArray values;
            for (double at = from; at <= to; at += step)
                values.append(QJsonArray{at, QString::number(size * (1.2 + std::sin(at / 400 + node.shard)))});
            result.append(QJsonObject{{u"metric"_s, labels}, {u"values"_s, values}});
        }
        QJsonObject data{{u"resultType"_s, u"matrix"_s}, {u"result"_s, result}};
        const QJsonObject all{{u"status"_s, u"success"_s},
                              {u"data"_s, call == u"series"_s ? QJsonValue(result) : QJsonValue(data)}};
        return {.body = QJsonDocument(all).toJson(QJsonDocument::Compact)};
    }
};

void TestMetricsPage::plotsFill()
{
    MetricsPage *page = open();
    QVERIFY(page);
    QCOMPARE(page->picture().window.lines.size(), 3u);
    QVERIFY2(page->subtitle().startsWith(u"6 of 6 nodes"_s), qPrintable(page->subtitle()));
    QCOMPARE(page->shownPlots().size(), 9);
    for (const QString &id : page->shownPlots())
        QVERIFY2(!page->plot(id)->headText().isEmpty(), qPrintable(id));
    QVERIFY2(page->plot(u"memory"_s)->headText().contains(u"MB"_s), qPrintable(page->plot(u"memory"_s)->headText()));
}

void TestMetricsPage::linesAreChosen()
{
    MetricsPage *page = open();
    QVERIFY(page);
    QCOMPARE(page->chips().size(), 3);
    const QString before = page->plot(u"memory"_s)->headText();
    QTest::mouseClick(page->chips().front(), Qt::LeftButton);
    QVERIFY(page->plot(u"memory"_s)->headText().size() < before.size()); // the heading changes at once
    QTest::mouseClick(page->chips().front(), Qt::LeftButton);
    page->setGroup(MetricGroup::Sum);
    QTRY_COMPARE(page->picture().window.lines.size(), 1u);
    QVERIFY(page->chips().isEmpty());
    page->setGroup(MetricGroup::Nodes);
    QTRY_COMPARE(page->picture().window.lines.size(), 3u);
    for (QPushButton *button : page->findChildren<QPushButton *>())
        if (button->text() == u"Replicas"_s)
            button->click();
    QTRY_COMPARE(page->picture().window.lines.size(), 6u);
}

void TestMetricsPage::aRangeIsZoomedAndLeft()
{
    MetricsPage *page = open();
    QVERIFY(page);
    const qint64 whole = page->picture().to - page->picture().from;
    QWidget *canvas = page->plot(u"cpu"_s)->canvas();
    const QPoint from(canvas->width() / 2, canvas->height() / 2), to(canvas->width() * 3 / 4, canvas->height() / 2);
    QTest::mousePress(canvas, Qt::LeftButton, {}, from);
    QTest::mouseMove(canvas, to);
    QTest::mouseRelease(canvas, Qt::LeftButton, {}, to);
    QVERIFY(!page->isLive());
    QTRY_VERIFY(page->picture().to - page->picture().from < whole);
    QVERIFY(page->picture().to - page->picture().from >= 10'000); // the shortest range that can be shown is 10 s
    const qint64 zoomed = page->picture().from;
    QTest::keyClick(page, Qt::Key_Left);
    QTRY_VERIFY(page->picture().from < zoomed);
    QVERIFY(page->closeDetail()); // Esc returns to the current time
    QVERIFY(page->isLive());
    QTRY_VERIFY(page->picture().to - page->picture().from >= whole);
    QTest::keyClick(page, Qt::Key_Space);
    QVERIFY(!page->isLive());
    QTest::keyClick(page, Qt::Key_Space);
    QVERIFY(page->isLive());
}

void TestMetricsPage::aMomentIsPinned()
{
    MetricsPage *page = open();
    QVERIFY(page);
    QWidget *canvas = page->plot(u"cpu"_s)->canvas();
    QTest::mouseClick(canvas, Qt::LeftButton, {}, {canvas->width() - 20, canvas->height() / 2});
    QVERIFY(page->picture().moment.has_value());
    const qint64 moment = *page->picture().moment;
    QVERIFY(moment > page->picture().from && moment <= page->picture().to);
    QTest::mouseMove(canvas, {canvas->width() / 2, canvas->height() / 2});
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(canvas, &leave);
    QCOMPARE(*page->picture().moment, moment); // the pinned moment stays when the mouse pointer leaves
    QVERIFY(page->closeDetail());
    QVERIFY(!page->picture().moment.has_value());
}

void TestMetricsPage::plotsAreChosenAndKept()
{
    MetricsPage *page = open();
    QVERIFY(page);
    page->setShownPlots({u"keys"_s, u"commands"_s});
    QTRY_VERIFY(page->plot(u"keys"_s)->isVisible());
    QVERIFY(!page->plot(u"cpu"_s)->isVisible());
    QTRY_VERIFY2(page->plot(u"keys"_s)->headText().contains(u"k"_s), qPrintable(page->plot(u"keys"_s)->headText()));
    page->setShownPlots({}); // an empty selection is ignored
    QCOMPARE(page->shownPlots().size(), 2);
    m_view->saveState(*m_settings);
    m_window->closeConnection(0);
    page = open();
    QVERIFY(page);
    QCOMPARE(page->shownPlots(), (QStringList{u"commands"_s, u"keys"_s}));
}

void TestMetricsPage::whatHappensIsFlagged()
{
    MetricsPage *page = open();
    QVERIFY(page);
    QVERIFY(m_cluster->run(0, {"CONFIG"_ba, "RESETSTAT"_ba}));
    QTRY_VERIFY2(page->lane()->shownWords().join(u'|').contains(u"Statistics reset"_s),
                 qPrintable(page->lane()->shownWords().join(u'|')));
}

void TestMetricsPage::aFailoverLeadsItsFlag()
{
    using Kind = MetricEvent::Kind;
    MetricsPicture picture;
    picture.from = 1'790'000'000'000;
    picture.to = picture.from + 300'000;
    const auto add = [&picture](Kind kind, qint64 seconds, const QString &words) {
        MetricEvent event;
        event.kind = kind;
        event.at = picture.from + seconds * 1000;
        event.words = words;
        picture.window.events.push_back(event);
    };
    add(Kind::Threshold, 20, u"Memory above 1 MB: a"_s);
    add(Kind::Failover, 24, u"Failover, shard 1: b"_s);
    add(Kind::Threshold, 26, u"Memory above 1 MB: c"_s);
    add(Kind::Threshold, 200, u"CPU above 90 %"_s);
    add(Kind::Threshold, 202, u"CPU above 95 %"_s);
    TimeLane lane(*m_theme);
    lane.resize(700, 46);
    lane.setPicture(picture);
    QCOMPARE(lane.shownWords(), QStringList({u"Failover, shard 1: b +2"_s, u"CPU above 90 % +1"_s}));
    MetricEvent chosen;
    connect(&lane, &TimeLane::eventChosen, this, [&chosen](const MetricEvent &event) { chosen = event; });
    QTest::mouseClick(&lane, Qt::LeftButton, {}, {70, 10});
    QCOMPARE(chosen.kind, Kind::Failover);
}

void TestMetricsPage::shortcutsOfThePage()
{
    MetricsPage *page = open();
    QVERIFY(page);
    page->setFocus();
    QTest::keyClick(page, Qt::Key_Period, Qt::ControlModifier);
    QVERIFY(!page->isLive());
    QTest::keyClick(page, Qt::Key_Period, Qt::ControlModifier);
    QVERIFY(page->isLive());
    QTest::keyClick(page, Qt::Key_B, Qt::ControlModifier);
    QVERIFY(!page->isFilled()); // the board of commands is shown instead
    QTest::keyClick(page, Qt::Key_B, Qt::ControlModifier);
    QTRY_VERIFY(page->isFilled());
    QTest::keyClick(page, Qt::Key_N, Qt::ControlModifier);
    auto *dialog = shown<QDialog>(page);
    QVERIFY(dialog && dialog->objectName() == u"addPlotDialog"_s);
    dialog->reject();
}

void TestMetricsPage::whatIsShownIsExported()
{
    MetricsPage *page = open();
    QVERIFY(page);
    const QByteArrayList lines = page->csv().split('\n');
    QCOMPARE(lines.front().trimmed(), "time,line,node,metric,value"_ba);
    QVERIFY(std::any_of(lines.begin(), lines.end(), [](const QByteArray &line) {
        return line.contains("\"Shard 1\"") && line.contains(",memory,") && line.trimmed().back() != ',';
    }));
    const QByteArray svg = page->plot(u"cpu"_s)->svg();
    QVERIFY(svg.contains("<svg") && svg.contains("</svg>"));
}

void TestMetricsPage::olderFiguresComeFromPrometheus()
{
    MetricsPage *page = open();
    QVERIFY(page);
    const ClusterView view = *page->context().view();
    FakeHttp server([&view](const HttpRequest &request) { return answerFor(view, request); });
    page->showSpan(3'600'000);
    QTRY_VERIFY(page->picture().window.recordedFrom > 0);
    QCOMPARE(page->picture().window.historyFrom, 0);
    page->findChild<QPushButton *>(u"sources"_s)->click();
    auto *dialog = shown<SourcesDialog>(page);
    QVERIFY(dialog);
    QVERIFY(!dialog->testButton()->isEnabled());
    QTest::keyClicks(dialog->addressField(), server.address() + u"/api/v1/"_s);
    dialog->loginField()->setCurrentIndex(2);
    QTest::keyClicks(dialog->secretField(), u"a-secret-token"_s);
    dialog->testButton()->click();
    QTRY_VERIFY(!dialog->outcome().isEmpty());
    QCOMPARE(dialog->outcome(),
             u"✓ Prometheus 2.42.0 at %1 · 6 of 6 nodes found · scrapes them every 15 s"_s.arg(server.address()));
    grab(u"metrics-sources"_s, dialog);
    dialog->useButton()->click();
    QTRY_VERIFY(page->picture().window.historyFrom > 0);
    QTRY_VERIFY(page->picture().to - page->picture().from > 3'500'000);
    QVERIFY2(page->lane()->sourceWords().startsWith(u"Prometheus, every 15 s · rates over 1 min"_s),
             qPrintable(page->lane()->sourceWords()));
    const MetricsWindow &window = page->picture().window;
    QCOMPARE(window.lines.size(), 3u);
    for (const MetricLine &line : window.lines)
        for (int i = 1; i < window.buckets; ++i) // no gap in the history, nor where it meets the live record
            if (window.timeOf(i) < window.recordedFrom)
                QVERIFY(!std::isnan(line.values[size_t(page->picture().placeOf(Metric::Memory))][size_t(i)]));
    grab(u"metrics-prometheus"_s);
    const auto asked = server.received.size();
    for (int turn = 0; turn < 3; ++turn) { // values that are already there are not requested again
        const qint64 before = page->picture().to;
        QTRY_VERIFY(page->picture().to > before);
    }
    QCOMPARE(server.received.size(), asked);
    m_view->saveState(*m_settings);
    m_settings->sync();
    const QStringList keys = m_settings->allKeys();
    QString kept;
    for (const QString &key : keys)
        kept += m_settings->value(key).toStringList().join(u' ');
    QVERIFY(kept.contains(server.address()));
    QVERIFY(!kept.contains(u"a-secret-token"_s));
    m_window->closeConnection(0);
    page = open();
    QVERIFY(page);
    // the address is saved with the connection, the token is not
    QCOMPARE(page->history()->source().base.toString(), server.address());
    QVERIFY(page->history()->source().secret.isEmpty());
    page->history()->setSource({});
    QTRY_COMPARE(page->picture().window.historyFrom, 0);
    m_view->saveState(*m_settings);
}

void TestMetricsPage::aPrometheusThatIsNoneIsTold()
{
    MetricsPage *page = open();
    QVERIFY(page);
    FakeHttp exporter([](const HttpRequest &) {
        return HttpReply{.body = "# HELP redis_up x\n# TYPE redis_up gauge\nredis_up 1\n", .type = "text/plain"};
    });
    page->editSources();
    auto *dialog = shown<SourcesDialog>(page);
    QVERIFY(dialog);
    dialog->addressField()->setText(u"http://me:pw@h:9090"_s);
    QVERIFY(!dialog->useButton()->isEnabled());
    dialog->addressField()->setText(exporter.address() + u"/metrics"_s);
    dialog->testButton()->click();
    QTRY_VERIFY2(dialog->outcome().contains(u"page of an exporter"_s), qPrintable(dialog->outcome()));
    dialog->useButton()->click();
    page->showSpan(3'600'000);
    QTRY_VERIFY(page->picture().historyProblem.contains(u"page of an exporter"_s));
    QVERIFY2(page->isFilled(), "what we record is shown all the same");
    page->history()->setSource({});
    m_view->saveState(*m_settings);
}

void TestMetricsPage::pictures()
{
    if (qEnvironmentVariable("SLOTSCOPE_GRAB").isEmpty())
        QSKIP("no pictures are wanted");
    MetricsPage *page = open();
    QVERIFY(page);
    grab(u"metrics-new"_s);
    const qint64 until = QDateTime::currentMSecsSinceEpoch() + 40'000;
    for (int i = 0; page->picture().to < until && i < 100'000; ++i) {
        load(3 + i / 30 % 7);
        QApplication::processEvents();
    }
    grab(u"metrics"_s);
    page->setMoment(page->picture().to - 12'000);
    page->setGroup(MetricGroup::Nodes);
    QTRY_COMPARE(page->picture().query.group, MetricGroup::Nodes);
    grab(u"metrics-nodes"_s);
    m_window->resize(1000, 700);
    QTRY_VERIFY(page->plot(u"cpu"_s)->isVisible());
    grab(u"metrics-small"_s);
    m_window->resize(1920, 1080);
    grab(u"metrics-large"_s);
}

SLOTSCOPE_TEST(TestMetricsPage)
#include "tst_metricspage.moc"
