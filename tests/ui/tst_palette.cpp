// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sampleview.h"
#include "tests/support/testmain.h"
#include "ui/palette/commandpalette.h"
#include "ui/palette/fuzzymatch.h"
#include "ui/shared/theme.h"

#include <QLineEdit>
#include <QListWidget>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestPalette final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void matches_data();
    void matches();
    void ranks_data();
    void ranks();
    void rankingKeepsTheOrder();
    void answersSlots_data();
    void answersSlots();
    void isWorkedByKeys();
};

void TestPalette::matches_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QList<int>>("positions"); // matched positions ({-1}: no match)
    QTest::newRow("empty") << u""_s << u"abc"_s << QList<int>{};
    QTest::newRow("start") << u"top"_s << u"Topology"_s << QList<int>{0, 1, 2};
    QTest::newRow("starts of words") << u"nc"_s << u"New connection"_s << QList<int>{0, 4};
    QTest::newRow("in a row beats earlier letters") << u"map"_s << u"m a slot map"_s << QList<int>{9, 10, 11};
    QTest::newRow("blanks are passed over") << u"th li"_s << u"Theme: light"_s << QList<int>{0, 1, 7, 8};
    QTest::newRow("camel case") << u"sc"_s << u"SlotClaim"_s << QList<int>{0, 4};
    QTest::newRow("not in order") << u"pot"_s << u"top"_s << QList<int>{-1};
    QTest::newRow("longer than the text") << u"abcd"_s << u"abc"_s << QList<int>{-1};
    QTest::newRow("no text") << u"a"_s << u""_s << QList<int>{-1};
}

void TestPalette::matches()
{
    QFETCH(const QString, pattern);
    QFETCH(const QString, text);
    QFETCH(const QList<int>, positions);
    const auto match = fuzzyMatch(pattern, text);
    QCOMPARE(match.has_value(), positions != QList<int>{-1});
    if (match)
        QCOMPARE(match->positions, positions);
}

void TestPalette::ranks_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("first");
    QTest::newRow("page") << u"slo"_s << u"Slots"_s;
    QTest::newRow("theme") << u"dark"_s << u"Theme: dark"_s;
    QTest::newRow("starts of words") << u"nc"_s << u"New connection…"_s;
    QTest::newRow("address") << u"3.14"_s << u"10.0.3.14:6379"_s;
    QTest::newRow("id prefix") << u"e77fe"_s << u"10.0.3.14:6379"_s;
    QTest::newRow("role") << u"replica"_s << u"10.0.3.14:6379"_s;
    QTest::newRow("keyword") << u"exit"_s << u"Quit"_s;
}

void TestPalette::ranks()
{
    QFETCH(const QString, words);
    QFETCH(const QString, first);
    const auto entry = [](const QString &title, const QString &subtitle, const QString &keywords = {}) {
        return PaletteEntry{.icon = {},
                            .title = title,
                            .subtitle = subtitle,
                            .trailing = {},
                            .keywords = keywords,
                            .weight = 0,
                            .act = {}};
    };
    const QList<PaletteEntry> entries{entry(u"Topology"_s, u"Page"_s),
                                      entry(u"Slots"_s, u"Page"_s),
                                      entry(u"Export the slot map as PNG…"_s, u"16,384 slots"_s),
                                      entry(u"New connection…"_s, u"To a cluster"_s),
                                      entry(u"Theme: dark"_s, u"Look"_s),
                                      entry(u"Theme: light"_s, u"Look"_s),
                                      entry(u"Quit"_s, u"Close"_s, u"exit"_s),
                                      entry(u"10.0.1.11:6379"_s, u"primary · Shard 1"_s, u"07c37dfeb235"_s),
                                      entry(u"10.0.3.14:6379"_s, u"replica · Shard 2"_s, u"e77fe30c73f1"_s)};
    const QList<RankedEntry> ranked = rankEntries(entries, words);
    QVERIFY(!ranked.isEmpty());
    QCOMPARE(entries.at(ranked.first().index).title, first);
}

