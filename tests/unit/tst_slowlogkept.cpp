// SPDX-License-Identifier: GPL-3.0-or-later
// Slow logs as a file: they come back as they were, within bounds, and damage is known.
#include "core/slowlog/slowlogkept.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestSlowlogKept : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void comesBackAsItWas();
    void damageIsKnown();
    void theOldestGo();
    void aClusterIsKnownByItsNodes();

private:
    static SlowlogEntryPtr entry(qint64 id, const Command &command)
    {
        SlowlogEntry made;
        made.kind = SlowlogKind::LargeReply;
        made.runId = "run"_ba;
        made.id = id;
        made.serverSeconds = 1'790'000'000 + id;
        made.at = made.serverSeconds * 1000 + 1;
        made.cost = 4711;
        made.command = command;
        made.clientAddress = "127.0.0.1:5"_ba;
        made.clientName = "web"_ba;
        made.nodeId = "a"_ba;
        made.nodeName = u"a:1"_s;
        return std::make_shared<const SlowlogEntry>(made);
    }
};

void TestSlowlogKept::comesBackAsItWas()
{
    const QByteArray odd("\0\xff\n", 3);
    const auto kept = readKeptSlowlog(keptBytes({.nodes = {"a", "b"}, .entries = {entry(1, {"GET"_ba, odd})}}));
    QVERIFY(kept);
    QCOMPARE(kept->nodes, (QSet<QByteArray>{"a", "b"}));
    QCOMPARE(kept->entries.size(), 1u);
    const SlowlogEntry &one = *kept->entries.front();
    QCOMPARE(one.command, (Command{"GET"_ba, odd}));
    QCOMPARE(one.shape, "GET ?"_ba);
    QVERIFY(one.kind == SlowlogKind::LargeReply && one.id == 1 && one.cost == 4711 && one.runId == "run");
    QVERIFY(one.at == 1'790'000'001'001 && one.serverSeconds == 1'790'000'001);
    QVERIFY(one.clientAddress == "127.0.0.1:5" && one.clientName == "web" && one.nodeId == "a"
            && one.nodeName == u"a:1");
}

void TestSlowlogKept::damageIsKnown()
{
    const QByteArray bytes = keptBytes({.nodes = {"a"}, .entries = {entry(1, {"GET"_ba, "k"_ba})}});
    QVERIFY(!readKeptSlowlog({}));
    for (qsizetype size = 0; size < bytes.size(); ++size)
        QCOMPARE(readKeptSlowlog(bytes.left(size)).error().code, Error::Code::Parse);
    for (qsizetype at = 0; at < bytes.size(); ++at) {
        QByteArray changed = bytes;
        changed[at] = char(changed[at] ^ 0x55);
        QVERIFY(!readKeptSlowlog(changed));
    }
}

void TestSlowlogKept::theOldestGo()
{
    KeptSlowlog kept{.nodes = {"a"}, .entries = {}};
    for (int i = 0; i < int(KeptSlowlog::mostEntries) + 10; ++i)
        kept.entries.push_back(entry(i, {"PING"_ba}));
    auto read = readKeptSlowlog(keptBytes(kept));
    QVERIFY(read);
    QCOMPARE(read->entries.size(), KeptSlowlog::mostEntries);
    QCOMPARE(read->entries.front()->id, 10);
    const Command large(32, QByteArray(128 * 1024, 'x')); // 4 MiB per entry
    kept.entries.clear();
    for (int i = 0; i < 10; ++i)
        kept.entries.push_back(entry(i, large));
    const QByteArray bytes = keptBytes(kept);
    QVERIFY(bytes.size() < KeptFiles::mostBytes);
    read = readKeptSlowlog(bytes);
    QVERIFY(read && read->entries.size() == 5 && read->entries.back()->id == 9);
}

void TestSlowlogKept::aClusterIsKnownByItsNodes()
{
    QTemporaryDir folder;
    const KeptFiles files(folder.filePath(u"slowlog"_s));
    SlowlogRecord record;
    record.give({.nodes = {"a", "b", "c"}, .entries = {entry(1, {"PING"_ba})}});
    const auto first = files.find({"a", "b", "c"}, {}, record);
    QVERIFY(first && first->bytes.isEmpty());
    QVERIFY(files.save(first->path, record.bytes()));
    QVERIFY((QFile::permissions(first->path) & (QFile::ReadGroup | QFile::ReadOther)) == 0);
    QVERIFY(files.find({"x", "y"}, {}, record)->bytes.isEmpty());
    SlowlogRecord later;
    const auto again = files.find({"b", "c", "d"}, {}, later);
    QVERIFY(again);
    later.take(again->bytes);
    QCOMPARE(later.taken().size(), 1u);
    QVERIFY(later.taken().empty()); // taken only once
}

SLOTSCOPE_TEST(TestSlowlogKept)
#include "tst_slowlogkept.moc"
