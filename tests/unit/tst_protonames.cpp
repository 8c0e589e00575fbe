// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/protonames.h"
#include "tests/support/testmain.h"

#include <QRandomGenerator>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

/// Which .proto file an import means.
class TestProtoNames final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void imports_data();
    void imports();
    void asIfAllNamesWereLookedAt();
    void manyFilesOfOneName();
};

void TestProtoNames::imports_data()
{
    QTest::addColumn<QStringList>("names");
    QTest::addColumn<QString>("import");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("found");
    const auto row = [](const char *name, const QStringList &names, const QString &import, const QString &file,
                        const QString &found) { QTest::newRow(name) << names << import << file << found; };
    const QStringList copies{u"b/x/c.proto"_s, u"a/x/c.proto"_s, u"a/y/u.proto"_s};
    row("none", {}, u"c.proto"_s, u"u.proto"_s, {});
    row("by its name", copies, u"a/x/c.proto"_s, u"b/u.proto"_s, u"a/x/c.proto"_s);
    row("a folder above", copies, u"x/c.proto"_s, u"a/y/u.proto"_s, u"a/x/c.proto"_s);
    row("equally near: the first", copies, u"c.proto"_s, u"z/u.proto"_s, u"b/x/c.proto"_s);
    row("a folder below", {u"c.proto"_s, u"u.proto"_s}, u"acme/c.proto"_s, u"u.proto"_s, u"c.proto"_s);
    row("a part of a name", {u"xc.proto"_s}, u"c.proto"_s, u"u.proto"_s, {});
    row("nothing", copies, {}, u"u.proto"_s, {});
    row("only slashes", copies, u"///"_s, u"u.proto"_s, {});
}

void TestProtoNames::imports()
{
    QFETCH(QStringList, names);
    QFETCH(QString, import);
    QFETCH(QString, file);
    QTEST(ProtoNames(names).found(import, file), "found");
}

void TestProtoNames::asIfAllNamesWereLookedAt()
{
    QRandomGenerator random(7);
    const auto path = [&random] {
        QStringList parts;
        for (int i = random.bounded(4); i >= 0; --i)
            parts += QString(1 + random.bounded(2), QChar(u'a' + random.bounded(2)));
        return parts.join(u'/');
    };
    for (int round = 0; round < 300; ++round) {
        QStringList names;
        for (int i = random.bounded(30); i >= 0; --i)
            names += path();
        names.removeDuplicates();
        const ProtoNames all(names);
        for (int i = 0; i < 30; ++i) {
            const QString import = path(), file = path();
            QString best = names.contains(import) ? import : QString();
            qsizetype most = -1;
            for (const QString &name : std::as_const(names)) {
                if (names.contains(import) || (!name.endsWith(u'/' + import) && !import.endsWith(u'/' + name)))
                    continue;
                const qsizetype same =
                    std::mismatch(name.begin(), name.end(), file.begin(), file.end()).first - name.begin();
                best = same > most ? name : best;
                most = std::max(most, same);
            }
            QCOMPARE(all.found(import, file), best);
        }
    }
}

/// A look at each of these names for each import would take minutes.
void TestProtoNames::manyFilesOfOneName()
{
    QStringList names;
    for (int i = 0; i < 5000; ++i)
        names += u"folder%1/deep/common.proto"_s.arg(i);
    const ProtoNames all(names);
    for (int i = 0; i < 200'000; ++i)
        QVERIFY(all.found(u"other%1/common.proto"_s.arg(i), names.at(i % 5000)).isEmpty());
    for (int i = 0; i < 5000; ++i)
        QCOMPARE(all.found(u"deep/common.proto"_s, names.at(i)), names.at(i));
}

SLOTSCOPE_TEST(TestProtoNames)
#include "tst_protonames.moc"