void TestPalette::rankingKeepsTheOrder()
{
    QList<PaletteEntry> entries;
    for (const QString &title : {u"beta"_s, u"alpha"_s, u"alpha"_s})
        entries.append(
            {.icon = {}, .title = title, .subtitle = {}, .trailing = {}, .keywords = {}, .weight = 0, .act = {}});
    QCOMPARE(rankEntries(entries, {}).size(), 3);
    const auto ranked = rankEntries(entries, u"al"_s);
    QCOMPARE(ranked.size(), 2);
    QCOMPARE(ranked.at(0).index, 1);
    QCOMPARE(ranked.at(0).emphasis, (QList<int>{0, 1}));
    entries[2].weight = 5;
    QCOMPARE(rankEntries(entries, u"al"_s).at(0).index, 2);
    QVERIFY(rankEntries(entries, u"zz"_s).isEmpty());
}

void TestPalette::answersSlots_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("slotText");
    QTest::addColumn<bool>("explicitly");
    QTest::addColumn<QString>("title");
    QTest::newRow("slot") << u"slot 123"_s << u"123"_s << true << u"Slot 123"_s;
    QTest::newRow("number") << u"16383"_s << u"16383"_s << true << u"Slot 16383"_s;
    QTest::newRow("range") << u"slots 5 - 9"_s << u"5-9"_s << true << u"Slots 5 to 9"_s;
    QTest::newRow("beyond: a key") << u"16384"_s << QString::number(slotOfKey("16384")) << false
                                   << u"Slot of key 16384"_s;
    QTest::newRow("key") << u"key:foo"_s << QString::number(slotOfKey("foo")) << true << u"Slot of key foo"_s;
    QTest::newRow("hash tag") << u"{foo}bar"_s << QString::number(slotOfKey("foo")) << false
                              << u"Slot of key {foo}bar"_s;
}

void TestPalette::answersSlots()
{
    QFETCH(const QString, words);
    const auto answer = slotAnswer(words, *samples::healthy());
    QVERIFY(answer);
    QTEST(answer->slotSet.toString(), "slotText");
    QTEST(answer->explicitly, "explicitly");
    QTEST(answer->title, "title");
    QVERIFY(!slotAnswer(u"  "_s, *samples::healthy()));
    QVERIFY(!slotAnswer(words, *samples::standalone()));
}

void TestPalette::isWorkedByKeys()
{
    Theme theme(Theme::Mode::Light);
    QWidget host;
    host.resize(800, 600);
    QLineEdit before(&host);
    host.show();
    QVERIFY(QTest::qWaitForWindowActive(&host));
    before.setFocus();
    CommandPalette palette(theme, &host);
    QString done;
    palette.setSource([&done] {
        QList<PaletteEntry> entries;
        for (const QString &title : {u"Topology"_s, u"Slots"_s, u"Quit"_s})
            entries.append({.icon = {},
                            .title = title,
                            .subtitle = {},
                            .trailing = {},
                            .keywords = {},
                            .weight = 0,
                            .act = [&done, title] { done = title; }});
        return entries;
    });
    palette.toggle();
    auto *field = palette.findChild<QLineEdit *>();
    QVERIFY(field->hasFocus());
    QCOMPARE(palette.titles(), (QStringList{u"Topology"_s, u"Slots"_s, u"Quit"_s}));
    QTest::keyClick(field, Qt::Key_Up); // wraps around to the end
    QTest::keyClick(field, Qt::Key_Up);
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(done, u"Slots"_s);
    QVERIFY(!palette.isVisible());
    QVERIFY(before.hasFocus());
    palette.toggle();
    QTest::keyClicks(field, u"qu"_s);
    QCOMPARE(palette.titles(), QStringList{u"Quit"_s});
    QTest::keyClicks(field, u"zz"_s);
    QVERIFY(palette.titles().isEmpty());
    QTest::keyClick(field, Qt::Key_Return); // does nothing without a match
    QVERIFY(palette.isVisible());
    QTest::keyClick(field, Qt::Key_Escape);
    QVERIFY(!palette.isVisible());
}

SLOTSCOPE_TEST(TestPalette)
#include "tst_palette.moc"
