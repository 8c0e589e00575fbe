// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/pollschedule.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace slotscope;

class TestPollSchedule final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void smallClusterIsAskedEverything();
    void staysWithinItsBudget();
    void oldestFirst();
    void changedBeforeOthers();
    void dueBeforeAll();
    void aLossStaysWithinTheBudget();
    void busyNodesAreLeftAlone();
    void aLongPauseEarnsNoMoreThanASecond();
    void aCalmNodeIsAskedAsSeldomAsWished();
    void nobody();
};

namespace {

constexpr int tickMs = 500;
constexpr qint64 start = 1'000'000;

std::vector<PollEntry> fresh(size_t count)
{
    return std::vector<PollEntry>(count,
                                  {.askable = true, .changed = false, .tableAt = 1, .clusterInfoAt = 1, .infoAt = 1});
}

struct Sums
{
    int tables = 0;
    int opinions = 0;
    int infos = 0;
};

/// Runs one tick in which every query is answered at once.
Sums tick(PollSchedule &schedule, std::vector<PollEntry> &entries, qint64 now, qint64 elapsedMs = tickMs)
{
    Sums sums;
    const std::vector<Questions> questions = schedule.next(entries, now, elapsedMs);
    for (size_t i = 0; i < entries.size(); ++i) {
        if (questions[i].table) {
            entries[i].due = false;
            ++sums.tables;
            entries[i].tableAt = now;
            entries[i].changed = false;
        }
        if (questions[i].clusterInfo) {
            ++sums.opinions;
            entries[i].clusterInfoAt = now;
        }
        if (questions[i].info) {
            ++sums.infos;
            entries[i].infoAt = now;
        }
    }
    return sums;
}

} // namespace

void TestPollSchedule::smallClusterIsAskedEverything()
{
    PollSchedule schedule;
    auto entries = fresh(6);
    (void)tick(schedule, entries, start);
    for (int i = 1; i < 20; ++i) {
        const Sums sums = tick(schedule, entries, start + i * tickMs);
        QCOMPARE(sums.tables, 6);
        QCOMPARE(sums.opinions, 6);
        QCOMPARE(sums.infos, i % 2 == 0 ? 6 : 0); // INFO once per second, no more often
    }
}

void TestPollSchedule::staysWithinItsBudget()
{
    const PollBudget budget;
    PollSchedule schedule(budget);
    auto entries = fresh(1000);
    Sums all;
    constexpr int seconds = 200;
    for (int i = 0; i < seconds * 1000 / tickMs; ++i) {
        const Sums sums = tick(schedule, entries, start + i * tickMs);
        all.tables += sums.tables;
        all.opinions += sums.opinions;
        all.infos += sums.infos;
    }
    QVERIFY(all.tables <= (seconds + 1) * budget.tableLinesPerSecond / 1000);
    QVERIFY(all.opinions <= (seconds + 1) * budget.clusterInfosPerSecond);
    QVERIFY(all.infos <= (seconds + 1) * budget.infosPerSecond);
    for (const PollEntry &entry : entries) // every node gets its turn
        QVERIFY(entry.tableAt > 1 && entry.clusterInfoAt > 1 && entry.infoAt > 1);
}

void TestPollSchedule::oldestFirst()
{
    PollSchedule schedule(
        {.tableLinesPerSecond = 20, .changedTableLinesPerSecond = 0, .clusterInfosPerSecond = 1, .infosPerSecond = 1});
    auto entries = fresh(10);
    for (size_t i = 0; i < entries.size(); ++i)
        entries[i].tableAt = entries[i].clusterInfoAt = entries[i].infoAt = qint64(100 - i);
    const std::vector<Questions> questions = schedule.next(entries, start, 1000);
    QVERIFY(questions[9].table && questions[8].table && !questions[7].table);
    QVERIFY(questions[9].clusterInfo && !questions[8].clusterInfo);
    QVERIFY(questions[9].info && !questions[8].info);
}

