// SPDX-License-Identifier: GPL-3.0-or-later
// Reading values by windows and changing them, on real servers.
#include "core/base/errortext.h"
#include "core/values/valueeditor.h"
#include "core/values/valuereader.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

template <typename T>
QByteArray whyNot(const Result<T> &result)
{
    return result ? QByteArray() : describe(result.error()).toUtf8();
}

} // namespace

class TestValues : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        SKIP_WITHOUT_SERVER;
        LocalClusterOptions options;
        const auto servers = serversFound(); // the last server is the newest, which supports expiry of hash fields
        options.serverPath = servers.back().second;
        m_cluster = std::make_unique<TestCluster>(options);
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
        m_session = std::make_unique<ClusterSession>(m_cluster->target({0}));
        m_session->start();
        QVERIFY(QCoro::waitFor(m_session->connected(8000)));
        m_reader = std::make_unique<ValueReader>(m_session.get());
        m_editor = std::make_unique<ValueEditor>(m_session.get());
    }
    void cleanupTestCase()
    {
        m_reader.reset();
        m_editor.reset();
        m_session.reset();
        m_cluster.reset();
    }

    void headOfEachType();
    void lookingLeavesTheIdleTime();
    void windowsOfEachType();
    void aStringKeepsItsExpiry();
    void somebodyElseWasFaster();
    void aFieldKeepsItsExpiry();
    void aFieldIsRenamedInOneStep();
    void namesThatAreBytes();
    void listItemsByPosition();
    void scoresStayAsTheServerHasThem();
    void anEditIsTakenBack();
    void createIsRefusedWhereTheNameIsTaken();
    void renamedAcrossSlots();
    void aUserWithFewRights();

private:
    Value run(const Command &command)
    {
        const Result<Value> reply = QCoro::waitFor(m_session->execute(command));
        if (!reply)
            qWarning("%s", qPrintable(describe(reply.error())));
        return reply ? *reply : Value();
    }
    QByteArray get(const QByteArray &key) { return run({"GET"_ba, key}).bytes(); }
    Result<EditOutcome> apply(const Edit &edit) { return QCoro::waitFor(m_editor->apply(edit, UserConsent::None)); }

    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<ClusterSession> m_session;
    std::unique_ptr<ValueReader> m_reader;
    std::unique_ptr<ValueEditor> m_editor;
};

void TestValues::headOfEachType()
{
    run({"SET"_ba, "head:s"_ba, "hello"_ba, "PX"_ba, "100000"_ba});
    run({"RPUSH"_ba, "head:l"_ba, "a"_ba, "b"_ba});
    run({"XADD"_ba, "head:x"_ba, "1-1"_ba, "f"_ba, "v"_ba});
    const auto text = QCoro::waitFor(m_reader->head("head:s"_ba));
    QVERIFY2(text, whyNot(text).constData());
    QCOMPARE(text->type, ValueType::String);
    QCOMPARE(text->length, 5);
    QVERIFY(text->ttlMs > 90'000 && text->ttlMs <= 100'000);
    QVERIFY(text->memory > 0 && !text->encoding.isEmpty() && text->idleSeconds >= 0);
    QVERIFY(text->slot >= 0 && !text->nodeId.isEmpty() && text->problems.isEmpty());
    const auto list = QCoro::waitFor(m_reader->head("head:l"_ba));
    QVERIFY(list && list->type == ValueType::List && list->length == 2 && list->ttlMs == -1);
    const auto stream = QCoro::waitFor(m_reader->head("head:x"_ba));
    QVERIFY(stream && stream->type == ValueType::Stream && stream->length == 1);
    const auto none = QCoro::waitFor(m_reader->head("head:none"_ba));
    QVERIFY2(none, whyNot(none).constData());
    QVERIFY(!none->exists() && none->ttlMs == -2 && none->problems.isEmpty());
}

void TestValues::lookingLeavesTheIdleTime()
{
    const Result<Value> noTouch = m_cluster->run(0, {"CLIENT"_ba, "NO-TOUCH"_ba, "OFF"_ba});
    if (!noTouch || noTouch->isError())
        QSKIP("this server has no CLIENT NO-TOUCH");
    run({"SET"_ba, "idle"_ba, "x"_ba});
    const auto idle = [this] { return run({"OBJECT"_ba, "IDLETIME"_ba, "idle"_ba}).toInteger(); };
    QTRY_VERIFY(idle() >= 2);
    QVERIFY(QCoro::waitFor(m_reader->head("idle"_ba)));
    QVERIFY(QCoro::waitFor(m_reader->bytes("idle"_ba, 0, 10)));
    QVERIFY2(idle() >= 2, QByteArray::number(idle()).constData());
}

