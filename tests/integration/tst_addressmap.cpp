// SPDX-License-Identifier: GPL-3.0-or-later
// Nodes that announce addresses where nobody answers: shown as such, tried, mapped while the session is open.
#include "core/session/addresses.h"
#include "tests/support/testcluster.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

// announced ports are this much higher than the real ports, and nobody listens there
constexpr int announcedAbove = 20000;

quint16 announcedPort(quint16 port)
{
    return quint16(port > 65535 - announcedAbove ? port - announcedAbove : port + announcedAbove);
}

QString announcedOf(const LocalCluster::Node &node)
{
    return Endpoint{.host = node.endpoint.host, .port = announcedPort(node.endpoint.port), .socketPath = {}}.toString();
}

} // namespace

class tst_AddressMap : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        LocalClusterOptions options;
        options.replicasPerPrimary = 0;
        options.argumentsAt = [](quint16 port) {
            return QStringList{u"--cluster-announce-port"_s, QString::number(announcedPort(port))};
        };
        m_cluster = std::make_unique<TestCluster>(options);
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
        for (int i = 0; i < 3; ++i) {
            const auto id = m_cluster->run(i, {"CLUSTER"_ba, "MYID"_ba});
            QVERIFY(id);
            m_ids << id->bytes();
        }
    }

    /// The main use case: a connection test finds an unreachable node at another address, the node is mapped to that
    /// address, and the open session uses it at once.
    void aNodeOutOfReachIsMappedWhileOpen()
    {
        const auto session = connectTo(m_cluster->target({0}));
        QVERIFY(session);
        QVERIFY(waitForView(*session, [this](const ClusterView &view) {
            return view.node(m_ids[1]) && view.node(m_ids[1])->reach.state == Reach::State::Waiting;
        }));
        NodePlace place = placeOf(*session, 1);
        QCOMPARE(place.announced, announcedOf((*m_cluster)->nodes()[1]));
        QVERIFY(!place.answers());
        QCOMPARE(place.keyToMap(), place.announced);
        QCOMPARE(placeOf(*session, 0).source, AddressSource::Seed);

        PlaceTester tester{QPointer<ClusterSession>(session.get())};
        const auto test = [&](int at, int expected) {
            return QCoro::waitFor(tester.test((*m_cluster)->nodes()[size_t(at)].endpoint, m_ids[expected], true));
        };
        const auto wrong = test(2, 1), right = test(1, 1);
        QVERIFY(wrong && right);
        QVERIFY2(!wrong->isGood() && !wrong->error && wrong->nodeId == m_ids[2], qPrintable(trialText(*wrong)));
        QVERIFY2(right->isGood() && right->milliseconds > 0, qPrintable(trialText(*right)));
        QVERIFY2(trialText(*right).contains(u"this node answers"), qPrintable(trialText(*right)));
        const auto nobody = QCoro::waitFor(tester.test(*Endpoint::parse(place.announced), m_ids[1], false));
        QVERIFY(nobody && nobody->error && nobody->error->code == Error::Code::ConnectionRefused);

        session->setAddressMap({{place.announced, (*m_cluster)->nodes()[1].endpoint},
                                {QString::fromLatin1(m_ids[2]), (*m_cluster)->nodes()[2].endpoint}});
        QVERIFY(waitForView(*session, allAnswer));
        QCOMPARE(placeOf(*session, 1).source, AddressSource::MappedAddress);
        QCOMPARE(placeOf(*session, 2).source, AddressSource::MappedId);
        for (int i = 0; i < 200; ++i) {
            const auto set = QCoro::waitFor(session->execute(commandOf("SET", "map:" + QByteArray::number(i), "x")));
            QVERIFY2(set, set ? "" : qPrintable(set.error().detail));
        }

        session->setAddressMap({{place.announced, (*m_cluster)->nodes()[1].endpoint}});
        QVERIFY(waitForView(*session, [this](const ClusterView &view) {
            return view.node(m_ids[2])->reach.state == Reach::State::Waiting
                && view.node(m_ids[1])->reach.state == Reach::State::Ready;
        }));
        QVERIFY(!placeOf(*session, 2).answers());
    }

    /// A node that already answers is mapped to another address, which all later connections and commands use.
    void aNodeThatAnswersMovesToItsNewPlace()
    {
        const auto session = connectTo(m_cluster->target({0, 1, 2}));
        QVERIFY(session);
        QVERIFY(waitForView(*session, allAnswer));
        Endpoint other = (*m_cluster)->nodes()[1].endpoint;
        other.host = u"localhost"_s; // another name of the same server
        session->setAddressMap({{announcedOf((*m_cluster)->nodes()[1]), other}});
        QVERIFY(waitForView(*session, [this, &other](const ClusterView &view) {
            return view.node(m_ids[1])->reach.address == other.toString()
                && view.node(m_ids[1])->reach.state == Reach::State::Ready;
        }));
        const auto link = QCoro::waitFor(session->linkTo(m_ids[1]));
        QVERIFY(link);
        QCOMPARE((*link)->endpoint(), other);
        session->setAddressMap({});
        QVERIFY(waitForView(*session, [this, &other](const ClusterView &view) {
            return view.node(m_ids[1])->reach.address != other.toString() && allAnswer(view);
        }));
    }

    /// A map entry whose address belongs to another node is not used to reach the mapped node.
    void aMapToAnotherNodeIsSeen()
    {
        const auto session = connectTo(m_cluster->target({0}));
        QVERIFY(session);
        session->setAddressMap({{announcedOf((*m_cluster)->nodes()[1]), (*m_cluster)->nodes()[2].endpoint}});
        QVERIFY(waitForView(*session, [this](const ClusterView &view) {
            return view.node(m_ids[2]) && view.node(m_ids[2])->reach.state == Reach::State::Ready;
        }));
        QVERIFY(view(*session).node(m_ids[1])->reach.state != Reach::State::Ready);
    }

    /// Servers without cluster mode have no node ids, so their process ids (run_id) are compared.
    void twoServersWithoutIdsAreToldApart()
    {
        LocalClusterOptions options;
        options.primaries = 2;
        options.replicasPerPrimary = 0;
        options.clusterMode = false;
        options.form = false;
        TestCluster servers(options);
        QVERIFY2(servers.start(), qPrintable(servers.failure()));
        const auto session = connectTo(servers.target({0}));
        QVERIFY(session);
        const QByteArray id = servers.address(0).toUtf8();
        QVERIFY(waitForView(*session, [&](const ClusterView &view) {
            const NodeObservation *seen = view.observationOf(id);
            return seen && seen->info;
        }));
        PlaceTester tester{QPointer<ClusterSession>(session.get())};
        const auto test = [&](const Endpoint &at) { return QCoro::waitFor(tester.test(at, id, true)); };
        const Endpoint own = servers->nodes()[0].endpoint, others = servers->nodes()[1].endpoint;
        Endpoint byName = own;
        byName.host = u"localhost"_s;
        const auto same = test(own), named = test(byName), another = test(others);
        QVERIFY2(same && same->isGood(), qPrintable(trialText(*same)));
        QVERIFY2(named && named->isGood(), qPrintable(trialText(*named)));
        QVERIFY2(another && !another->isGood() && !another->error, qPrintable(trialText(*another)));
        QVERIFY2(trialText(*another).contains(u"another server answers"), qPrintable(trialText(*another)));
        const auto [code, said] = cli({u"--uri"_s, u"redis://"_s + servers.address(0), u"addresses"_s, u"--test"_s});
        QVERIFY2(code == 0 && said.contains("this node answers"), said.constData());
    }

    void theCommandLineListsAndTests()
    {
        const QString uri = u"redis://"_s + m_cluster->address(0);
        const auto [code, said] = cli({u"--uri"_s, uri, u"addresses"_s});
        QVERIFY2(code == 1, said.constData());
        QVERIFY2(said.contains(announcedOf((*m_cluster)->nodes()[1]).toUtf8()), said.constData());
        QStringList words{u"--uri"_s, uri, u"--json"_s};
        for (int i = 1; i < 3; ++i)
            words << u"--map"_s << announcedOf((*m_cluster)->nodes()[size_t(i)]) + u'=' + m_cluster->address(i);
        words << u"--map"_s << u"10.9.9.9:1=10.9.9.8:1"_s; // an entry that no node matches
        const auto [good, json] = cli(words + QStringList{u"addresses"_s, u"--test"_s});
        QVERIFY2(good == 0, json.constData());
        const QJsonArray nodes = QJsonDocument::fromJson(json)[u"nodes"_s].toArray();
        QCOMPARE(nodes.size(), 4);
        int tested = 0;
        for (const auto &node : nodes)
            tested += node[u"test"_s][u"isThisNode"_s].toBool() && !node[u"id"_s].toString().isEmpty() ? 1 : 0;
        QCOMPARE(tested, 3);
    }

private:
    static bool allAnswer(const ClusterView &view)
    {
        return view.nodes.size() == 3 && std::all_of(view.nodes.cbegin(), view.nodes.cend(), [](const NodeState &node) {
                   return node.reach.state == Reach::State::Ready;
               });
    }
    static const ClusterView &view(const ClusterSession &session) { return *session.view(); }
    [[nodiscard]] NodePlace placeOf(const ClusterSession &session, int node) const
    {
        for (const NodePlace &place : placesOf(view(session), session.target()))
            if (place.id == m_ids[node])
                return place;
        return {};
    }
    static std::pair<int, QByteArray> cli(const QStringList &words)
    {
        QProcess process;
        process.start(qEnvironmentVariable("SLOTSCOPE_CLI"), words);
        process.waitForFinished(60000);
        // without standard error, to which hints are printed
        return {process.exitCode(), process.readAllStandardOutput()};
    }

    std::unique_ptr<TestCluster> m_cluster;
    QByteArrayList m_ids;
};

SLOTSCOPE_TEST(tst_AddressMap)
#include "tst_addressmap.moc"
