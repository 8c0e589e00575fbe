// SPDX-License-Identifier: GPL-3.0-or-later
// What a worker of a load test does where nodes are missing, with a server that is a few lines on a socket pair.
#include "core/load/loadworker.h"
#include "tests/support/testmain.h"

#include <QElapsedTimer>
#include <QTest>

#include <sys/socket.h>
#include <unistd.h>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

namespace {

/// A server that answers each command with ":1". If `first` is given, it answers the first command with it, or all
/// commands if `always` is true.
class Answerer
{
public:
    explicit Answerer(QByteArray first = {}, bool always = false) : m_first(std::move(first)), m_always(always)
    {
        int ends[2] = {-1, -1};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
            return;
        m_own = ends[0];
        m_workers = ends[1];
        m_thread = std::thread([this] { serve(); });
    }
    ~Answerer()
    {
        ::shutdown(m_own, SHUT_RDWR);
        if (m_thread.joinable())
            m_thread.join();
        ::close(m_own);
    }
    Q_DISABLE_COPY_MOVE(Answerer)
    [[nodiscard]] int socket() const { return m_workers; }

private:
    void serve()
    {
        char buffer[4096];
        for (ssize_t size = 0; (size = ::recv(m_own, buffer, sizeof buffer, 0)) > 0;) {
            QByteArray replies;
            for (qsizetype i = QByteArrayView(buffer, size).count('*'); i > 0; --i)
                replies += m_first.isEmpty() ? ":1\r\n"_ba : m_always ? m_first : std::exchange(m_first, {});
            if (::send(m_own, replies.constData(), size_t(replies.size()), MSG_NOSIGNAL) < 0)
                return;
        }
    }

    QByteArray m_first;
    bool m_always = false;
    int m_own = -1, m_workers = -1;
    std::thread m_thread;
};

LoadPlan planOf(qint64 keys)
{
    LoadPlan plan;
    plan.commands.push_back(LoadCommand::ofWords(commandOf("UNLINK", "{key}"), "s"));
    plan.weights = {1};
    plan.keys = LoadKeys("p:", 0);
    plan.keyCount = keys;
    plan.schedule.start = plan.pace.start = loadClock();
    return plan;
}

std::shared_ptr<LoadRoutes> routesOf(qint16 firstHalf, qint16 secondHalf)
{
    auto routes = std::make_shared<LoadRoutes>();
    for (size_t slot = 0; slot < routes->owner.size(); ++slot)
        routes->owner[slot] = slot < routes->owner.size() / 2 ? firstHalf : secondHalf;
    routes->primaries = {0};
    return routes;
}

/// Returns the worker's totals once it is done, or nothing if that takes longer than `withinMs`.
std::optional<LoadTally> done(LoadWorker &worker, int withinMs)
{
    LoadTally all;
    QElapsedTimer passed;
    passed.start();
    while (passed.elapsed() < withinMs) {
        LoadWorker::News news = worker.takeNews();
        all.merge(news.tally);
        if (news.done)
            return all;
        std::this_thread::yield();
    }
    return std::nullopt;
}

} // namespace

