// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/findingwatch.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestFindingWatch : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void cameAndOver();
    void whatPassesIsNoChange();
    void figuresMayChange();
    void worseAndBetter();
    void notesAreLeftOut();

private:
    static Finding finding(Severity severity, const QString &title, const QByteArrayList &nodes = {"a"})
    {
        Finding made;
        made.kind = Finding::Kind::NodeFailed;
        made.severity = severity;
        made.title = title;
        made.nodes = nodes;
        return made;
    }
};

void TestFindingWatch::cameAndOver()
{
    FindingWatch watch(1000);
    const Finding lost = finding(Severity::Error, u"a is lost"_s);
    QVERIFY(watch.take({lost}, 0).empty());
    QVERIFY(watch.take({lost}, 999).empty());
    auto changes = watch.take({lost}, 1000);
    QCOMPARE(changes.size(), 1u);
    QVERIFY(changes[0].what == FindingChange::What::Came && changes[0].finding == lost);
    QCOMPARE(watch.worst(), Severity::Error);
    QVERIFY(watch.take({lost}, 5000).empty()); // reported only once
    QVERIFY(watch.take({}, 5500).empty());
    changes = watch.take({}, 6000);
    QCOMPARE(changes.size(), 1u);
    QVERIFY(changes[0].what == FindingChange::What::Over && changes[0].lastedMs == 5000);
    QCOMPARE(watch.worst(), Severity::Ok);
}

void TestFindingWatch::whatPassesIsNoChange()
{
    FindingWatch watch(1000);
    const Finding lost = finding(Severity::Error, u"a is lost"_s);
    QVERIFY(watch.take({lost}, 0).empty());
    QVERIFY(watch.take({}, 500).empty());
    QVERIFY(watch.take({}, 2000).empty()); // its end is not reported either
    QVERIFY(watch.take({lost}, 3000).empty());
    QCOMPARE(watch.take({lost}, 4000).size(), 1u);
    QVERIFY(watch.take({}, 4500).empty()); // the finding disappears only for a moment
    QVERIFY(watch.take({lost}, 5000).empty());
    QVERIFY(watch.take({lost}, 9000).empty());
}

void TestFindingWatch::figuresMayChange()
{
    FindingWatch watch(1000);
    (void)watch.take({finding(Severity::Warning, u"lag of 10 MB"_s)}, 0);
    auto changes = watch.take({finding(Severity::Warning, u"lag of 11 MB"_s)}, 1000);
    QCOMPARE(changes.size(), 1u);
    QCOMPARE(changes[0].finding.title, u"lag of 11 MB"_s);
    QVERIFY(watch.take({finding(Severity::Warning, u"lag of 12 MB"_s)}, 3000).empty());
    changes = watch.take(
        {finding(Severity::Warning, u"lag of 12 MB"_s), finding(Severity::Warning, u"b lags"_s, {"b"})}, 4000);
    QVERIFY(changes.empty());
    changes = watch.take({finding(Severity::Warning, u"b lags"_s, {"b"})}, 5000);
    QCOMPARE(changes.size(), 2u); // the same finding about another node counts as a new one
}

void TestFindingWatch::worseAndBetter()
{
    FindingWatch watch(1000);
    (void)watch.take({finding(Severity::Warning, u"maybe lost"_s)}, 0);
    QCOMPARE(watch.take({finding(Severity::Warning, u"maybe lost"_s)}, 1000).size(), 1u);
    QVERIFY(watch.take({finding(Severity::Error, u"lost"_s)}, 1500).empty());
    const auto changes = watch.take({finding(Severity::Error, u"lost"_s)}, 2500);
    QCOMPARE(changes.size(), 1u);
    QVERIFY(changes[0].what == FindingChange::What::Changed);
    QCOMPARE(watch.worst(), Severity::Error);
}

void TestFindingWatch::notesAreLeftOut()
{
    FindingWatch watch(0);
    QVERIFY(watch.take({finding(Severity::Note, u"two versions"_s)}, 0).empty());
    QVERIFY(watch.take({finding(Severity::Note, u"two versions"_s)}, 5000).empty());
    QCOMPARE(watch.worst(), Severity::Ok);
}

SLOTSCOPE_TEST(TestFindingWatch)
#include "tst_findingwatch.moc"
