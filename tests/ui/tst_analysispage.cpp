// SPDX-License-Identifier: GPL-3.0-or-later
// The analysis page on real servers, by mouse and by keys. With SLOTSCOPE_GRAB=DIR it leaves pictures there.
#include "core/analysis/reportexport.h"
#include "core/local/sampledata.h"
#include "tests/support/clirun.h"
#include "tests/support/testmain.h"
#include "tests/ui/livepage.h"
#include "ui/analysis/analysisdialog.h"
#include "ui/analysis/analysisfindings.h"
#include "ui/analysis/analysispage.h"
#include "ui/analysis/comparisondialog.h"
#include "ui/analysis/namespacemap.h"
#include "ui/analysis/squarify.h"
#include "ui/analysis/typescard.h"
#include "ui/browser/browserpage.h"
#include "ui/shared/bulkstrip.h"
#include "ui/browser/expirydialog.h"
#include "ui/browser/keypane.h"
#include "ui/browser/rankbar.h"
#include "ui/browser/valuepane.h"
#include "ui/analysis/sizehistograms.h"
#include "ui/analysis/sizescard.h"
#include "ui/browser/valuetab.h"
#include "ui/config/configpage.h"
#include "ui/config/settingpanel.h"
#include "ui/config/settingsview.h"
#include "ui/operations/chooserebalance.h"
#include "ui/profiler/hotkeysview.h"
#include "ui/profiler/profilerpage.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/rowsview.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/tableview.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestAnalysisPage : public LivePage
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup();

    void rectanglesFillTheirArea();
    void sizesOfAllKeysAtOnce();
    void reportsOnAllKeys();
    void walksByKeys();
    void storedAndCompared();
    void findsWhatTheCommandLineStored();
    void ofRdbFiles();
    void leadsToItsDatabase();
    void leadsOn();
    void expiresWhatTheFindingNames();
    void readOnlyOnlyShows();
    void stoppedIsAPart();
    void refusals();
    void pictures();

