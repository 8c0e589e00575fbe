// SPDX-License-Identifier: GPL-3.0-or-later
// ACL users: read from ACL LIST, compared over nodes, told in words.
#include "core/config/aclkeeper.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestAclUsers : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aLine();
    void strangeLines_data();
    void strangeLines();
    void equalRights();
    void compared();
    void words();
    void warnings();
    void faults_data();
    void faults();
    void aPasswordGoesAsItsHash();

private:
    static ServerUser userOf(const QByteArray &line)
    {
        const auto user = parseAclLine(line);
        return user ? *user : ServerUser();
    }
    static const QByteArray &hash()
    {
        static const QByteArray text = aclPasswordHash("pw");
        return text;
    }
};

void TestAclUsers::aLine()
{
    const auto user = parseAclLine("user alice on sanitize-payload " + hash()
                                   + " ~app:* %R~ro:* resetchannels &news.* -@all +@read -keys +config|get (~w:* "
                                     "resetchannels -@all +set)");
    QVERIFY(user);
    QCOMPARE(user->name, "alice"_ba);
    QVERIFY(user->isOn && !user->hasNoPassword);
    QCOMPARE(user->passwords.size(), 1);
    QVERIFY(!hash().contains(user->passwords[0])); // a fingerprint of the hash is kept, not the hash
    QCOMPARE(user->keys, (QByteArrayList{"~app:*", "%R~ro:*"}));
    QCOMPARE(user->channels, (QByteArrayList{"&news.*"}));
    QCOMPARE(user->commands, (QByteArrayList{"-@all", "+@read", "-keys", "+config|get"}));
    QCOMPARE(user->selectors, (QByteArrayList{"(~w:* resetchannels -@all +set)"}));
    QVERIFY(user->others.isEmpty());
    QCOMPARE(
        aclRulesOf(*user).join(' '),
        "on ~app:* %R~ro:* resetchannels &news.* -@all +@read -keys +config|get (~w:* resetchannels -@all +set)"_ba);
}

void TestAclUsers::strangeLines_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("empty") << ""_ba;
    QTest::newRow("one word") << "user"_ba;
    QTest::newRow("html") << "<html> x y"_ba;
    QTest::newRow("an array's") << "flags on x"_ba;
}

void TestAclUsers::strangeLines()
{
    QFETCH(const QByteArray, line);
    QVERIFY(!parseAclLine(line));
    // a selector without closing parenthesis extends to the end of the line
    QVERIFY(parseAclLine("user a on (+get ~x").has_value());
    // A parenthesis inside a word does not begin a selector. Unreadable parts never appear in error messages, because
    // they may contain a hash.
    const auto odd = parseAclLine("user a(b on " + hash() + " ~x(* &* -@all +get");
    QVERIFY(odd && odd->name == "a(b" && odd->keys == QByteArrayList{"~x(*"} && odd->passwords.size() == 1);
    QVERIFY(!parseAclLine("flags " + hash()).error().detail.contains(QString::fromLatin1(hash().mid(1, 8))));
    QCOMPARE(userOf("user a on somethingnew").others, QByteArrayList{"somethingnew"});
}

void TestAclUsers::equalRights()
{
    const ServerUser one = userOf("user a on " + hash() + " ~x ~y &* -@all +get");
    QVERIFY(one == userOf("user a on " + hash() + " ~y ~x &* -@all +get"));
    QVERIFY(userOf("user a on -@all +set +get -keys") == userOf("user a on -@all +get +set -keys"));
    QVERIFY(!(one == userOf("user a on " + hash() + " ~y ~x &* +get -@all"))); // the order of command rules matters
    QVERIFY(!(one == userOf("user a off " + hash() + " ~y ~x &* -@all +get")));
    QVERIFY(!(one == userOf("user a on " + aclPasswordHash("other") + " ~y ~x &* -@all +get")));
}