void TestValues::windowsOfEachType()
{
    Command hash{"HSET"_ba, "win:h"_ba}, list{"RPUSH"_ba, "win:l"_ba}, sorted{"ZADD"_ba, "win:z"_ba};
    for (int i = 0; i < 1000; ++i) {
        hash << "field:" + QByteArray::number(i) << QByteArray(i == 7 ? 9000 : 3, 'v');
        list << "item:" + QByteArray::number(i);
        sorted << QByteArray::number(i) << "member:" + QByteArray::number(i);
    }
    run(hash);
    run(list);
    run(sorted);
    QSet<QByteArray> seen;
    QByteArray cursor = "0"_ba;
    do {
        const auto window = QCoro::waitFor(m_reader->scan("win:h"_ba, ValueType::Hash, cursor, {}, 100));
        QVERIFY2(window, whyNot(window).constData());
        QCOMPARE(window->total, 1000);
        for (const ValueRow &row : window->rows) {
            seen.insert(row.name);
            QVERIFY(row.value.size() <= ValueRow::keptBytes);
            QCOMPARE(row.isWhole(), row.name != "field:7");
        }
        cursor = window->cursor;
    } while (cursor != "0");
    QCOMPARE(seen.size(), 1000);
    const auto part = QCoro::waitFor(m_reader->range("win:l"_ba, ValueType::List, 500, 509, false));
    QVERIFY2(part, whyNot(part).constData());
    QCOMPARE(part->rows.size(), size_t(10));
    QCOMPARE(part->rows.front().value, "item:500"_ba);
    QCOMPARE(part->total, 1000);
    const auto ranks = QCoro::waitFor(m_reader->range("win:z"_ba, ValueType::SortedSet, 998, 2000, false));
    QVERIFY2(ranks, whyNot(ranks).constData());
    QCOMPARE(ranks->rows.size(), size_t(2));
    QCOMPARE(ranks->rows.back().name, "member:999"_ba);
    QCOMPARE(ranks->rows.back().score, "999"_ba);
    const auto element = QCoro::waitFor(m_reader->element("win:h"_ba, ValueType::Hash, "field:7"_ba));
    QVERIFY(element && *element && (*element)->size() == 9000);
    for (int i = 1; i <= 30; ++i)
        run({"XADD"_ba, "win:x"_ba, QByteArray::number(i) + "-0", "n"_ba, QByteArray::number(i)});
    const auto newest = QCoro::waitFor(m_reader->entries("win:x"_ba, "-"_ba, "+"_ba, 10, true));
    QVERIFY2(newest, whyNot(newest).constData());
    QCOMPARE(newest->rows.front().name, "30-0"_ba);
    QCOMPARE(newest->rows.front().fields.first().second, "30"_ba);
    const auto rest = QCoro::waitFor(m_reader->entries("win:x"_ba, "-"_ba, "(" + newest->cursor, 100, true));
    QVERIFY2(rest, whyNot(rest).constData());
    QCOMPARE(rest->rows.size(), size_t(20));
    QVERIFY(rest->isLast());
}

void TestValues::aStringKeepsItsExpiry()
{
    run({"SET"_ba, "ttl"_ba, "before"_ba, "EX"_ba, "3600"_ba});
    const auto done = apply(edits::setString("ttl"_ba, "before"_ba, "after"_ba));
    QVERIFY2(done, whyNot(done).constData());
    QVERIFY(done->isDone);
    QCOMPARE(get("ttl"_ba), "after"_ba);
    QVERIFY(run({"PTTL"_ba, "ttl"_ba}).toInteger() > 3'590'000);
}

void TestValues::somebodyElseWasFaster()
{
    run({"SET"_ba, "race"_ba, "theirs"_ba});
    const auto done = apply(edits::setString("race"_ba, "as it was shown"_ba, "mine"_ba));
    QVERIFY2(done, whyNot(done).constData());
    QVERIFY(!done->isDone);
    QCOMPARE(done->now.size(), 1);
    QCOMPARE(done->now.front(), std::optional<QByteArray>("theirs"_ba));
    QCOMPARE(get("race"_ba), "theirs"_ba);
}

