// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/keyindex.h"
#include "core/keys/keyranking.h"
#include "core/keys/rowtable.h"
#include "tests/support/testmain.h"

#include <QRandomGenerator>
#include <QSet>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

namespace {

const std::atomic<bool> neverStopped{false};

void settleAll(KeyIndex &index)
{
    while (!index.settle(neverStopped)) { }
}

QByteArrayList shownKeys(const KeyIndex &index)
{
    const KeySnapshotPtr snapshot = index.snapshot();
    QByteArrayList keys;
    for (quint32 place = 0; place < snapshot->shown->size(); ++place)
        keys.append(snapshot->keyAt(place).toByteArray());
    return keys;
}

KeySnapshotPtr snapshotOf(const QByteArrayList &keys, KeyOrder order = KeyOrder::Natural)
{
    KeyIndex index(order);
    for (const QByteArray &key : keys)
        index.insert(key);
    settleAll(index);
    return index.snapshot();
}

/// Returns "name/depth/count" for each folder and "name" for each key.
QByteArrayList printed(const RowTable &table)
{
    QByteArrayList rows;
    for (int row = 0; row < table.rowCount(); ++row) {
        const RowTable::Part &part = table.partAt(row);
        const QByteArray indent = QByteArray(part.depth * 2, ' ');
        rows.append(indent + table.labelAt(row).toByteArray()
                    + (part.isFolder ? " (" + QByteArray::number(part.keys) + ')' : QByteArray()));
    }
    return rows;
}

RowTablePtr tableOf(const QByteArrayList &keys, const QList<QByteArray> &delimiters, const QSet<QByteArray> &open,
                    KeyOrder order = KeyOrder::Natural)
{
    return RowTable::build(snapshotOf(keys, order), {Delimiters(delimiters), open}, neverStopped);
}

/// Returns key names with common beginnings, with numbers with and without leading zeros, with zero bytes, and ending
/// at any part.
QByteArrayList oddKeys(int count)
{
    static const QByteArrayList words{"user"_ba,
                                      "a"_ba,
                                      ":"_ba,
                                      "::"_ba,
                                      "/"_ba,
                                      "0"_ba,
                                      "007"_ba,
                                      "7"_ba,
                                      "10"_ba,
                                      "2"_ba,
                                      QByteArray("\0", 1),
                                      "\xff"_ba,
                                      "x7"_ba,
                                      "longer than eight bytes"_ba};
    QRandomGenerator random(7);
    QByteArrayList keys;
    for (int i = 0; i < count; ++i) {
        QByteArray key;
        for (int words_ = random.bounded(1, 8); words_ > 0; --words_)
            key += words[random.bounded(int(words.size()))];
        keys.append(key);
    }
    return keys;
}

} // namespace

class TestKeyIndex final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void takesEachKeyOnce();
    void keepsLongAndEmptyKeys();
    void removes();
    void sortsAsItCompares_data();
    void sortsAsItCompares();
    void sortsManyAtOnce_data();
    void sortsManyAtOnce();
    void naturalOrder_data();
    void naturalOrder();
    void keepsFoldersTogether_data();
    void keepsFoldersTogether();
    void snapshotsStay();
    void filters_data();
    void filters();
    void filtersWhatComesLater();
    void refusesAWrongExpression();
    void globs_data();
    void globs();
    void staysWithinItsMemory();
    void rowsOfTheTree();
    void rowsOfOddDelimiters_data();
    void rowsOfOddDelimiters();
    void opensAndCloses();
    void findsRows();
    void numbersGiveAnOrder();
};

