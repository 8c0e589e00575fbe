// SPDX-License-Identifier: GPL-3.0-or-later
// Making a cluster and moving slots where addresses and ports are not the plain ones.
#include "core/base/errortext.h"
#include "tests/support/operating.h"
#include "tests/support/testmain.h"

#include <QProcess>
#include <QStandardPaths>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int keys = 2000;
constexpr int busDistance = 7; // the explicitly configured bus port is the port plus this number
constexpr int tlsDistance = 3;

} // namespace

class tst_Addresses : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void createsAndReshards_data()
    {
        QTest::addColumn<QByteArray>("way");
        QTest::newRow("IPv6") << "ipv6"_ba;
        QTest::newRow("a bus port of their own") << "bus"_ba;
        QTest::newRow("TLS between the nodes, plain for clients") << "tls"_ba;
    }
    void createsAndReshards()
    {
        QFETCH(const QByteArray, way);
        LocalClusterOptions options;
        options.primaries = 4;
        options.replicasPerPrimary = 0;
        options.form = false;
        if (way == "ipv6")
            options.host = u"::1"_s;
        if (way == "bus")
            options.argumentsAt = [](quint16 port) {
                return QStringList{u"--cluster-port"_s, QString::number(port + busDistance)};
            };
        QTemporaryDir folder;
        if (way == "tls") {
            QVERIFY(makeCertificate(folder));
            options.extraArguments = {u"--tls-cert-file"_s,    folder.filePath(u"cert"_s),
                                      u"--tls-key-file"_s,     folder.filePath(u"key"_s),
                                      u"--tls-ca-cert-file"_s, folder.filePath(u"cert"_s),
                                      u"--tls-cluster"_s,      u"yes"_s,
                                      u"--tls-replication"_s,  u"yes"_s};
            options.argumentsAt = [](quint16 port) {
                return QStringList{u"--tls-port"_s, QString::number(port + tlsDistance)};
            };
        }
        TestCluster cluster(options);
        QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
        const RunSnapshotPtr made = create(cluster, folder.path());
        VERIFY_DONE(made);

        Operator user(cluster.target({0, 1, 2, 3}));
        QVERIFY2(user.connect(), qPrintable(user.failure()));
        const ClusterViewPtr view = user.look();
        QVERIFY(view && view->agreed && view->uncovered.isEmpty());
        QCOMPARE(view->nodes.size(), size_t(4));
        for (const NodeState &node : view->nodes) {
            QCOMPARE(node.reach.state, Reach::State::Ready);
            if (way == "bus")
                QCOMPARE(int(node.address.busPort), node.address.port + busDistance);
        }
        for (int i = 0; i < keys; ++i)
            QVERIFY(QCoro::waitFor(user.session().execute(commandOf("SET", keyAt(i), QByteArray::number(i)))));
        ReshardRequest request;
        request.sources = {user.idAt(cluster.address(0))};
        request.target = user.idAt(cluster.address(1));
        request.count = 1000;
        request.migration.method = MigrationMethod::Classic;
        const RunSnapshotPtr moved = user.run(request);
        VERIFY_DONE(moved);
        QVERIFY(moved->progress.keysDone > keys / 20);
        for (int i = 0; i < keys; ++i) {
            const auto value = QCoro::waitFor(user.session().execute(commandOf("GET", keyAt(i))));
            QVERIFY2(value, value ? "" : qPrintable(describe(value.error())));
            QCOMPARE(value->bytes(), QByteArray::number(i));
        }
    }

private:
    static QByteArray keyAt(int i) { return "key:" + QByteArray::number(i); }
    /// Makes a self-signed certificate and its key in this folder.
    static bool makeCertificate(const QTemporaryDir &folder)
    {
        QProcess openssl;
        openssl.start(u"openssl"_s,
                      {u"req"_s, u"-x509"_s, u"-newkey"_s, u"rsa:2048"_s, u"-nodes"_s, u"-days"_s, u"2"_s, u"-subj"_s,
                       u"/CN=slotscope-test"_s, u"-keyout"_s, folder.filePath(u"key"_s), u"-out"_s,
                       folder.filePath(u"cert"_s)});
        return openssl.waitForFinished(30000) && openssl.exitCode() == 0;
    }
    static RunSnapshotPtr create(TestCluster &cluster, const QString &journal)
    {
        CreateRequest request;
        QList<Endpoint> endpoints;
        for (const LocalCluster::Node &server : cluster->nodes()) {
            NewNode node;
            node.endpoint = server.endpoint;
            request.nodes.append(node);
            endpoints.append(server.endpoint);
        }
        const auto facts = QCoro::waitFor(gatherOutside(endpoints, {}));
        const auto plan = facts ? makePlan(request, **facts) : Result<OperationPlan>(failure(facts.error()));
        if (!plan)
            return nullptr;
        OperationRun operation(*plan, cluster.target({0}), nullptr, {.journalFolder = journal});
        return QCoro::waitFor(operation.run());
    }
};

SLOTSCOPE_TEST(tst_Addresses)
#include "tst_addresses.moc"
