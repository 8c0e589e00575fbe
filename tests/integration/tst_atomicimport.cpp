// SPDX-License-Identifier: GPL-3.0-or-later
// Atomic migration as Redis 8.4 has it (CLUSTER MIGRATION). No server that is packaged knows it: two fakes answer with
// its replies.
#include "support/fakeserver.h"
#include "support/operating.h"
#include "tests/support/testmain.h"

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

QByteArray array(const QByteArrayList &items)
{
    return '*' + QByteArray::number(items.size()) + "\r\n" + items.join();
}

/// Two fake primaries of Redis 8.4, the first of which owns slots 0-8191. Each status query moves the import from the
/// first primary to its next state.
class FakePair
{
public:
    FakePair()
    {
        for (int i = 0; i < 2; ++i)
            m_servers.push_back(
                std::make_unique<FakeServer>([this, i](const QByteArrayList &command) { return answer(i, command); }));
    }
    [[nodiscard]] ConnectionTarget target() const
    {
        ConnectionTarget target;
        target.seeds = {m_servers[0]->endpoint(), m_servers[1]->endpoint()};
        return target;
    }
    [[nodiscard]] static QByteArray id(int node) { return QByteArray(40, node == 0 ? 'a' : 'b'); }

    QByteArrayList states{"connecting", "send-handshake", "accumulate-buffer", "takeover", "completed"};
    QByteArray startError; ///< error reply to CLUSTER MIGRATION IMPORT
    QByteArrayList asked; ///< the received CLUSTER MIGRATION commands, each after the number of the node that got it
    bool moved = false;

private:
    [[nodiscard]] QByteArray nodes(int self) const
    {
        QByteArray text;
        for (int i = 0; i < 2; ++i) {
            const QByteArray port = QByteArray::number(m_servers[size_t(i)]->serverPort());
            const QByteArray owned =
                i == 0 ? (moved ? "100-8191" : "0-8191") : (moved ? "0-99 8192-16383" : "8192-16383");
            text += id(i) + " 127.0.0.1:" + port + "@1000" + QByteArray::number(i)
                + (i == self ? " myself,master" : " master") + " - 0 0 "
                + QByteArray::number(i + 1 + (i == 1 && moved ? 2 : 0)) + " connected " + owned + '\n';
        }
        return text;
    }
    [[nodiscard]] QByteArray task(const QByteArray &state) const
    {
        return array({bulk("id"),
                      bulk("task-1"),
                      bulk("slots"),
                      bulk("0-99"),
                      bulk("source"),
                      bulk(id(0)),
                      bulk("dest"),
                      bulk(id(1)),
                      bulk("operation"),
                      bulk("import"),
                      bulk("state"),
                      bulk(state),
                      bulk("last_error"),
                      bulk(state == "failed" ? "Connection refused" : ""),
                      bulk("retries"),
                      bulk(QByteArray::number(m_retries)),
                      bulk("create_time"),
                      bulk("1"),
                      bulk("start_time"),
                      bulk("1"),
                      bulk("end_time"),
                      bulk("-1"),
                      bulk("write_pause_ms"),
                      bulk("0")});
    }
    QByteArray migration(int node, const QByteArrayList &command)
    {
        asked.append(QByteArray::number(node) + ' ' + command.join(' '));
        const QByteArray what = command.value(2).toUpper();
        if (what == "IMPORT")
            return startError.isEmpty() ? bulk("task-1") : "-ERR " + startError + "\r\n";
        if (what == "CANCEL")
            return ":1\r\n";
        if (command.value(3).toUpper() == "ALL" || node != 1)
            return "*0\r\n";
        const QByteArray state = states.size() > 1 ? states.takeFirst() : states.front();
        m_retries += state == "failed" ? 1 : 0;
        moved = moved || state == "completed";
        return array({task(state)});
    }
    QByteArray answer(int node, const QByteArrayList &command)
    {
        const QByteArray name = command.value(0).toUpper(), sub = command.value(1).toUpper();
        if (name == "CLUSTER" && sub == "NODES")
            return bulk(nodes(node));
        if (name == "CLUSTER" && sub == "INFO")
            return bulk(
                "cluster_enabled:1\r\ncluster_state:ok\r\ncluster_slots_assigned:16384\r\ncluster_slots_ok:16384\r\n"
                "cluster_slots_pfail:0\r\ncluster_slots_fail:0\r\ncluster_known_nodes:2\r\ncluster_size:2\r\n"
                "cluster_current_epoch:4\r\ncluster_my_epoch:1\r\n");
        if (name == "CLUSTER" && sub == "MIGRATION")
            return migration(node, command);
        if (name == "CLUSTER" && sub == "COUNTKEYSINSLOT")
            return ":0\r\n";
        if (name == "INFO")
            return bulk("# Server\r\nredis_version:8.4.0\r\nredis_mode:cluster\r\nrole:master\r\nloading:0\r\n"
                        "used_memory:1000000\r\nmaster_repl_offset:0\r\nconnected_slaves:0\r\n");
        if (name == "COMMAND") { // COMMAND INFO: an array for each known command, null for the others
            QByteArrayList items;
            const QByteArrayList names = command.mid(2);
            for (const QByteArray &wanted : names)
                items.append(wanted == "cluster|migration" ? array({bulk(wanted), ":-4\r\n"}) : QByteArray("*-1\r\n"));
            return sub == "INFO" ? array(items) : QByteArray("*0\r\n");
        }
        if (name == "CONFIG")
            return array({bulk(command.value(2)), bulk(command.value(2) == "cluster-node-timeout" ? "2000" : "")});
        return "-ERR unknown command '" + name + "'\r\n";
    }