void TestKeyIndex::takesEachKeyOnce()
{
    KeyIndex index;
    QSet<QByteArray> told;
    for (const QByteArray &key : oddKeys(20'000)) {
        QCOMPARE(index.insert(key), !told.contains(key));
        told.insert(key);
    }
    QCOMPARE(index.size(), quint64(told.size()));
    settleAll(index);
    const QByteArrayList shown = shownKeys(index);
    QCOMPARE(QSet<QByteArray>(shown.begin(), shown.end()), told);
    QCOMPARE(shown.size(), told.size());
}

void TestKeyIndex::keepsLongAndEmptyKeys()
{
    const QByteArrayList keys{""_ba, QByteArray(65'534, 'a'), QByteArray(65'535, 'a'), QByteArray(3'000'001, 'b'),
                              "c"_ba};
    KeyIndex index(KeyOrder::Bytes);
    for (const QByteArray &key : keys)
        QVERIFY(index.insert(key));
    for (const QByteArray &key : keys)
        QVERIFY(!index.insert(key));
    settleAll(index);
    QCOMPARE(shownKeys(index), keys);
}

void TestKeyIndex::removes()
{
    KeyIndex index;
    for (const char *key : {"a", "b", "c", "d"})
        index.insert(key);
    settleAll(index);
    QVERIFY(index.remove("b"));
    QVERIFY(!index.remove("b"));
    index.insert("e");
    QVERIFY(index.remove("e")); // removed before it was sorted in
    QCOMPARE(index.size(), quint64(3));
    settleAll(index);
    QCOMPARE(shownKeys(index), QByteArrayList({"a"_ba, "c"_ba, "d"_ba}));
    QVERIFY(index.insert("b"));
    index.setOrder(KeyOrder::Bytes);
    settleAll(index);
    QCOMPARE(shownKeys(index), QByteArrayList({"a"_ba, "b"_ba, "c"_ba, "d"_ba}));
    for (int i = 0; i < 5000; ++i) { // removed keys do not fill up the hash table
        index.insert("t" + QByteArray::number(i));
        index.remove("t" + QByteArray::number(i));
    }
    QCOMPARE(index.size(), quint64(4));
    QVERIFY(index.contains("a"));
}

void TestKeyIndex::sortsAsItCompares_data()
{
    QTest::addColumn<KeyOrder>("order");
    QTest::newRow("natural") << KeyOrder::Natural;
    QTest::newRow("bytes") << KeyOrder::Bytes;
}

void TestKeyIndex::sortsAsItCompares()
{
    QFETCH(const KeyOrder, order);
    KeyIndex index(order);
    const QByteArrayList keys = oddKeys(150'000);
    for (const QByteArray &key : keys) {
        index.insert(key);
        // large batches sort everything again, small ones are merged
        if (index.waiting() == (index.size() < 60'000 ? 30'000 : 5000))
            std::ignore = index.settle(neverStopped);
    }
    settleAll(index);
    const QByteArrayList shown = shownKeys(index);
    for (qsizetype i = 1; i < shown.size(); ++i)
        QVERIFY2(compareKeys(shown[i - 1], shown[i], order) < 0,
                 (shown[i - 1] + " | " + shown[i]).toHex(' ').constData());
}

void TestKeyIndex::sortsManyAtOnce_data()
{
    sortsAsItCompares_data();
}

/// Enough keys that several threads sort them.
void TestKeyIndex::sortsManyAtOnce()
{
    QFETCH(const KeyOrder, order);
    KeyIndex index(order);
    QByteArrayList keys = oddKeys(250'000);
    for (int i = 0; i < 100'000; ++i)
        keys.append("session:one-long-prefix-for-all:" + QByteArray::number(i * 7919 % 100'000));
    for (const QByteArray &key : keys)
        index.insert(key);
    const std::atomic<bool> stopped = true;
    QVERIFY(!index.settle(stopped));
    QVERIFY(index.settle(neverStopped));
    const QByteArrayList shown = shownKeys(index);
    QCOMPARE(shown.size(), qsizetype(index.size()));
    for (qsizetype i = 1; i < shown.size(); ++i)
        QVERIFY2(compareKeys(shown[i - 1], shown[i], order) < 0,
                 (shown[i - 1] + " | " + shown[i]).toHex(' ').constData());
}

void TestKeyIndex::naturalOrder_data()
{
    QTest::addColumn<QByteArrayList>("keys");
    QTest::newRow("numbers") << QByteArrayList{"user:2"_ba, "user:10"_ba, "user:100"_ba};
    QTest::newRow("zeros are told apart at once") << QByteArrayList{"a7:x"_ba, "a7:y"_ba, "a07:x"_ba, "a007:x"_ba};
    QTest::newRow("zero") << QByteArrayList{"0"_ba, "00"_ba, "1"_ba, "01"_ba};
    QTest::newRow("more digits than any number holds")
        << QByteArrayList{"n" + QByteArray(400, '8'), "n1" + QByteArray(400, '0')};
    QTest::newRow("digits stand where their bytes do") << QByteArrayList{"/"_ba, "0"_ba, "9"_ba, ":"_ba, "a"_ba};
    QTest::newRow("ends first") << QByteArrayList{"a"_ba, QByteArray("a\0", 2), "a1"_ba, "a1a"_ba, "ab"_ba};
}

void TestKeyIndex::naturalOrder()
{
    QFETCH(const QByteArrayList, keys);
    KeyIndex index;
    for (auto key = keys.crbegin(); key != keys.crend(); ++key)
        index.insert(*key);
    settleAll(index);
    QCOMPARE(shownKeys(index), keys);
    for (qsizetype i = 1; i < keys.size(); ++i)
        QVERIFY(compareKeys(keys[i - 1], keys[i], KeyOrder::Natural) < 0);
}

void TestKeyIndex::keepsFoldersTogether_data()
{
    QTest::addColumn<QList<QByteArray>>("delimiters");
    QTest::newRow("one") << QList<QByteArray>{":"_ba};
    QTest::newRow("two") << QList<QByteArray>{":"_ba, "/"_ba};
    QTest::newRow("one begins with the other") << QList<QByteArray>{"::"_ba, ":"_ba};
    QTest::newRow("one ends with the other") << QList<QByteArray>{"a:"_ba, ":"_ba, "xa:"_ba};
    QTest::newRow("long") << QList<QByteArray>{"er than"_ba};
}

/// At each level, a folder's count equals the number of its keys.
void TestKeyIndex::keepsFoldersTogether()
{
    QFETCH(const QList<QByteArray>, delimiters);
    const QByteArrayList keys = oddKeys(5000);
    const Delimiters rule(delimiters);
    QHash<QByteArray, quint32> counts;
    const QSet<QByteArray> distinct(keys.begin(), keys.end());
    for (const QByteArray &key : distinct)
        for (qsizetype end = rule.folderEnd(key, 0); end >= 0; end = rule.folderEnd(key, end))
            ++counts[key.first(end)];
    const QList<QByteArray> names = counts.keys();
    for (const KeyOrder order : {KeyOrder::Natural, KeyOrder::Bytes}) {
        const RowTablePtr table = tableOf(keys, delimiters, QSet<QByteArray>(names.begin(), names.end()), order);
        QCOMPARE(qsizetype(table->rowCount()), distinct.size() + counts.size());
        QSet<QByteArray> folders;
        for (int row = 0; row < table->rowCount(); ++row) {
            if (!table->partAt(row).isFolder)
                continue;
            const QByteArray name = table->nameAt(row).toByteArray();
            QVERIFY2(!folders.contains(name), "a folder is there twice");
            folders.insert(name);
            QCOMPARE(table->partAt(row).keys, counts.value(name));
        }
    }
}

void TestKeyIndex::snapshotsStay()
{
    KeyIndex index;
    index.insert("b");
    settleAll(index);
    const KeySnapshotPtr before = index.snapshot();
    for (int i = 0; i < 100'000; ++i)
        index.insert("a" + QByteArray::number(i));
    settleAll(index);
    QCOMPARE(before->shown->size(), size_t(1));
    QCOMPARE(before->keyAt(0).toByteArray(), "b"_ba);
    QCOMPARE(index.snapshot()->shown->size(), size_t(100'001));
}

void TestKeyIndex::filters_data()
{
    QTest::addColumn<KeyFilter>("filter");
    QTest::addColumn<QByteArrayList>("shown");
    using Mode = KeyFilter::Mode;
    const auto with = [](Mode mode, const char *text, const char *exclude = "", bool anyCase = false) {
        return KeyFilter{mode, text, exclude, anyCase};
    };
    QTest::newRow("none") << KeyFilter() << QByteArrayList{"User:3"_ba, "cart:1"_ba, "user:1"_ba, "user:2"_ba};
    QTest::newRow("substring") << with(Mode::Substring, "er:") << QByteArrayList{"User:3"_ba, "user:1"_ba, "user:2"_ba};
    QTest::newRow("any case") << with(Mode::Substring, "USER", "", true)
                              << QByteArrayList{"User:3"_ba, "user:1"_ba, "user:2"_ba};
    QTest::newRow("its own case") << with(Mode::Substring, "user") << QByteArrayList{"user:1"_ba, "user:2"_ba};
    QTest::newRow("without") << with(Mode::Substring, "user", "2") << QByteArrayList{"user:1"_ba};
    QTest::newRow("only without") << with(Mode::Substring, "", "ser:") << QByteArrayList{"cart:1"_ba};
    QTest::newRow("glob") << with(Mode::Glob, "user:*") << QByteArrayList{"user:1"_ba, "user:2"_ba};
    QTest::newRow("glob, the whole key") << with(Mode::Glob, "ser") << QByteArrayList{};
    QTest::newRow("regex") << with(Mode::Regex, "^[uc]\\w+:1$") << QByteArrayList{"cart:1"_ba, "user:1"_ba};
}

void TestKeyIndex::filters()
{
    QFETCH(const KeyFilter, filter);
    QFETCH(const QByteArrayList, shown);
    KeyIndex index(KeyOrder::Bytes);
    for (const char *key : {"user:2", "cart:1", "User:3", "user:1"})
        index.insert(key);
    settleAll(index);
    const auto matcher = KeyMatcher::make(filter);
    QVERIFY(matcher);
    index.setFilter(*matcher);
    settleAll(index);
    QCOMPARE(shownKeys(index), shown);
    index.setFilter(*KeyMatcher::make({}));
    settleAll(index);
    QCOMPARE(shownKeys(index).size(), 4);
}

void TestKeyIndex::filtersWhatComesLater()
{
    KeyIndex index(KeyOrder::Bytes);
    index.setFilter(*KeyMatcher::make({KeyFilter::Mode::Substring, "us", {}, false}));
    index.insert("user:1");
    index.insert("cart:1");
    settleAll(index);
    index.insert("bus");
    index.insert("car");
    settleAll(index);
    QCOMPARE(shownKeys(index), QByteArrayList({"bus"_ba, "user:1"_ba}));
    index.setFilter(*KeyMatcher::make({KeyFilter::Mode::Substring, "use", {}, false})); // a narrower filter
    settleAll(index);
    QCOMPARE(shownKeys(index), QByteArrayList({"user:1"_ba}));
    index.setFilter(*KeyMatcher::make({KeyFilter::Mode::Substring, "car", {}, false}));
    settleAll(index);
    QCOMPARE(shownKeys(index), QByteArrayList({"car"_ba, "cart:1"_ba}));
}

void TestKeyIndex::refusesAWrongExpression()
{
    const auto matcher = KeyMatcher::make({KeyFilter::Mode::Regex, "user:(", {}, false});
    QVERIFY(!matcher);
    QVERIFY(matcher.error().detail.contains(u"7"_s));
}

void TestKeyIndex::globs_data()
{
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<bool>("matches");
    QTest::newRow("star") << "a*c"_ba
                          << "abbc"_ba << true;
    QTest::newRow("star, nothing") << "a*c"_ba
                                   << "ac"_ba << true;
    QTest::newRow("star, not the end") << "a*c"_ba
                                       << "abcd"_ba << false;
    QTest::newRow("one") << "a?c"_ba
                         << "abc"_ba << true;
    QTest::newRow("one is not none") << "a?c"_ba
                                     << "ac"_ba << false;
    QTest::newRow("class") << "[a-c]x"_ba
                           << "bx"_ba << true;
    QTest::newRow("class the other way round") << "[c-a]x"_ba
                                               << "bx"_ba << true;
    QTest::newRow("not in the class") << "[^a-c]x"_ba
                                      << "bx"_ba << false;
    QTest::newRow("escaped") << "a\\*c"_ba
                             << "a*c"_ba << true;
    QTest::newRow("escaped is itself") << "a\\*c"_ba
                                       << "abc"_ba << false;
    QTest::newRow("escaped in a class") << "[\\]]"_ba
                                        << "]"_ba << true;
    QTest::newRow("class without end") << "[abc"_ba
                                       << "b"_ba << true;
    QTest::newRow("empty") << ""_ba
                           << ""_ba << true;
    QTest::newRow("any byte") << "?\xff"_ba << QByteArray("\0\xff", 2) << true;
    QTest::newRow("many stars end soon") << "a*a*a*a*a*a*a*a*a*a*a*a*b"_ba << QByteArray(5000, 'a') << false;
}

void TestKeyIndex::globs()
{
    QFETCH(const QByteArray, pattern);
    QFETCH(const QByteArray, key);
    QTEST(matchesGlob(pattern, key), "matches");
}

/// With a million keys, the index allocates at most 24 bytes per key besides the key's own bytes.
void TestKeyIndex::staysWithinItsMemory()
{
    KeyIndex index;
    quint64 own = 0;
    constexpr int keys = 1'000'000;
    for (int i = 0; i < keys; ++i) {
        const QByteArray key = "user:" + QByteArray::number(i) + ":profile";
        own += quint64(key.size());
        index.insert(key);
    }
    settleAll(index);
    const double each = double(index.bytesHeld() - own) / keys;
    QVERIFY2(each <= 24, qPrintable(QString::number(each)));
}

void TestKeyIndex::rowsOfTheTree()
{
    const QByteArrayList keys{"user:1:a"_ba, "user:1:b"_ba, "user:2:a"_ba, "user"_ba,
                              "cart:7"_ba,   "zoo"_ba,      "user:"_ba};
    QCOMPARE(printed(*tableOf(keys, {":"_ba}, {})),
             QByteArrayList({"cart: (1)"_ba, "user"_ba, "user: (4)"_ba, "zoo"_ba}));
    const RowTablePtr open = tableOf(keys, {":"_ba}, {"user:"_ba, "user:1:"_ba, "gone:"_ba});
    QCOMPARE(printed(*open),
             QByteArrayList({"cart: (1)"_ba, "user"_ba, "user: (4)"_ba, "  "_ba, "  1: (2)"_ba, "    a"_ba, "    b"_ba,
                             "  2: (1)"_ba, "zoo"_ba}));
    QCOMPARE(open->parentRow(5), 4);
    QCOMPARE(open->parentRow(4), 2);
    QCOMPARE(open->parentRow(2), -1);
    QCOMPARE(open->shareAt(2), 4.0 / 7);
    QCOMPARE(open->shareAt(4), 0.5);
    const RowTablePtr list = tableOf(keys, {}, {});
    QCOMPARE(list->rowCount(), 7);
    QCOMPARE(list->partCount(), size_t(1));
}

void TestKeyIndex::rowsOfOddDelimiters_data()
{
    QTest::addColumn<QList<QByteArray>>("delimiters");
    QTest::addColumn<QByteArrayList>("rows");
    QTest::newRow("two") << QList<QByteArray>{":"_ba, "/"_ba} << QByteArrayList{"a/ (1)"_ba, "a: (2)"_ba, "b"_ba};
    QTest::newRow("none is found") << QList<QByteArray>{"#"_ba}
                                   << QByteArrayList{"a/x"_ba, "a::y"_ba, "a:x"_ba, "b"_ba};
    QTest::newRow("two bytes") << QList<QByteArray>{"::"_ba}
                               << QByteArrayList{"a/x"_ba, "a:: (1)"_ba, "a:x"_ba, "b"_ba};
    QTest::newRow("empty is none") << QList<QByteArray>{""_ba} << QByteArrayList{"a/x"_ba, "a::y"_ba, "a:x"_ba, "b"_ba};
}

void TestKeyIndex::rowsOfOddDelimiters()
{
    QFETCH(const QList<QByteArray>, delimiters);
    QTEST(printed(*tableOf({"a:x"_ba, "a::y"_ba, "a/x"_ba, "b"_ba}, delimiters, {})), "rows");
}

void TestKeyIndex::opensAndCloses()
{
    const QByteArrayList keys = oddKeys(3000);
    RowTablePtr table = tableOf(keys, {":"_ba, "/"_ba}, {});
    QRandomGenerator random(3);
    for (int turn = 0; turn < 300; ++turn) {
        const int row = random.bounded(table->rowCount());
        if (!table->partAt(row).isFolder)
            continue;
        table = table->toggled(row, neverStopped);
        const RowTablePtr anew =
            RowTable::build(snapshotOf(keys), {Delimiters({":"_ba, "/"_ba}), table->recipe().open}, neverStopped);
        QCOMPARE(printed(*table), printed(*anew));
        for (int other = 0; other < table->rowCount(); ++other)
            QCOMPARE(table->parentRow(other), anew->parentRow(other));
    }
}

void TestKeyIndex::findsRows()
{
    const QByteArrayList keys = oddKeys(2000);
    const RowTablePtr closed = tableOf(keys, {":"_ba}, {});
    QSet<QByteArray> open;
    for (int row = 0; row < closed->rowCount(); row += 2)
        if (closed->partAt(row).isFolder)
            open.insert(closed->nameAt(row).toByteArray());
    const RowTablePtr table = tableOf(keys, {":"_ba}, open);
    int folders = 0;
    for (int row = 0; row < table->rowCount(); ++row) {
        const QByteArrayView name = table->nameAt(row);
        folders += table->partAt(row).isFolder ? 1 : 0;
        QCOMPARE(table->partAt(row).isFolder ? table->rowOfFolder(name) : table->rowOfKey(name), row);
    }
    QVERIFY(folders > 10);
    QCOMPARE(table->rowOfKey("not there"), -1);
    QCOMPARE(table->rowOfFolder("not there:"), -1);
}

void TestKeyIndex::numbersGiveAnOrder()
{
    KeyNumbers numbers;
    numbers.snapshot = snapshotOf({"a"_ba, "b"_ba, "c"_ba, "d"_ba, "e"_ba, "f"_ba});
    numbers.fact = KeyFact::Ttl;
    numbers.numbers = {500, -1, KeyNumbers::unknown, 20, -1, 500};
    const auto names = [](const KeySnapshotPtr &snapshot) {
        QByteArray all;
        for (quint32 place = 0; place < snapshot->shown->size(); ++place)
            all += snapshot->keyAt(place);
        return all;
    };
    // Keys that expire first come first, equal ones are sorted by name. Keys without expiry and then keys with unknown
    // expiry come last.
    const KeySnapshotPtr up = ranked(numbers, {});
    QCOMPARE(names(up), "dafbec"_ba);
    QCOMPARE(names(ranked(numbers, {.descending = true})), "afdbec"_ba);
    const KeySnapshotPtr only = ranked(numbers, {.onlyWithoutTtl = true});
    QCOMPARE(names(only), "be"_ba);
    const Result<KeyMatcher> matcher = KeyMatcher::make({.text = "f"_ba});
    QCOMPARE(names(ranked(numbers, {.matcher = *matcher})), "f"_ba);
    // Keys are still found by name, also in the rows of the list.
    QCOMPARE(up->placeOf("a"), std::optional<quint32>(1));
    QCOMPARE(up->placeOf("f"), std::optional<quint32>(2));
    QVERIFY(!up->placeOf("aa"));
    QVERIFY(!only->placeOf("a"));
    QCOMPARE(RowTable::build(up, {}, neverStopped)->rowOfKey("e"), 4);
    QCOMPARE(RowTable::build(only, {}, neverStopped)->rowOfKey("a"), -1);
    // For memory, 0 and negative values are sorted like any other number.
    numbers.fact = KeyFact::Memory;
    QCOMPARE(names(ranked(numbers, {})), "bedafc"_ba);
}

SLOTSCOPE_TEST(TestKeyIndex)
#include "tst_keyindex.moc"
