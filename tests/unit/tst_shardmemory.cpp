// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/shardmemory.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestShardMemory final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QFile::remove(path()); }
    void keepsNumbers();
    void keepsNames();
    void isBounded();
    void damagedFile_data();
    void damagedFile();
    void unreadableFileStays();
    void noPlace();

private:
    [[nodiscard]] QString path() const { return m_folder.filePath(u"a/shards.json"_s); }
    static QSet<QByteArray> ids(const QByteArray &letters)
    {
        QSet<QByteArray> set;
        for (const char letter : letters)
            set.insert(QByteArray(40, letter));
        return set;
    }
    /// Converts "ab" and "12" to shard numbers: node a is in shard 1, node b in shard 2.
    static QHash<QByteArray, int> numbers(const QByteArray &letters, const QByteArray &digits)
    {
        QHash<QByteArray, int> hash;
        for (qsizetype i = 0; i < letters.size(); ++i)
            hash.insert(QByteArray(40, letters[i]), digits[i] - '0');
        return hash;
    }

    QTemporaryDir m_folder;
};

void TestShardMemory::keepsNumbers()
{
    ShardMemory(path()).keepNumbers(numbers("abc", "123"), 1);
    ShardMemory(path()).keepNumbers(numbers("xy", "12"), 2);
    const ShardMemory memory(path()); // as another or a later program reads the file
    QCOMPARE(memory.recall(ids("abc")).numberOfNode, numbers("abc", "123"));
    // most nodes of the stored cluster are enough
    QCOMPARE(memory.recall(ids("ab")).numberOfNode, numbers("abc", "123"));
    QVERIFY(memory.recall(ids("pq")).isEmpty());
    // one common id is not enough: that node may have been reset and kept its id
    QVERIFY(memory.recall(ids("a")).isEmpty());
    // alone, this node keeps its own number without changing that of the cluster
    ShardMemory(path()).keepNumbers(numbers("a", "1"), 2);
    QCOMPARE(memory.recall(ids("abc")).numberOfNode.value(QByteArray(40, 'c')), 3);
    ShardMemory(path()).keepNumbers(numbers("abd", "124"), 3); // one node was removed and one shard added
    QCOMPARE(memory.recall(ids("abd")).numberOfNode, numbers("abd", "124"));
    QCOMPARE(memory.recall(ids("xy")).numberOfNode, numbers("xy", "12"));
}

void TestShardMemory::keepsNames()
{
    ShardMemory memory(path());
    memory.keepNumbers(numbers("abc", "112"), 1);
    const quint64 before = memory.revision();
    QVERIFY(memory.setName(numbers("abc", "112"), 2, u"  orders\n of %1 "_s, 2));
    QVERIFY(memory.revision() != before);
    QVERIFY(memory.setName(numbers("abc", "112"), 1, QString(100, u'x'), 2));
    memory.keepNumbers(numbers("abcd", "1122"), 2);
    QCOMPARE(memory.recall(ids("abcd")).nameOfNumber,
             (QHash<int, QString>{{1, QString(40, u'x')}, {2, u"orders of %1"_s}}));
    QVERIFY(memory.setName(numbers("abcd", "1122"), 1, u" "_s, 3));
    QCOMPARE(memory.recall(ids("abcd")).nameOfNumber, (QHash<int, QString>{{2, u"orders of %1"_s}}));
    // the name of a shard of a cluster that was unknown before
    QVERIFY(memory.setName(numbers("pqr", "123"), 3, u"new"_s, 4));
    QCOMPARE(memory.recall(ids("pqr")).nameOfNumber, (QHash<int, QString>{{3, u"new"_s}}));
}

void TestShardMemory::isBounded()
{
    ShardMemory memory(path());
    for (int i = 0; i < ShardMemory::mostClusters + 20; ++i)
        memory.keepNumbers({{QByteArray::number(i).rightJustified(40, '0'), 1}}, i);
    QVERIFY(memory.recall({QByteArray::number(0).rightJustified(40, '0')}).isEmpty());
    QVERIFY(memory.recall({QByteArray::number(19).rightJustified(40, '0')}).isEmpty());
    QVERIFY(!memory.recall({QByteArray::number(20).rightJustified(40, '0')}).isEmpty());
}

void TestShardMemory::damagedFile_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("nothing") << ""_ba;
    QTest::newRow("no JSON") << "{\"clusters\": [{"_ba;
    QTest::newRow("other types") << "{\"clusters\": [1, {\"shards\": [2, {\"number\": \"x\", \"nodes\": {}}]}]}"_ba;
    QTest::newRow("numbers out of range")
        << "{\"clusters\": [{\"shards\": [{\"number\": -1, \"nodes\": [\"a\"]}, {\"number\": 2000000, \"nodes\": [\"a\"]}]}]}"_ba;
}

void TestShardMemory::damagedFile()
{
    QFETCH(const QByteArray, text);
    ShardMemory memory(path());
    memory.keepNumbers(numbers("x", "1"), 0); // creates the folder
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write(text);
    file.close();
    QVERIFY(memory.recall(ids("a")).isEmpty());
    QVERIFY(memory.recall({"a"_ba}).isEmpty());
    memory.keepNumbers(numbers("abc", "123"), 1); // repairs the file
    QCOMPARE(memory.recall(ids("abc")).numberOfNode, numbers("abc", "123"));
}

/// A file that cannot be read is not replaced, because it may contain names of other clusters.
void TestShardMemory::unreadableFileStays()
{
    ShardMemory memory(path());
    memory.keepNumbers(numbers("abc", "123"), 1);
    QFile file(path());
    QVERIFY(file.resize(17 * 1024 * 1024));
    QVERIFY(!memory.setName(numbers("abc", "123"), 1, u"orders"_s, 2));
    QCOMPARE(file.size(), 17 * 1024 * 1024);
}

void TestShardMemory::noPlace()
{
    ShardMemory memory(u"/proc/none/shards.json"_s);
    memory.keepNumbers(numbers("abc", "123"), 1);
    const quint64 before = memory.revision();
    const auto named = memory.setName(numbers("abc", "123"), 1, u"orders"_s, 1);
    QVERIFY(!named && named.error().detail.contains(u"/proc/none"_s));
    QCOMPARE(memory.revision(), before); // unchanged, so nobody reads again what could not be written
    QVERIFY(memory.recall(ids("abc")).isEmpty());
}

SLOTSCOPE_TEST(TestShardMemory)
#include "tst_shardmemory.moc"