private:
    AnalysisPage *open() { return openPage<AnalysisPage>(m_cluster->target({0}), u"analysis"_s); }
    static bool analyse(AnalysisPage *page)
    {
        AnalysisRequest request;
        request.heatMs = 0;
        request.touches = true;
        const AnalysisReportPtr before = page->feed().report();
        if (!QTest::qWaitFor([&] { return page->startButton()->isEnabled(); }, 20'000))
            return false;
        page->feed().start(request);
        return QTest::qWaitFor(
            [&] { return page->feed().report() && page->feed().report() != before && !page->feed().path().isEmpty(); },
            30'000);
    }

    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<QTemporaryDir> m_reports;
    qint64 m_keys = 0;
};

void TestAnalysisPage::initTestCase()
{
    LocalClusterOptions options;
    options.replicasPerPrimary = 0;
    const auto servers = serversFound();
    options.serverPath = servers.last().second; // the newest installed server
    m_cluster = std::make_unique<TestCluster>(options);
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    QList<Endpoint> primaries;
    for (int node = 0; node < 3; ++node) {
        primaries.append((*m_cluster)->nodes()[size_t(node)].endpoint);
        std::ignore = m_cluster->run(node, commandOf("CONFIG", "SET", "cluster-slot-stats-enabled", "yes"));
    }
    const auto written = QCoro::waitFor(writeSampleData(primaries, {}, 3, {}));
    QVERIFY(written);
    for (int node = 0; node < 3; ++node)
        m_keys += m_cluster->run(node, commandOf("DBSIZE"))->toInteger();
    QVERIFY(m_keys > 1000);
}

void TestAnalysisPage::cleanupTestCase()
{
    m_cluster.reset();
}

void TestAnalysisPage::init()
{
    m_reports = std::make_unique<QTemporaryDir>();
    qputenv("SLOTSCOPE_REPORTS", m_reports->filePath(u"reports"_s).toUtf8());
    makeWindow();
}

void TestAnalysisPage::cleanup()
{
    dropWindow();
}

void TestAnalysisPage::rectanglesFillTheirArea()
{
    const QRectF area(10, 20, 640, 300);
    const QList<double> weights{500, 300, 120, 60, 10, 5, 5, 0};
    const QList<QRectF> rects = squarified(weights, area);
    QCOMPARE(rects.size(), weights.size());
    double sum = 0;
    for (qsizetype i = 0; i < rects.size(); ++i) {
        const double size = rects[i].width() * rects[i].height();
        QVERIFY(qAbs(size - weights[i] / 1000 * 640 * 300) < 1);
        QVERIFY(weights[i] == 0 || area.adjusted(-0.01, -0.01, 0.01, 0.01).contains(rects[i]));
        for (qsizetype other = 0; other < i; ++other) {
            const QRectF both = rects[i].intersected(rects[other]);
            QVERIFY(both.width() * both.height() < 1);
        }
        sum += size;
    }
    QVERIFY(qAbs(sum - 640 * 300) < 1);
    QVERIFY(squarified({}, area).isEmpty());
    QVERIFY(squarified({1, 2}, {}).first().isEmpty());
}

void TestAnalysisPage::reportsOnAllKeys()
{
    AnalysisPage *page = open();
    QVERIFY(page);
    QTRY_VERIFY(page->isFilled() && page->startButton());
    QVERIFY(page->emptyState()->isVisible());
    QCOMPARE(page->emptyState()->title(), u"No report yet"_s);
    page->askToAnalyse();
    auto *dialog = shown<AnalysisDialog>(page);
    QVERIFY(dialog);
    QTRY_VERIFY(dialog->costLabel()->text().contains(u"short commands"_s));
    grab(u"analysis-dialog"_s, dialog);
    for (auto *field : dialog->findChildren<QLineEdit *>())
        if (field->placeholderText().startsWith(u"all slots"_s)) {
            field->setText(u"9-"_s);
            QVERIFY(!dialog->startButton()->isEnabled());
            field->clear();
        }
    QVERIFY(dialog->startButton()->isEnabled());
    QTest::mouseClick(dialog->startButton(), Qt::LeftButton);
    QTRY_VERIFY(page->feed().report());
    const AnalysisReport &report = *page->feed().report();
    QCOMPARE(report.sum.keys, m_keys);
    QVERIFY2(page->subtitle().startsWith(u"all "_s), qPrintable(page->subtitle()));
    const bool asksLengths = page->noticeText().isEmpty(); // false on Redis 7.0, which has no CLIENT NO-TOUCH
    QVERIFY2(asksLengths || page->noticeText().startsWith(u"Lengths were not read"_s), qPrintable(page->noticeText()));
    QVERIFY(!page->emptyState()->isVisible());
    QVERIFY(page->map()->isVisible());
    QCOMPARE(page->types()->list()->rows().size(), report.types.size());
    QCOMPARE(page->keysTable()->model()->rowCount(), int(report.byBytes.size()));
    QCOMPARE(page->keysTable()->model()->index(0, 0).data().toString(), QString::fromUtf8(report.byBytes.front().key));
    QCOMPARE(page->findings()->count(), int(report.findings.size()));
    QTRY_COMPARE(page->feed().stored().size(), 1);
    QCOMPARE(QFileInfo(page->feed().path()).permissions() & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions());
    const QAbstractItemModelTester keys(page->keysTable()->model(),
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
}

/// Redis 8 reports the sizes of all keys at once, so the page shows them before any analysis. With other servers they
/// come from the analysis report.
void TestAnalysisPage::sizesOfAllKeysAtOnce()
{
    AnalysisPage *page = open();
    QTRY_VERIFY(page->isFilled());
    const bool isTold = serversFound().last().first.startsWith("redis-8");
    if (!isTold) {
        QTRY_VERIFY(page->feed().sizes());
        QVERIFY(!page->sizes()->isVisible());
        QVERIFY(analyse(page));
        QVERIFY(page->sizes()->isVisible());
        QVERIFY2(page->sizes()->source().startsWith(u"of the keys of this report"_s),
                 qPrintable(page->sizes()->source()));
        QCOMPARE(page->sizes()->histograms()->types().size(), page->feed().report()->types.size());
        QVERIFY(!page->sizes()->againButton()->isVisible());
    }
    for (const auto &[name, path] : serversFound()) {
        if (!name.startsWith("redis-8"))
            continue;
        LocalClusterOptions options;
        options.replicasPerPrimary = 0;
        options.serverPath = path;
        TestCluster cluster(options);
        QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
        QList<Endpoint> primaries;
        for (int node = 0; node < 3; ++node)
            primaries.append(cluster->nodes()[size_t(node)].endpoint);
        QVERIFY(QCoro::waitFor(writeSampleData(primaries, {}, 3, {})));
        page = openPage<AnalysisPage>(cluster.target({0}), u"analysis"_s);
        QTRY_VERIFY(page->sizes()->isVisible());
        QVERIFY(page->emptyState()->isVisible());
        QVERIFY2(page->sizes()->source().startsWith(u"INFO keysizes of 3 of 3 primaries · all keys"_s),
                 qPrintable(page->sizes()->source()));
        const SizeHistograms *pictures = page->sizes()->histograms();
        QVERIFY(pictures->types().size() >= 5);
        const SizesOfType &first = pictures->types().front();
        size_t place = 0;
        while (first.keys[place] == 0)
            ++place;
        QVERIFY2(pictures->wordsAt(pictures->barAt(0, place).center().toPoint())
                     .contains(SizeHistograms::wordsOf(first, place)),
                 "no words on a bar");
        QVERIFY(pictures->accessibleDescription().contains(SizeHistograms::wordsOf(first, place)));
        grab(u"analysis-sizes-empty"_s);
        m_window->resize(1000, 700);
        grab(u"analysis-sizes-empty-1000"_s);
        m_window->resize(1440, 900);
        QVERIFY(cluster.run(0, commandOf("SET", "{06S}one:more", "x"))); // this key is in slot 0
        const qint64 before = page->feed().sizes()->all.sum().front().sum();
        QTest::mouseClick(page->sizes()->againButton(), Qt::LeftButton);
        QTRY_COMPARE(page->feed().sizes()->all.sum().front().sum(), before + 1);
        QVERIFY(analyse(page));
        // still the current sizes from INFO, as the page says
        QVERIFY(page->sizes()->source().startsWith(u"INFO keysizes"_s));
        grab(u"analysis-sizes"_s);
        m_window->resize(1000, 700);
        grab(u"analysis-sizes-1000"_s);
        page->findChild<QScrollArea *>()->verticalScrollBar()->setValue(10'000);
        grab(u"analysis-sizes-1000-below"_s);
        // For a user without permission for INFO, the page names the missing permission.
        for (int node = 0; node < 3; ++node)
            QVERIFY(cluster.run(node, commandOf("ACL", "SETUSER", "some", "on", ">pw", "~*", "+@all", "-info")));
        ConnectionTarget target = cluster.target({0});
        target.credentials = {.user = u"some"_s, .password = u"pw"_s};
        page = openPage<AnalysisPage>(target, u"analysis"_s);
        QTRY_VERIFY(page->sizes()->isVisible());
        QVERIFY2(page->sizes()->lackText().contains(u"ACL SETUSER some +info"_s),
                 qPrintable(page->sizes()->lackText()));
        m_window->resize(1440, 900);
        grab(u"analysis-sizes-refused"_s);
        dropWindow(); // the window must be closed before its servers end
        makeWindow();
    }
}

void TestAnalysisPage::walksByKeys()
{
    AnalysisPage *page = open();
    QVERIFY(analyse(page));
    NamespaceMap *map = page->map();
    map->setFocus();
    const QString first = map->spokenPart();
    QVERIFY2(first.contains(u"media:"_s), qPrintable(first));
    const AnalysisReport &report = *page->feed().report();
    const QList<NamespacePart> top = partsOf(report, 0);
    qint64 bytes = 0;
    for (const NamespacePart &part : top)
        bytes += part.sum.bytes;
    QCOMPARE(bytes, report.sum.bytes);
    int below = 0;
    while (top[below].kind != NamespacePart::Kind::Below || partsOf(report, top[below].index).size() < 2)
        ++below;
    map->setCurrent(below);
    QTest::keyClick(map, Qt::Key_Return);
    QVERIFY(map->spokenPart() != first);
    QVERIFY(page->findChild<QPushButton *>(u"up"_s)->isVisible());
    QTest::keyClick(map, Qt::Key_Right);
    QTest::keyClick(map, Qt::Key_Backspace);
    QCOMPARE(map->current(), below); // the same part as before
    QVERIFY(!page->findChild<QPushButton *>(u"up"_s)->isVisible());
    QVERIFY(!page->closeDetail());
}

void TestAnalysisPage::storedAndCompared()
{
    AnalysisPage *page = open();
    QVERIFY(analyse(page));
    // this key is in slot 0
    const auto set = m_cluster->run(0, commandOf("SET", "{06S}new:thing", QByteArray(300'000, 'x')));
    QVERIFY(set && !set->isError());
    QVERIFY(analyse(page));
    QTRY_COMPARE(page->feed().stored().size(), 2);
    page->compare();
    auto *dialog = shown<ComparisonDialog>(page);
    QVERIFY(dialog);
    QTRY_VERIFY(dialog->model().rowCount() > 0);
    const ReportChange &all = dialog->model().changes().front();
    QCOMPARE(all.keys(), 1);
    QVERIFY(all.bytes() > 300'000);
    grab(u"analysis-compare"_s, dialog);
    dialog->reject();
    std::ignore = m_cluster->run(0, commandOf("DEL", "{06S}new:thing"));
    // Another window finds the stored reports and ignores a damaged one.
    const QString newest = page->feed().path();
    QFile file(newest);
    QVERIFY(file.open(QIODevice::ReadWrite));
    const QByteArray head = file.readLine();
    file.resize(head.size() + 20);
    file.close();
    dropWindow();
    makeWindow();
    page = open();
    QTRY_VERIFY(page->noticeText().contains(u"moved aside"_s));
    QVERIFY(QFile::exists(newest + u".aside"_s));
    QCOMPARE(page->feed().stored().size(), 1);
    page->feed().open(page->feed().stored().front().path);
    QTRY_VERIFY(page->feed().report());
    QCOMPARE(page->feed().report()->sum.keys, m_keys);
    page->feed().remove(page->feed().path());
    QTRY_VERIFY(page->emptyState()->isVisible());
}

void TestAnalysisPage::findsWhatTheCommandLineStored()
{
    const CliRun saved = runCli({u"--uri"_s, (*m_cluster)->uri(), u"analyse"_s, u"--heat"_s, u"0"_s, u"--save"_s});
    QVERIFY2(saved.code == 0, saved.err.constData());
    AnalysisPage *page = open();
    QTRY_VERIFY(page->feed().report());
    QCOMPARE(page->feed().report()->sum.keys, m_keys);
    QVERIFY(saved.err.contains(page->feed().path().toUtf8()));
}

void TestAnalysisPage::ofRdbFiles()
{
    QStringList files;
    for (int node = 0; node < 3; ++node) {
        QVERIFY(m_cluster->run(node, commandOf("SAVE")));
        const auto folder = m_cluster->run(node, commandOf("CONFIG", "GET", "dir"));
        QVERIFY(folder && folder->items().size() == 2);
        files.append(QString::fromLocal8Bit(folder->items()[1].bytes()) + u"/dump.rdb"_s);
        QVERIFY2(QFile::exists(files.back()), qPrintable(files.back()));
    }
    AnalysisPage *page = open();
    QVERIFY(page);
    page->feed().startFiles(files);
    QVERIFY(page->feed().isRunning());
    QTRY_VERIFY(page->feed().report());
    QTRY_VERIFY(!page->feed().isRunning());
    QCOMPARE(page->feed().report()->sum.keys, m_keys);
    QVERIFY2(page->subtitle().contains(u"sizes are estimates"_s), qPrintable(page->subtitle()));
    // the report is not stored, because it is unknown which cluster the file's keys belong to
    QVERIFY(page->feed().path().isEmpty());
    grab(u"analysis-rdb"_s);
    QFile broken(m_reports->filePath(u"broken.rdb"_s));
    QVERIFY(broken.open(QIODevice::WriteOnly) && broken.write("REDIS0011\xff") == 10);
    broken.close();
    page->feed().startFiles({broken.fileName()});
    QTRY_VERIFY2(page->noticeText().contains(u"damaged at byte"_s), qPrintable(page->noticeText()));
    QCOMPARE(page->feed().report()->sum.keys, m_keys); // the previous report stays visible
    // A report from files belongs to no connection: its keys lead nowhere, and it remains when the session ends.
    page->keysTable()->setCurrentIndex(page->keysTable()->model()->index(0, 0));
    Q_EMIT page->keysTable()->activated(page->keysTable()->currentIndex());
    QVERIFY(page->isVisible());
    for (const QPushButton *button : page->findings()->findChildren<QPushButton *>())
        QVERIFY2(!button->isEnabled() && button->toolTip().contains(u"RDB files"_s), qPrintable(button->text()));
    page->feed().startFiles(files);
    m_view->attach(std::make_unique<SessionDoor>(m_thread, m_cluster->target({0})));
    QVERIFY(page->feed().isRunning());
    QTRY_VERIFY(!page->feed().isRunning());
    QTRY_VERIFY(m_view->context().view());
    QCOMPARE(page->feed().report()->sum.keys, m_keys);
}

/// A report of another database opens the browser with that database.
void TestAnalysisPage::leadsToItsDatabase()
{
    LocalClusterOptions options;
    options.clusterMode = false;
    options.primaries = 1;
    options.replicasPerPrimary = 0;
    options.serverPath = serversFound().last().second;
    TestCluster server(options);
    QVERIFY2(server.start(), qPrintable(server.failure()));
    QVERIFY(server.run(0, commandOf("SET", "in:zero", "0")));
    const auto copied = server.run(0, commandOf("COPY", "in:zero", "in:three", "DB", "3"));
    QVERIFY(copied && copied->toInteger() == 1);
    auto *page = openPage<AnalysisPage>(server.target({0}), u"analysis"_s);
    QTRY_VERIFY(page->startButton()->isEnabled());
    AnalysisRequest request;
    request.heatMs = 0;
    request.scan.database = 3;
    page->feed().start(request);
    QTRY_VERIFY(page->feed().report());
    QCOMPARE(page->feed().report()->sum.keys, 1);
    page->keysTable()->setCurrentIndex(page->keysTable()->model()->index(0, 0));
    Q_EMIT page->keysTable()->activated(page->keysTable()->currentIndex());
    auto *browser = qobject_cast<BrowserPage *>(m_view->page(u"browser"_s));
    QTRY_VERIFY(browser->isVisible());
    QTRY_COMPARE(browser->databaseBox()->currentData().toInt(), 3);
    QTRY_COMPARE(browser->keys()->store().request().database, 3);
    QTRY_COMPARE(browser->keys()->store().progress().seen, 1u);
    QTRY_VERIFY(browser->values()->current() && browser->values()->current()->isRead());
    // the key does not exist in database 0, where its type would be "none"
    QCOMPARE(browser->values()->current()->head().typeWord, "string"_ba);
    dropWindow(); // the window must be closed before its server ends
    makeWindow();
}

void TestAnalysisPage::leadsOn()
{
    AnalysisPage *page = open();
    QVERIFY(analyse(page));
    AnalysisFinding finding;
    finding.kind = AnalysisFinding::Kind::WithoutTtl;
    auto *browser = qobject_cast<BrowserPage *>(m_view->page(u"browser"_s));
    // Compressible values and keys with a heavily used hash tag are listed by memory, the largest first.
    browser->keys()->searchField()->setText(u"not there"_s); // a filter left from an earlier visit
    finding.kind = AnalysisFinding::Kind::Compressible;
    finding.act = AnalysisFinding::Act::Browse;
    finding.name = "user:";
    page->act(finding);
    QTRY_COMPARE(browser->keys()->store().request().pattern, "user:*"_ba);
    QCOMPARE(browser->keys()->store().request().type, "string"_ba);
    QTRY_VERIFY(browser->keys()->rankBar()->fact() == KeyFact::Memory);
    QVERIFY(browser->keys()->rankBar()->rank().descending);
    finding.kind = AnalysisFinding::Kind::LoadedTag;
    finding.name = "board";
    page->act(finding);
    QTRY_COMPARE(browser->keys()->store().request().pattern, "*{board}*"_ba);
    QVERIFY(browser->keys()->store().request().type.isEmpty());
    QTRY_VERIFY(browser->keys()->rankBar()->fact() == KeyFact::Memory);
    finding.act = AnalysisFinding::Act::OpenKey;
    finding.name = page->feed().report()->byBytes.front().key;
    page->act(finding);
    QTRY_VERIFY(browser->isVisible());
    QTRY_VERIFY(browser->values()->current() && browser->values()->current()->isRead());
    // The setting is selected even though no node's settings have been read yet.
    auto *config = qobject_cast<ConfigPage *>(m_view->page(u"config"_s));
    QVERIFY(!config->settings()->isFilled());
    finding.act = AnalysisFinding::Act::Setting;
    page->act(finding);
    QTRY_VERIFY(config->settings()->panel()->isVisible());
    QCOMPARE(config->settings()->panel()->setting(), "hash-max-listpack-entries"_ba);
    // The finding about hot keys opens the view where the measurement can be started.
    auto *profiler = qobject_cast<ProfilerPage *>(m_view->page(u"profiler"_s));
    finding.act = AnalysisFinding::Act::HotKeys;
    page->act(finding);
    QTRY_VERIFY(profiler->hotKeys()->isVisible());
    QVERIFY(profiler->hotKeys()->startButton()->isEnabled());
    QVERIFY(!profiler->hotKeys()->isRunning());
    profiler->showHotKeys(false);
    m_window->showPage(u"analysis"_s);
    QTRY_VERIFY(page->isVisible());
    auto *link = page->findChild<QPushButton *>(u"hotKeys"_s);
    QVERIFY(!link->isVisible());
    for (auto *by : page->findChildren<SegmentedControl *>())
        if (by->accessibleName() == u"Biggest by"_s)
            by->setCurrent(2);
    QVERIFY(link->isVisible());
    grab(u"analysis-frequency"_s);
    QTest::mouseClick(link, Qt::LeftButton);
    QTRY_VERIFY(profiler->hotKeys()->isVisible());
    // The finding about a shard that uses too much memory opens the rebalance operation.
    std::optional<OperationDraft> asked;
    connect(page, &Page::operationRequested, page, [&asked](const OperationDraft &draft) { asked = draft; });
    finding.act = AnalysisFinding::Act::Rebalance;
    page->act(finding);
    QVERIFY(asked && asked->operation == Operation::Rebalance);
    const ChooseRebalance form(*m_theme, *asked);
    QCOMPARE(std::get<RebalanceRequest>(form.request()).by, RebalanceRequest::By::Memory);
}

/// The keys named by the finding are selected, and the user only has to type the expiry time.
void TestAnalysisPage::expiresWhatTheFindingNames()
{
    AnalysisPage *page = open();
    QVERIFY(analyse(page));
    const auto set = [this](const QByteArray &key, const QByteArrayList &more) {
        const auto done = m_cluster->run(0, Command{"SET"_ba, key, "x"_ba} + more);
        QVERIFY(done && !done->isError());
    };
    for (int i = 0; i < 5; ++i)
        set("tmp:{06S}:" + QByteArray::number(i), {}); // these keys are in slot 0
    set("tmp:{06S}:ends", {"EX"_ba, "100000"_ba});
    AnalysisFinding finding;
    finding.kind = AnalysisFinding::Kind::WithoutTtl;
    finding.act = AnalysisFinding::Act::Expire;
    finding.name = "tmp:";
    page->act(finding);
    auto *browser = qobject_cast<BrowserPage *>(m_view->page(u"browser"_s));
    auto *dialog = shown<ExpiryDialog>(browser);
    QVERIFY(dialog);
    QCOMPARE(browser->keys()->store().request().pattern, "tmp:*"_ba);
    QVERIFY(browser->keys()->rankBar()->rank().onlyWithoutTtl);
    QCOMPARE(dialog->kindBox()->currentIndex(), int(ExpiryDialog::Kind::For));
    QVERIFY2(dialog->wordsBefore().startsWith(u"Dry run: 5 keys of tmp:*"_s), qPrintable(dialog->wordsBefore()));
    QCOMPARE(dialog->amountField()->selectedText(), dialog->amountField()->text());
    grab(u"analysis-expire"_s);
    grab(u"analysis-expire-dialog"_s, dialog);
    set("tmp:{06S}:0", {"EX"_ba, "100000"_ba}); // this key gets an expiry from another client meanwhile
    QTest::keyClicks(dialog->amountField(), u"7200"_s);
    QTest::mouseClick(dialog->actButton(), Qt::LeftButton);
    QTRY_COMPARE(browser->bulk()->progress().state, BulkProgress::State::Done);
    QCOMPARE(browser->bulk()->progress().changed, 4);
    QCOMPARE(browser->bulk()->progress().untouched, 1);
    const auto ttl = [this](const QByteArray &key) { return m_cluster->run(0, commandOf("TTL", key))->toInteger(); };
    QVERIFY(ttl("tmp:{06S}:0") > 90'000);
    QVERIFY(ttl("tmp:{06S}:ends") > 90'000);
    for (int i = 1; i < 5; ++i) {
        const qint64 left = ttl("tmp:{06S}:" + QByteArray::number(i));
        QVERIFY2(left > 7000 && left <= 7200, qPrintable(QString::number(left)));
    }
    // If the user leaves the browser meanwhile, no dialog opens.
    for (int i = 0; i < 5; ++i)
        set("tmp:{06S}:" + QByteArray::number(i), {});
    browser->keys()->rows()->clearSelection();
    page->act(finding);
    m_window->showPage(u"analysis"_s);
    QTRY_COMPARE(browser->keys()->selection().rows, 5);
    // the previous dialog may not be deleted yet
    for (const ExpiryDialog *open : m_window->findChildren<ExpiryDialog *>())
        QVERIFY(!open->isVisible());
    for (const QByteArray &last : {"0"_ba, "1"_ba, "2"_ba, "3"_ba, "4"_ba, "ends"_ba})
        QVERIFY(m_cluster->run(0, commandOf("DEL", "tmp:{06S}:" + last)));
}

/// On a read-only connection the keys are shown, but no dialog opens.
void TestAnalysisPage::readOnlyOnlyShows()
{
    ConnectionTarget target = m_cluster->target({0});
    target.readOnly = true;
    auto *page = openPage<AnalysisPage>(target, u"analysis"_s);
    QVERIFY(analyse(page));
    AnalysisFinding finding;
    finding.act = AnalysisFinding::Act::Expire;
    finding.name = "product:";
    page->act(finding);
    auto *browser = qobject_cast<BrowserPage *>(m_view->page(u"browser"_s));
    QTRY_VERIFY(browser->keys()->rankBar()->fact() == KeyFact::Ttl);
    QVERIFY(browser->keys()->rankBar()->rank().onlyWithoutTtl);
    QCOMPARE(browser->keys()->selection().rows, 0);
    QVERIFY(!m_window->findChild<ExpiryDialog *>());
}

void TestAnalysisPage::stoppedIsAPart()
{
    AnalysisPage *page = open();
    QTRY_VERIFY(page->startButton()->isEnabled());
    AnalysisRequest request;
    request.heatMs = 0;
    constexpr int many = 300'000; // with fewer keys the analysis would end before it can be paused
    QVERIFY(m_cluster->fill(0, "{06S}many:", many));
    page->feed().start(request);
    QVERIFY(page->feed().isRunning());
    QVERIFY(m_view->context().busyPages().contains(u"analysis"_s));
    QVERIFY(page->stopButton()->isVisible());
    QTRY_VERIFY(page->feed().progress().counted > 0);
    page->feed().pause();
    QTRY_VERIFY(page->feed().progress().isPaused);
    QVERIFY(!m_view->unsaved().isEmpty()); // closing this tab would ask the user first
    QTest::mouseClick(page->stopButton(), Qt::LeftButton);
    QTRY_VERIFY(!page->feed().isRunning());
    QVERIFY(!m_view->context().busyPages().contains(u"analysis"_s));
    QVERIFY(page->feed().report() && page->feed().report()->sum.keys < m_keys + many);
    QVERIFY2(page->subtitle().startsWith(u"some of the keys"_s), qPrintable(page->subtitle()));
    QVERIFY(page->noticeText().contains(u"stopped"_s));
    QVERIFY(m_cluster->dropFilled(0, "{06S}many:", many));
}

void TestAnalysisPage::refusals()
{
    for (int node = 0; node < 3; ++node)
        QVERIFY(m_cluster->run(node, commandOf("ACL", "SETUSER", "some", "on", ">pw", "~user:*", "+@all")));
    ConnectionTarget target = m_cluster->target({0});
    target.credentials = {.user = u"some"_s, .password = u"pw"_s};
    auto *page = openPage<AnalysisPage>(target, u"analysis"_s);
    QVERIFY(analyse(page));
    QVERIFY(page->feed().report()->outcome.refused > 0);
    QVERIFY2(page->noticeText().contains(u"may not read"_s), qPrintable(page->noticeText()));
    QVERIFY(page->subtitle().startsWith(u"some of the keys"_s));
    const QByteArray html = reportHtml(*page->feed().report());
    QVERIFY(html.contains("may not read"));
    grab(u"analysis-refused"_s);
}

void TestAnalysisPage::pictures()
{
    AnalysisPage *page = open();
    QTRY_VERIFY(page->isFilled());
    grab(u"analysis-empty"_s);
    QVERIFY(analyse(page));
    grab(u"analysis"_s);
    m_window->resize(1000, 700);
    grab(u"analysis-1000"_s);
    m_window->resize(1920, 1080);
    grab(u"analysis-1920"_s);
}

SLOTSCOPE_TEST(TestAnalysisPage)
#include "tst_analysispage.moc"
