// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/clustermarks.h"
#include "tests/support/sampleview.h"
#include "tests/support/testmain.h"

#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestClusterMarks final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_settings = std::make_unique<QSettings>(m_folder.filePath(u"marks"_s), QSettings::IniFormat);
        m_settings->clear();
    }
    void belongToTheCluster();
    void whatIsSaidGoesFirst();
    void halfOfTheNodesDecides_data();
    void halfOfTheNodesDecides();
    void followTheNodes();
    void nothingIsKeptOfNothing();
    void idsOfAView();

private:
    static ConnectionTarget target(const QString &uri) { return ConnectionTarget::parse(uri).value(); }
    static QSet<QByteArray> ids(const QString &letters)
    {
        QSet<QByteArray> set;
        for (const QChar letter : letters)
            set.insert(QByteArray(40, letter.toLatin1()));
        return set;
    }

    QTemporaryDir m_folder;
    std::unique_ptr<QSettings> m_settings;
};

void TestClusterMarks::belongToTheCluster()
{
    ClusterMarks(*m_settings).learn(target(u"redis://a:1?name=shop&env=production"_s), ids(u"abc"_s), 1);
    const ClusterMarks again(*m_settings);
    const ConnectionTarget bare = again.marked(target(u"other.example:7"_s), ids(u"abc"_s));
    QCOMPARE(bare.name, u"shop"_s);
    QCOMPARE(bare.environment, EnvironmentKind::Production);
    QCOMPARE(bare.seeds, target(u"other.example:7"_s).seeds);
    // the address now belongs to another cluster
    const ConnectionTarget sameAddress = again.marked(target(u"a:1"_s), ids(u"xyz"_s));
    QCOMPARE(sameAddress, target(u"a:1"_s));
}

void TestClusterMarks::whatIsSaidGoesFirst()
{
    ClusterMarks marks(*m_settings);
    marks.learn(target(u"redis://a:1?name=shop&env=production"_s), ids(u"abc"_s), 1);
    const ConnectionTarget said = target(u"redis://a:1?name=mine&env=staging"_s);
    QCOMPARE(marks.marked(said, ids(u"abc"_s)), said);
    // the URI has no name, so the stored name is kept
    marks.learn(target(u"redis://a:1?env=staging"_s), ids(u"abc"_s), 2);
    const ConnectionTarget bare = marks.marked(target(u"b:1"_s), ids(u"abc"_s));
    QCOMPARE(bare.name, u"shop"_s);
    QCOMPARE(bare.environment, EnvironmentKind::Staging);
    // a target without name and environment does not overwrite stored ones
    marks.learn(target(u"b:1"_s), ids(u"abc"_s), 3);
    QCOMPARE(marks.marked(target(u"b:1"_s), ids(u"abc"_s)), bare);
}

void TestClusterMarks::halfOfTheNodesDecides_data()
{
    QTest::addColumn<QString>("nodes");
    QTest::addColumn<bool>("known");
    QTest::newRow("one of six, seen alone") << u"a"_s << true;
    QTest::newRow("three have been replaced") << u"abcxyz"_s << true;
    QTest::newRow("grown") << u"abcdefghijkl"_s << true;
    QTest::newRow("one that was given away, in another cluster") << u"auvwxyz"_s << false;
    QTest::newRow("none of them") << u"xyz"_s << false;
    QTest::newRow("nobody") << u""_s << false;
}

void TestClusterMarks::halfOfTheNodesDecides()
{
    QFETCH(const QString, nodes);
    ClusterMarks marks(*m_settings);
    marks.learn(target(u"redis://a:1?env=production"_s), ids(u"abcdef"_s), 1);
    const bool known = marks.marked(target(u"b:1"_s), ids(nodes)).environment == EnvironmentKind::Production;
    QTEST(known, "known");
}

void TestClusterMarks::followTheNodes()
{
    ClusterMarks marks(*m_settings);
    QString nodes = u"abc"_s;
    marks.learn(target(u"redis://a:1?env=production"_s), ids(nodes), 1);
    for (const QChar next : u"defghi"_s) { // nodes are replaced one after the other
        nodes = nodes.mid(1) + next;
        const ConnectionTarget marked = marks.marked(target(u"a:1"_s), ids(nodes));
        QCOMPARE(marked.environment, EnvironmentKind::Production);
        marks.learn(marked, ids(nodes), 2);
    }
}

void TestClusterMarks::nothingIsKeptOfNothing()
{
    ClusterMarks marks(*m_settings);
    marks.learn(target(u"a:1"_s), ids(u"abc"_s), 1);
    marks.learn(target(u"redis://a:1?env=production"_s), {}, 1);
    QVERIFY(m_settings->allKeys().isEmpty());
}

void TestClusterMarks::idsOfAView()
{
    ClusterView view = *samples::healthy();
    QCOMPARE(nodeIdsOf(view).size(), qsizetype(view.nodes.size()));
    view.nodes[0].flags.setFlag(NodeFlag::Handshake);
    QVERIFY(!nodeIdsOf(view).contains(view.nodes[0].id));
    view.cluster = false;
    QVERIFY(nodeIdsOf(view).isEmpty());
}

SLOTSCOPE_TEST(TestClusterMarks)
#include "tst_clustermarks.moc"