    std::vector<std::unique_ptr<FakeServer>> m_servers;
    int m_retries = 0;
};

ReshardRequest firstHundred()
{
    ReshardRequest request;
    request.sources = {FakePair::id(0)};
    request.target = FakePair::id(1);
    request.slots = SlotSet{{0, 99}};
    return request;
}

} // namespace

class tst_AtomicImport : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void importsOnTheTarget()
    {
        FakePair pair;
        Operator admin(pair.target());
        QVERIFY2(admin.connect(), qPrintable(admin.failure()));
        const auto plan = admin.plan(firstHundred());
        QVERIFY(plan);
        // the mode is chosen because both nodes support CLUSTER MIGRATION
        QCOMPARE(plan->steps.front().mode, u"import"_s);
        const RunSnapshotPtr run = admin.run(*plan);
        VERIFY_DONE(run);
        QVERIFY(pair.moved);
        QVERIFY2(pair.asked.contains("1 CLUSTER MIGRATION IMPORT 0 99"), pair.asked.join('\n').constData());
        QCOMPARE(run->progress.slotsDone, 100);
    }

    void cancelsWhatIsTriedForEver()
    {
        FakePair pair;
        pair.states = {"connecting", "failed", "connecting", "failed", "failed", "failed", "failed"};
        Operator admin(pair.target());
        QVERIFY2(admin.connect(), qPrintable(admin.failure()));
        const RunSnapshotPtr run = admin.run(firstHundred());
        QVERIFY(run);
        QCOMPARE(int(run->state), int(RunState::Failed));
        QVERIFY2(run->error->detail.contains(u"Connection refused"), qPrintable(run->error->detail));
        // only a CANCEL sent to the target ends the import
        QVERIFY(pair.asked.contains("1 CLUSTER MIGRATION CANCEL ID task-1"));
        QVERIFY(!pair.moved);
    }

    void tellsWhyItIsRefused()
    {
        FakePair pair;
        pair.startError = "another ASM task is already in progress";
        Operator admin(pair.target());
        QVERIFY2(admin.connect(), qPrintable(admin.failure()));
        const RunSnapshotPtr run = admin.run(firstHundred());
        QVERIFY(run);
        QCOMPARE(int(run->state), int(RunState::Failed));
        QVERIFY2(run->error->detail.contains(u"another ASM task"), qPrintable(run->error->detail));
    }
};

SLOTSCOPE_TEST(tst_AtomicImport)
#include "tst_atomicimport.moc"