class TestLoadWorker : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// Keys of an unreachable node are given up all at once, those of the other node are removed.
    void aNodeThatIsGoneIsGivenUp()
    {
        LoadPlan plan = planOf(20'000);
        plan.inTurn = plan.repeats = true;
        plan.givesNodeUpMs = 300;
        const Answerer server;
        LoadWorker worker(plan, routesOf(0, 1));
        worker.add({.socket = server.socket(), .node = 0, .id = 1});
        worker.start();
        const auto tally = done(worker, 20'000);
        QVERIFY(tally);
        QVERIFY(tally->nodes[0].ok > 9000);
        QCOMPARE(tally->nodes[0].ok + tally->nodes[1].errors.value("UNREACHABLE"), 20'000);
    }

    /// The worker ends even without any connection.
    void nobodyAtAll()
    {
        LoadPlan plan = planOf(100);
        plan.inTurn = plan.repeats = true;
        plan.givesNodeUpMs = 100;
        LoadWorker worker(plan, routesOf(0, 1));
        worker.start();
        QVERIFY(done(worker, 20'000));
    }

    /// After errors that pass, such as LOADING or BUSY, the command is repeated and its key is removed.
    void passingErrorsAreTriedAgain()
    {
        LoadPlan plan = planOf(50);
        plan.inTurn = plan.repeats = true;
        const Answerer server("-LOADING Redis is loading the dataset in memory\r\n");
        LoadWorker worker(plan, routesOf(0, 0));
        worker.add({.socket = server.socket(), .node = 0, .id = 1});
        worker.start();
        const auto tally = done(worker, 20'000);
        QVERIFY(tally);
        QCOMPARE(tally->nodes[0].errorSum(), 0);
        QCOMPARE(tally->nodes[0].ok, 50);
        QCOMPARE(tally->nodes[0].sent, 51);
    }

    /// An error that persists ends after the time limit, and no commands pile up.
    void lastingErrorsEnd()
    {
        LoadPlan plan = planOf(50);
        plan.inTurn = plan.repeats = true;
        plan.givesNodeUpMs = 500;
        const Answerer server("-LOADING\r\n", true);
        LoadWorker worker(plan, routesOf(0, 0));
        worker.add({.socket = server.socket(), .node = 0, .id = 1});
        worker.start();
        const auto tally = done(worker, 20'000);
        QVERIFY(tally);
        QCOMPARE(tally->nodes[0].errors.value("LOADING"), 50);
    }

    /// Requests for slots without a node count for no node and do not pile up.
    void slotsWithoutANode()
    {
        LoadPlan plan = planOf(20'000);
        plan.end = plan.schedule.start + 1'500'000'000;
        const Answerer server;
        LoadWorker worker(plan, routesOf(0, LoadRoutes::nobody));
        worker.add({.socket = server.socket(), .node = 0, .id = 1});
        worker.start();
        const auto tally = done(worker, 20'000);
        QVERIFY(tally);
        QCOMPARE(tally->nodes[0].errorSum(), 0);
        QVERIFY(tally->nodes[0].ok > 0);
        const qint64 orphans = tally->nobody.errors.value("CLUSTERDOWN");
        QVERIFY2(orphans > 0 && orphans <= 4096, qPrintable(QString::number(orphans)));
    }

    /// A redirected request does not count as a warm-up request.
    void redirectsAreNoWarmUp()
    {
        LoadPlan plan = planOf(100);
        plan.count = 50;
        const Answerer server("-MOVED 1 10.0.0.9:1\r\n");
        LoadWorker worker(plan, routesOf(0, 0));
        worker.add({.socket = server.socket(), .node = 0, .id = 1});
        worker.start();
        const auto tally = done(worker, 20'000);
        QVERIFY(tally);
        QCOMPARE(tally->redirects, 1);
        QCOMPARE(tally->warmUp, 0);
        QCOMPARE(tally->nodes[0].ok, 50);
        QVERIFY(tally->lastAnswer > 0);
    }

    /// Filling and removing keep to the given rate.
    void paceIsKept()
    {
        LoadPlan plan = planOf(600);
        plan.inTurn = true;
        plan.pipeline = 64;
        plan.pace.perSecond = 1000;
        const Answerer server;
        LoadWorker worker(plan, routesOf(0, 0));
        worker.add({.socket = server.socket(), .node = 0, .id = 1});
        QElapsedTimer passed;
        passed.start();
        worker.start();
        const auto tally = done(worker, 20'000);
        QVERIFY(tally);
        QCOMPARE(tally->nodes[0].ok, 600);
        QVERIFY2(passed.elapsed() >= 500, qPrintable(QString::number(passed.elapsed())));
    }
};

SLOTSCOPE_TEST(TestLoadWorker)
#include "tst_loadworker.moc"