void TestAclUsers::compared()
{
    const auto node = [](const char *id, const QByteArrayList &lines) {
        NodeUsers users;
        users.nodeId = id;
        users.nodeName = QString::fromLatin1(id);
        users.readAt = 1;
        for (const QByteArray &line : lines)
            users.users.push_back(userOf(line));
        return users;
    };
    NodeUsers silent = node("d", {});
    silent.problem = Error{};
    const auto rows = compareUsers({node("a", {"user app off ~a -@all", "user default on nopass ~* &* +@all"}),
                                    node("b", {"user app on ~a -@all", "user default on nopass ~* &* +@all"}),
                                    node("c", {"user app on ~a -@all"}), silent});
    QCOMPARE(int(rows.size()), 2);
    using Cell = UserRow::Cell;
    QCOMPARE(rows[0].most.name, "default"_ba);
    QCOMPARE(rows[0].cells, (QList<Cell>{Cell::AsMost, Cell::AsMost, Cell::Missing, Cell::NotRead}));
    QCOMPARE(rows[0].differing, 1);
    QVERIFY(rows[1].most.isOn);
    QCOMPARE(rows[1].cells, (QList<Cell>{Cell::Differs, Cell::AsMost, Cell::AsMost, Cell::NotRead}));
}

void TestAclUsers::words()
{
    const QString text =
        aclWords(userOf("user a on ~app:* %R~ro:* resetchannels -@all +@read -keys (~w:* -@all +set)")).join(u'\n');
    QVERIFY2(text.contains(u"@read"_s) && text.contains(u"without keys"_s), qPrintable(text));
    QVERIFY2(text.contains(u"Read and write access to keys: “app:*”"_s)
                 && text.contains(u"Read access to keys: “ro:*”"_s),
             qPrintable(text));
    QVERIFY2(text.contains(u"No Pub/Sub channel"_s) && text.contains(u"All of these together"_s), qPrintable(text));
    QVERIFY(aclWords(userOf("user b off resetchannels -@all")).join(u'\n').contains(u"Off: nobody"_s));
    QVERIFY(aclWords(userOf("user b off resetchannels -@all")).contains(u"No command."_s));
}

void TestAclUsers::warnings()
{
    QVERIFY(aclWarnings(userOf("user default on nopass ~* &* +@all")).join(u' ').contains(u"without a password"_s));
    QVERIFY(aclWarnings(userOf("user a off nopass ~* &* +@all")).isEmpty());
    QVERIFY(aclWarnings(userOf("user a on ~* &* +get")).join(u' ').contains(u"nobody can log in"_s));
    QVERIFY(aclWarnings(userOf("user a on " + hash() + " ~a &* +get")).isEmpty());
    QVERIFY(!aclWarnings(userOf("user a on " + hash() + " ~* &* +@all")).isEmpty());
}

void TestAclUsers::faults_data()
{
    QTest::addColumn<QByteArray>("rules");
    QTest::addColumn<bool>("isRight");
    QTest::newRow("usual") << "on ~a* %R~b &c +get -@all +config|get allkeys (+get ~x)"_ba << true;
    QTest::newRow("a password") << ">secret"_ba << false;
    QTest::newRow("a hash") << "#00"_ba << false;
    QTest::newRow("a word") << "get"_ba << false;
    QTest::newRow("open") << "(+get ~x"_ba << false;
    QTest::newRow("only a sign") << "+"_ba << false;
}

void TestAclUsers::faults()
{
    QFETCH(const QByteArray, rules);
    QFETCH(const bool, isRight);
    QCOMPARE(aclRulesFault(splitAclRules(rules)).isEmpty(), isRight);
}

void TestAclUsers::aPasswordGoesAsItsHash()
{
    // the hash that a server reports for this password
    QCOMPARE(hash(), "#30c952fab122c3f9759f02a6d95c3758b246b4fee239957b2d4fee46e26170c4"_ba);
}

SLOTSCOPE_TEST(TestAclUsers)
#include "tst_aclusers.moc"