void TestPollSchedule::changedBeforeOthers()
{
    PollSchedule schedule;
    auto entries = fresh(1000);
    for (size_t i = 0; i < entries.size(); ++i) {
        entries[i].tableAt = qint64(i + 1);
        entries[i].changed = i >= 990; // otherwise these would be asked last
    }
    const std::vector<Questions> questions = schedule.next(entries, start, tickMs);
    for (size_t i = 990; i < entries.size(); ++i)
        QVERIFY(questions[i].table);
    QCOMPARE(std::count_if(questions.begin(), questions.end(), [](const Questions &q) { return q.table; }), 10 + 3);
}

void TestPollSchedule::dueBeforeAll()
{
    PollSchedule schedule;
    auto entries = fresh(1000);
    for (size_t i = 0; i < entries.size(); ++i) {
        entries[i].tableAt = entries[i].clusterInfoAt = qint64(i + 1);
        entries[i].changed = i < 500;
        entries[i].due = i >= 990; // otherwise asked last, and not known to have changed
    }
    const std::vector<Questions> questions = schedule.next(entries, start, tickMs);
    for (size_t i = 990; i < entries.size(); ++i)
        QVERIFY(questions[i].table && questions[i].clusterInfo);
}

void TestPollSchedule::aLossStaysWithinTheBudget()
{
    const PollBudget budget;
    PollSchedule schedule(budget);
    auto entries = fresh(1000);
    Sums all;
    constexpr int seconds = 10;
    for (int i = 0; i < seconds * 1000 / tickMs; ++i) {
        for (PollEntry &entry : entries) // connections are lost and made all the time
            entry.due = true;
        const Sums sums = tick(schedule, entries, start + i * tickMs);
        all.tables += sums.tables;
        all.opinions += sums.opinions;
    }
    QVERIFY(all.tables <= (seconds + 1) * (budget.tableLinesPerSecond + budget.changedTableLinesPerSecond) / 1000);
    QVERIFY(all.opinions <= (seconds + 1) * budget.clusterInfosPerSecond);
    for (const PollEntry &entry : entries)
        QVERIFY(entry.clusterInfoAt > 1);
}

void TestPollSchedule::busyNodesAreLeftAlone()
{
    PollSchedule schedule;
    auto entries = fresh(6);
    entries[2].askable = false;
    const std::vector<Questions> questions = schedule.next(entries, start, 1000);
    QVERIFY(!questions[2].any());
    QVERIFY(questions[1].any());
}

void TestPollSchedule::aLongPauseEarnsNoMoreThanASecond()
{
    PollSchedule schedule;
    auto entries = fresh(1000);
    const Sums sums = tick(schedule, entries, start, 3'600'000); // the machine slept
    QCOMPARE(sums.tables, 6);
    QCOMPARE(sums.opinions, 250);
    QCOMPARE(sums.infos, 60);
}

void TestPollSchedule::aCalmNodeIsAskedAsSeldomAsWished()
{
    PollSchedule schedule({.infoEveryMs = 10'000, .tableEveryMs = 10'000});
    std::vector<PollEntry> entries(4);
    for (PollEntry &entry : entries)
        entry = {.askable = true, .tableAt = 1000, .clusterInfoAt = 1000, .infoAt = 1000};
    entries[1].due = true;
    entries[2].changed = true;
    entries[3] = {.askable = true}; // never asked before
    const auto soon = schedule.next(entries, 10'500, 500);
    QVERIFY(!soon[0].any());
    QVERIFY(soon[1].table && soon[1].clusterInfo && !soon[1].info);
    QVERIFY(soon[2].table && !soon[2].clusterInfo);
    QVERIFY(soon[3].table && soon[3].clusterInfo && soon[3].info);
    const auto later = schedule.next(entries, 11'000, 500);
    QVERIFY(later[0].table && later[0].clusterInfo && later[0].info);
}

void TestPollSchedule::nobody()
{
    PollSchedule schedule;
    QVERIFY(schedule.next({}, start, tickMs).empty());
}

SLOTSCOPE_TEST(TestPollSchedule)
#include "tst_pollschedule.moc"