void TestValues::aFieldKeepsItsExpiry()
{
    const auto table = QCoro::waitFor(m_session->commands());
    if (!table || !(*table)->find({"HPEXPIRE"_ba}))
        QSKIP("this server knows no expiry of fields");
    run({"HSET"_ba, "fields"_ba, "f1"_ba, "a"_ba, "f2"_ba, "b"_ba});
    run({"HEXPIRE"_ba, "fields"_ba, "600"_ba, "FIELDS"_ba, "1"_ba, "f1"_ba});
    const auto ttls = QCoro::waitFor(m_reader->fieldTtls("fields"_ba, {"f1"_ba, "f2"_ba, "gone"_ba}));
    QVERIFY2(ttls, whyNot(ttls).constData());
    QVERIFY(ttls->at(0) > 590'000);
    QCOMPARE(ttls->mid(1), (QList<qint64>{-1, -2}));
    const auto done = apply(edits::setField("fields"_ba, "f1"_ba, "a"_ba, "c"_ba, ttls->at(0)));
    QVERIFY2(done && done->isDone, whyNot(done).constData());
    const auto kept = QCoro::waitFor(m_reader->fieldTtls("fields"_ba, {"f1"_ba}));
    QVERIFY(kept && kept->front() > 590'000);
    QCOMPARE(run({"HGET"_ba, "fields"_ba, "f1"_ba}).bytes(), "c"_ba);
    const auto renamed = apply(edits::renameField("fields"_ba, "f1"_ba, "f3"_ba, "c"_ba, kept->front()));
    QVERIFY2(renamed && renamed->isDone, whyNot(renamed).constData());
    const auto moved = QCoro::waitFor(m_reader->fieldTtls("fields"_ba, {"f3"_ba, "f1"_ba}));
    QVERIFY(moved && moved->at(0) > 590'000 && moved->at(1) == -2);
}

void TestValues::aFieldIsRenamedInOneStep()
{
    run({"HSET"_ba, "rename"_ba, "old"_ba, "v"_ba, "taken"_ba, "w"_ba});
    const auto refused = apply(edits::renameField("rename"_ba, "old"_ba, "taken"_ba, "v"_ba));
    QVERIFY(refused && !refused->isDone);
    QCOMPARE(refused->now.at(1), std::optional<QByteArray>("1"_ba));
    const auto done = apply(edits::renameField("rename"_ba, "old"_ba, " old "_ba, "v"_ba));
    QVERIFY2(done && done->isDone, whyNot(done).constData());
    QCOMPARE(run({"HGET"_ba, "rename"_ba, " old "_ba}).bytes(), "v"_ba);
    QCOMPARE(run({"HLEN"_ba, "rename"_ba}).toInteger(), 2);
}

void TestValues::namesThatAreBytes()
{
    const QByteArrayList names{"a\0b"_ba, "\xff\xfe"_ba, " user "_ba, ""_ba, "k\\1"_ba, "x\ny"_ba};
    for (const QByteArray &name : names)
        run({"HSET"_ba, "bytes"_ba, name, "v"_ba});
    qint64 left = names.size();
    for (const QByteArray &name : names) {
        QCOMPARE(run({"HLEN"_ba, "bytes"_ba}).toInteger(), left--);
        const auto done = apply(edits::removeFields("bytes"_ba, {name}));
        QVERIFY2(done && done->isDone, whyNot(done).constData());
        QCOMPARE(done->replies.front().toInteger(), 1);
    }
    QCOMPARE(run({"EXISTS"_ba, "bytes"_ba}).toInteger(), 0);
}

void TestValues::listItemsByPosition()
{
    run({"RPUSH"_ba, "list"_ba, "a"_ba, "b"_ba, "b"_ba, "c"_ba});
    const auto all = [this] {
        QByteArrayList items;
        const Value list = run({"LRANGE"_ba, "list"_ba, "0"_ba, "-1"_ba});
        for (const Value &item : list.items())
            items.append(item.bytes());
        return items.join(' ');
    };
    // removes the second of two equal elements
    QVERIFY(apply(edits::removeItem("list"_ba, 2, "b"_ba, "\0marker"_ba))->isDone);
    QCOMPARE(all(), "a b c"_ba);
    QVERIFY(apply(edits::insertItem("list"_ba, 1, "b"_ba, "new"_ba, "\0marker"_ba))->isDone);
    QCOMPARE(all(), "a new b c"_ba);
    QVERIFY(apply(edits::setItem("list"_ba, 3, "c"_ba, "d"_ba))->isDone);
    QVERIFY(!apply(edits::setItem("list"_ba, 3, "c"_ba, "e"_ba))->isDone);
    QCOMPARE(all(), "a new b d"_ba);
}

void TestValues::scoresStayAsTheServerHasThem()
{
    run({"ZADD"_ba, "scores"_ba, "100000000060000"_ba, "g"_ba, "9007199254740993"_ba, "a"_ba, "inf"_ba, "c"_ba,
         "1e20"_ba, "e"_ba});
    const auto rows = QCoro::waitFor(m_reader->range("scores"_ba, ValueType::SortedSet, 0, -1, false));
    QVERIFY2(rows, whyNot(rows).constData());
    QByteArrayList scores;
    for (const ValueRow &row : rows->rows)
        scores.append(row.score);
    QCOMPARE(scores.join(' '), "100000000060000 9007199254740992 1e+20 inf"_ba);
    QCOMPARE(storedScore("9007199254740993"_ba), std::optional<QByteArray>("9007199254740992"_ba));
    QCOMPARE(storedScore("20190509102112650"_ba), std::optional<QByteArray>("20190509102112648"_ba));
    QVERIFY(!storedScore("1,5"_ba) && !storedScore("nan"_ba) && !storedScore(""_ba));
    QVERIFY(apply(edits::setScore("scores"_ba, "c"_ba, "inf"_ba, "-inf"_ba))->isDone);
    QVERIFY(!apply(edits::setScore("scores"_ba, "c"_ba, "inf"_ba, "1"_ba))->isDone);
    QVERIFY(apply(edits::renameScored("scores"_ba, "g"_ba, "h"_ba, "100000000060000"_ba))->isDone);
    QCOMPARE(run({"ZSCORE"_ba, "scores"_ba, "h"_ba}).bytes(), "100000000060000"_ba);
}

void TestValues::anEditIsTakenBack()
{
    run({"HSET"_ba, "undo"_ba, "a"_ba, "1"_ba, "b"_ba, "2"_ba});
    run({"PEXPIRE"_ba, "undo"_ba, "500000"_ba});
    auto done = apply(edits::removeFields("undo"_ba, {"a"_ba}));
    QVERIFY2(done && done->isDone && done->former, whyNot(done).constData());
    const auto back = QCoro::waitFor(m_editor->takeBack(*done->former, UserConsent::None));
    QVERIFY2(back && back->isDone, whyNot(back).constData());
    QCOMPARE(run({"HGET"_ba, "undo"_ba, "a"_ba}).bytes(), "1"_ba);
    QVERIFY(run({"PTTL"_ba, "undo"_ba}).toInteger() > 400'000);
    // An undo is refused if another client has changed the key since the edit.
    done = apply(edits::removeFields("undo"_ba, {"a"_ba}));
    run({"HSET"_ba, "undo"_ba, "b"_ba, "3"_ba});
    const auto refused = QCoro::waitFor(m_editor->takeBack(*done->former, UserConsent::None));
    QVERIFY(refused && !refused->isDone);
    QCOMPARE(run({"HGET"_ba, "undo"_ba, "b"_ba}).bytes(), "3"_ba);
    // The same holds if another client has changed the key's TTL.
    done = apply(edits::setField("undo"_ba, "b"_ba, "3"_ba, "4"_ba));
    QVERIFY2(done && done->isDone && done->former, whyNot(done).constData());
    run({"PERSIST"_ba, "undo"_ba});
    const auto otherTtl = QCoro::waitFor(m_editor->takeBack(*done->former, UserConsent::None));
    QVERIFY(otherTtl && !otherTtl->isDone);
    QCOMPARE(run({"HGET"_ba, "undo"_ba, "b"_ba}).bytes(), "4"_ba);
    run({"HSET"_ba, "undo"_ba, "b"_ba, "3"_ba});
    // An undo restores a deleted key.
    done = apply(edits::remove("undo"_ba));
    QVERIFY(done && done->isDone && run({"EXISTS"_ba, "undo"_ba}).toInteger() == 0);
    QVERIFY(QCoro::waitFor(m_editor->takeBack(*done->former, UserConsent::None))->isDone);
    QCOMPARE(run({"HGET"_ba, "undo"_ba, "b"_ba}).bytes(), "3"_ba);
}

void TestValues::createIsRefusedWhereTheNameIsTaken()
{
    QVERIFY(apply(edits::create("new:z"_ba, ValueType::SortedSet, {{"m"_ba, "1.5"_ba}}, 60'000))->isDone);
    QCOMPARE(run({"ZSCORE"_ba, "new:z"_ba, "m"_ba}).bytes(), "1.5"_ba);
    QVERIFY(run({"PTTL"_ba, "new:z"_ba}).toInteger() > 50'000);
    QVERIFY(!apply(edits::create("new:z"_ba, ValueType::String, {{"x"_ba, {}}}, -1))->isDone);
    QCOMPARE(run({"TYPE"_ba, "new:z"_ba}).bytes(), "zset"_ba);
}

void TestValues::renamedAcrossSlots()
{
    for (int i = 0; i < 6; ++i) { // the new names are in other slots and on other nodes
        const QByteArray old = "move:" + QByteArray::number(i), name = "moved:" + QByteArray::number(i * 7);
        Command fill{"HSET"_ba, old};
        for (int f = 0; f < 600; ++f)
            fill << "f" + QByteArray::number(f) << QByteArray::number(f * i);
        run(fill);
        run({"PEXPIRE"_ba, old, "700000"_ba});
        const Result<> renamed = QCoro::waitFor(m_editor->copy(old, name, true, UserConsent::None));
        QVERIFY2(renamed, whyNot(renamed).constData());
        QCOMPARE(run({"EXISTS"_ba, old}).toInteger(), 0);
        QCOMPARE(run({"HLEN"_ba, name}).toInteger(), 600);
        QVERIFY(run({"PTTL"_ba, name}).toInteger() > 600'000);
    }
    run({"SET"_ba, "one"_ba, "1"_ba});
    run({"SET"_ba, "two"_ba, "2"_ba});
    const Result<> taken = QCoro::waitFor(m_editor->copy("one"_ba, "two"_ba, true, UserConsent::None));
    QVERIFY(!taken && taken.error().detail.contains(u"exists"_s));
    QCOMPARE(get("one"_ba) + get("two"_ba), "12"_ba);
}

void TestValues::aUserWithFewRights()
{
    const Command user{"ACL"_ba,     "SETUSER"_ba, "dev"_ba,   "on"_ba,      ">x"_ba,      "~*"_ba,   "+@all"_ba,
                       "-memory"_ba, "-object"_ba, "-info"_ba, "-config"_ba, "-client"_ba, "-dump"_ba};
    for (int node = 0; node < int((*m_cluster)->nodes().size()); ++node)
        QVERIFY(m_cluster->run(node, user));
    run({"SET"_ba, "few"_ba, "1"_ba});
    ConnectionTarget target = m_cluster->target({0});
    target.credentials = {.user = u"dev"_s, .password = u"x"_s};
    ClusterSession session(target);
    session.start();
    QVERIFY(QCoro::waitFor(session.connected(8000)));
    ValueReader reader(&session);
    ValueEditor editor(&session);
    const auto head = QCoro::waitFor(reader.head("few"_ba));
    QVERIFY2(head, whyNot(head).constData());
    QCOMPARE(head->type, ValueType::String);
    QCOMPARE(head->memory, -1);
    QVERIFY(head->problems.contains(u"MEMORY USAGE"_s) && head->problems.contains(u"OBJECT ENCODING"_s));
    const auto done = QCoro::waitFor(editor.apply(edits::setString("few"_ba, "1"_ba, "2"_ba), UserConsent::None));
    // without permission for DUMP the edit is made, but cannot be undone
    QVERIFY2(done && done->isDone, whyNot(done).constData());
    QVERIFY(!done->former);
    QCOMPARE(get("few"_ba), "2"_ba);
}

SLOTSCOPE_TEST(TestValues)
#include "tst_values.moc"
