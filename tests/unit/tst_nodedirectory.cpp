// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/nodedirectory.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int searchMs = 700;

QByteArray idOf(char letter)
{
    return QByteArray(40, letter);
}

/// Returns a line of CLUSTER NODES: node `letter` at `address`, which owns a third of the slots according to its
/// letter.
QByteArray lineOf(char letter, const QString &address, bool myself = false, const QByteArray &flags = "master"_ba)
{
    const int third = (letter - 'a') % 3;
    return idOf(letter) + ' ' + address.toLatin1() + "@1 " + (myself ? "myself," : "") + flags + " - 0 0 1 connected "
        + QByteArray::number(third * 5461) + '-' + QByteArray::number(third * 5461 + 5460) + '\n';
}

NodesTablePtr tableOf(const QByteArray &text)
{
    const auto table = parseClusterNodes(text);
    return table ? std::make_shared<const NodesTable>(*table) : nullptr;
}

ConnectionTarget targetOf(const QStringList &seeds)
{
    ConnectionTarget target;
    for (const QString &seed : seeds)
        target.seeds.append(*Endpoint::parse(seed));
    return target;
}

/// Returns the table of node `self` for three primaries a, b and c, each of which announces 10.0.0.N:7000.
NodesTablePtr threeNodes(char self)
{
    QByteArray text;
    for (const char letter : {'a', 'b', 'c'})
        text += lineOf(letter, u"10.0.0.%1:7000"_s.arg(letter - 'a' + 1), letter == self);
    return tableOf(text);
}

} // namespace

/// These tests play the part of the observer: they execute none of the requested actions and report the results of
/// connections themselves.
class TestNodeDirectory final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void findsTheOthersByOneSeed();
    void looksBehindPublishedPorts();
    void keepsTwoClustersApart();
    void leavesProxiesForAnnouncedAddresses();
    void noticesAReplacedSeed();
    void beginsAnewWhereAllWereReplaced();
    void keepsWhatItKnowsWithoutMajority();
    void goesByTheAddressOfWhoTellsNoId();
    void tellsTwinsApart();
    void trustsNoRedirectToAStranger();
    void staysWithinPermittedHosts();
    void takesANewClusterWhereTheOldOneIsGone();
    void aServerWithoutClusterModeIsNoNode();
};

namespace {

/// Reports that the connection to `address` is up and that node `letter` answers there with this table.
void answer(NodeDirectory &directory, const QString &address, char letter, const NodesTablePtr &table, qint64 at = 0,
            const QByteArray &process = {})
{
    directory.linkChanged(address, true, 0);
    directory.greeted(address, idOf(letter), process.isEmpty() ? QByteArray(1, letter) : process);
    std::ignore = directory.tableRead(address, table);
    directory.searchMissing(at);
}

QStringList opened(NodeDirectory &directory)
{
    QStringList names;
    for (const NodeDirectory::Action &action : directory.takeActions())
        if (action.kind == NodeDirectory::Action::Kind::Open)
            names.append(action.address);
    names.sort();
    return names;
}

QString wayTo(const NodeDirectory &directory, char letter)
{
    const NodeAddress *way = directory.wayTo(idOf(letter));
    return way ? way->endpoint.toString() : QString();
}

} // namespace

void TestNodeDirectory::findsTheOthersByOneSeed()
{
    NodeDirectory directory(targetOf({u"10.0.0.1:7000"_s}), searchMs);
    directory.begin();
    QCOMPARE(opened(directory), QStringList{u"10.0.0.1:7000"_s});
    answer(directory, u"10.0.0.1:7000"_s, 'a', threeNodes('a'));
    QCOMPARE(opened(directory), (QStringList{u"10.0.0.2:7000"_s, u"10.0.0.3:7000"_s}));
    QVERIFY(!directory.isSettled(0));
    answer(directory, u"10.0.0.2:7000"_s, 'b', threeNodes('b'));
    answer(directory, u"10.0.0.3:7000"_s, 'c', threeNodes('c'));
    QVERIFY(directory.isSettled(1));
    QVERIFY(opened(directory).isEmpty());
    QCOMPARE(wayTo(directory, 'c'), u"10.0.0.3:7000"_s);
    QVERIFY(!directory.conflict());
}

/// Containers announce addresses that cannot be reached from outside. The user entered the published ports as seeds.
void TestNodeDirectory::looksBehindPublishedPorts()
{
    const QStringList seeds{u"127.0.0.1:6001"_s, u"127.0.0.1:6002"_s, u"127.0.0.1:6003"_s};
    NodeDirectory directory(targetOf(seeds), searchMs);
    directory.begin();
    for (int i = 0; i < 3; ++i)
        answer(directory, seeds[i], char('a' + i), threeNodes(char('a' + i)));
    for (int i = 0; i < 3; ++i)
        QCOMPARE(wayTo(directory, char('a' + i)), seeds[i]);
    // The announced addresses are tried once each and fail.
    for (const QString &announced : {u"10.0.0.1:7000"_s, u"10.0.0.2:7000"_s, u"10.0.0.3:7000"_s})
        directory.linkChanged(announced, false, 1);
    std::ignore = directory.takeActions();
    directory.tick(10'000);
    QVERIFY2(opened(directory).isEmpty(), "they must not be tried for ever");
    QCOMPARE(directory.addresses().size(), size_t(3));
    QVERIFY(directory.isSettled(10'000));
}

void TestNodeDirectory::keepsTwoClustersApart()
{
    NodeDirectory directory(targetOf({u"10.0.0.1:7000"_s, u"10.0.9.1:7000"_s}), searchMs);
    directory.begin();
    answer(directory, u"10.0.0.1:7000"_s, 'a', threeNodes('a'));
    QVERIFY(!directory.conflict());
    answer(directory, u"10.0.9.1:7000"_s, 'x',
           tableOf(lineOf('x', u"10.0.9.1:7000"_s, true) + lineOf('y', u"10.0.9.2:7000"_s)));
    const auto conflict = directory.conflict();
    QVERIFY(conflict);
    QCOMPARE(conflict->code, Error::Code::TwoClusters);
    QVERIFY2(conflict->detail.contains(u"10.0.0.1:7000"_s) && conflict->detail.contains(u"10.0.9.2:7000"_s),
             qPrintable(conflict->detail));
    QVERIFY2(!directory.known().contains(idOf('y')), "nothing of the other cluster is part of this one");
    QVERIFY(!directory.wayTo(idOf('x')));
    QCOMPARE(directory.foreignSeeds(), QStringList{u"10.0.9.1:7000"_s});
}

/// A seed is a proxy that leads to another node with each connection. Connections for a node go to the node's announced
/// address.
void TestNodeDirectory::leavesProxiesForAnnouncedAddresses()
{
    NodeDirectory directory(targetOf({u"proxy:7000"_s}), searchMs);
    directory.begin();
    std::ignore = directory.takeActions();
    answer(directory, u"proxy:7000"_s, 'a', threeNodes('a'));
    QVERIFY(opened(directory).contains(u"10.0.0.1:7000"_s));
    QCOMPARE(wayTo(directory, 'a'), u"proxy:7000"_s); // no better address is known yet
    answer(directory, u"10.0.0.1:7000"_s, 'a', threeNodes('a'));
    QCOMPARE(wayTo(directory, 'a'), u"10.0.0.1:7000"_s);
    // The proxy's next connection reaches b, so what was learnt through the previous one is dropped.
    directory.linkChanged(u"proxy:7000"_s, false, 1);
    directory.linkChanged(u"proxy:7000"_s, true, 0);
    directory.greeted(u"proxy:7000"_s, idOf('b'), "b"_ba);
    const QList<NodeDirectory::Action> actions = directory.takeActions();
    QVERIFY(std::any_of(actions.begin(), actions.end(), [](const NodeDirectory::Action &action) {
        return action.kind == NodeDirectory::Action::Kind::Forget && action.address == u"proxy:7000";
    }));
    QCOMPARE(wayTo(directory, 'a'), u"10.0.0.1:7000"_s);
}

/// A seed of a known cluster was replaced by a new, empty node, which is not part of the cluster.
void TestNodeDirectory::noticesAReplacedSeed()
{
    NodeDirectory directory(targetOf({u"10.0.0.1:7000"_s}), searchMs);
    directory.begin();
    answer(directory, u"10.0.0.1:7000"_s, 'a', threeNodes('a'));
    answer(directory, u"10.0.0.2:7000"_s, 'b', threeNodes('b'));
    answer(directory, u"10.0.0.1:7000"_s, 'z',
           tableOf(idOf('z') + " 10.0.0.1:7000@1 myself,master - 0 0 0 connected\n"));
    QVERIFY(!directory.wayTo(idOf('z')));
    QVERIFY(!directory.known().contains(idOf('z')));
    QVERIFY(directory.at(u"10.0.0.1:7000"_s)->left);
    QVERIFY2(directory.strangers().isEmpty(), "as long as the others are there, it is not asked again");
}

void TestNodeDirectory::beginsAnewWhereAllWereReplaced()
{
    const QStringList seeds{u"10.0.0.1:7000"_s, u"10.0.0.2:7000"_s, u"10.0.0.3:7000"_s};
    NodeDirectory directory(targetOf(seeds), searchMs);
    directory.begin();
    for (int i = 0; i < 3; ++i)
        answer(directory, seeds[i], char('a' + i), threeNodes(char('a' + i)));
    // Each replaced seed answers twice: first it is taken for a node that left the cluster, then it is asked again.
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 3; ++i) {
            if (round > 0 && !directory.strangers().contains(seeds[i]))
                continue;
            const char letter = char('x' + i);
            answer(directory, seeds[i], letter,
                   tableOf(idOf(letter) + ' ' + seeds[i].toLatin1() + "@1 myself,master - 0 0 0 connected\n"));
        }
        directory.tick(1000 + round);
    }
    for (const char letter : {'x', 'y', 'z'})
        QVERIFY2(directory.wayTo(idOf(letter)), "the new nodes are what the picture begins with");
    for (const char letter : {'a', 'b', 'c'})
        QVERIFY2(!directory.known().contains(idOf(letter)), "nobody names the former ones any more");
}

/// Two of three nodes die. The remaining node still lists them, so they stay known and are tried at all their
/// addresses.
void TestNodeDirectory::keepsWhatItKnowsWithoutMajority()
{
    NodeDirectory directory(targetOf({u"10.0.0.1:7000"_s}), searchMs);
    directory.begin();
    for (const char letter : {'a', 'b', 'c'})
        answer(directory, u"10.0.0.%1:7000"_s.arg(letter - 'a' + 1), letter, threeNodes(letter));
    directory.linkChanged(u"10.0.0.2:7000"_s, false, 1);
    directory.linkChanged(u"10.0.0.3:7000"_s, false, 1);
    for (qint64 at = 1000; at < 60'000; at += 500)
        directory.tick(at);
    QVERIFY(directory.known().contains(idOf('b')) && directory.known().contains(idOf('c')));
    QCOMPARE(wayTo(directory, 'b'), u"10.0.0.2:7000"_s);
    QVERIFY(directory.isSettled(60'000 - 500));
}

void TestNodeDirectory::goesByTheAddressOfWhoTellsNoId()
{
    NodeDirectory directory(targetOf({u"10.0.0.1:7000"_s}), searchMs);
    directory.begin();
    directory.linkChanged(u"10.0.0.1:7000"_s, true, 0);
    directory.identified(u"10.0.0.1:7000"_s, "10.0.0.1:7000"_ba); // without permission for CLUSTER NODES
    QVERIFY(directory.wayTo("10.0.0.1:7000"_ba));
    QVERIFY(directory.tableRead(u"10.0.0.1:7000"_s, threeNodes('a'))); // with permission for CLUSTER SLOTS
    QCOMPARE(wayTo(directory, 'a'), u"10.0.0.1:7000"_s);
    QVERIFY(!directory.wayTo("10.0.0.1:7000"_ba));
}

void TestNodeDirectory::tellsTwinsApart()
{
    NodeDirectory directory(targetOf({u"10.0.0.1:7000"_s, u"10.0.0.9:7000"_s}), searchMs);
    directory.begin();
    answer(directory, u"10.0.0.1:7000"_s, 'a', threeNodes('a'), 0, "one"_ba);
    // the same server process at another address
    answer(directory, u"10.0.0.9:7000"_s, 'a', threeNodes('a'), 0, "one"_ba);
    QVERIFY(directory.twinsOf(idOf('a')).isEmpty());
    answer(directory, u"10.0.0.9:7000"_s, 'a', threeNodes('a'), 0, "two"_ba);
    QCOMPARE(directory.twinsOf(idOf('a')), QStringList{u"10.0.0.9:7000"_s});
}

void TestNodeDirectory::trustsNoRedirectToAStranger()
{
    NodeDirectory directory(targetOf({u"10.0.0.1:7000"_s}), searchMs);
    directory.begin();
    answer(directory, u"10.0.0.1:7000"_s, 'a', threeNodes('a'));
    std::ignore = directory.takeActions();
    const auto moved = [](const QString &host, quint16 port) {
        return Redirect{.kind = Redirect::Kind::Moved, .slot = 1, .host = host, .port = port};
    };
    QCOMPARE(directory.targetOf(moved(u"10.0.0.2"_s, 7000), idOf('a')), idOf('b'));
    // an empty host means the node that sent the redirect
    QCOMPARE(directory.targetOf(moved({}, 7000), idOf('a')), idOf('a'));
    QVERIFY(directory.targetOf(moved(u"evil.example"_s, 7000), idOf('a')).isEmpty());
    QVERIFY(opened(directory).isEmpty());
    QVERIFY(directory.targetOf(moved(u"10.0.0.2"_s, 7001), idOf('a')).isEmpty());
    // another port of a known host is tried as a guessed address
    QCOMPARE(opened(directory), QStringList{u"10.0.0.2:7001"_s});
    QCOMPARE(directory.at(u"10.0.0.2:7001"_s)->origin, AddressOrigin::Guessed);
}

void TestNodeDirectory::staysWithinPermittedHosts()
{
    // this range does not include 10.0.0.9
    const auto target = ConnectionTarget::parse(u"redis://10.0.0.1:7000?hosts=10.0.0.0/30"_s);
    QVERIFY(target);
    QCOMPARE(*ConnectionTarget::parse(target->toUri()), *target);
    NodeDirectory directory(*target, searchMs);
    directory.begin();
    std::ignore = directory.takeActions();
    answer(directory, u"10.0.0.1:7000"_s, 'a',
           tableOf(lineOf('a', u"10.0.0.1:7000"_s, true) + lineOf('b', u"10.0.0.2:7000"_s)
                   + lineOf('c', u"10.0.0.9:7000"_s)));
    QCOMPARE(opened(directory), QStringList{u"10.0.0.2:7000"_s});
    QVERIFY(directory.isOutside(idOf('c')) && !directory.isOutside(idOf('b')));
    directory.tick(10'000);
    QVERIFY(!opened(directory).contains(u"10.0.0.9:7000"_s));
    QVERIFY(!ConnectionTarget::parse(u"redis://h?hosts=10.0.0.0/99"_s));
}

/// After all connections are lost, the seed's name leads to a new cluster at other addresses.
void TestNodeDirectory::takesANewClusterWhereTheOldOneIsGone()
{
    NodeDirectory directory(targetOf({u"service:7000"_s}), searchMs);
    directory.begin();
    answer(directory, u"service:7000"_s, 'a', threeNodes('a'));
    for (const char letter : {'a', 'b', 'c'})
        answer(directory, u"10.0.0.%1:7000"_s.arg(letter - 'a' + 1), letter, threeNodes(letter));
    for (const QString &way : {u"service:7000"_s, u"10.0.0.1:7000"_s, u"10.0.0.2:7000"_s, u"10.0.0.3:7000"_s})
        directory.linkChanged(way, false, 1);
    for (int round = 0; round < 3; ++round) {
        answer(directory, u"service:7000"_s, 'x',
               tableOf(lineOf('x', u"10.0.9.1:7000"_s, true) + lineOf('y', u"10.0.9.2:7000"_s)));
        directory.tick(10'000 + round);
    }
    QVERIFY(directory.wayTo(idOf('x')));
    QVERIFY(!directory.conflict());
    QVERIFY(!directory.known().contains(idOf('a')));
}

void TestNodeDirectory::aServerWithoutClusterModeIsNoNode()
{
    NodeDirectory directory(targetOf({u"10.0.0.1:7000"_s}), searchMs);
    directory.begin();
    answer(directory, u"10.0.0.1:7000"_s, 'a', threeNodes('a'));
    answer(directory, u"10.0.0.2:7000"_s, 'b', threeNodes('b'));
    directory.linkChanged(u"10.0.0.1:7000"_s, false, 1);
    directory.linkChanged(u"10.0.0.1:7000"_s, true, 0);
    directory.greeted(u"10.0.0.1:7000"_s, {}, "other"_ba);
    directory.foundStandalone(u"10.0.0.1:7000"_s);
    QVERIFY(!directory.wayTo(idOf('a')));
    QVERIFY(!directory.isStandalone());
}

SLOTSCOPE_TEST(TestNodeDirectory)
#include "tst_nodedirectory.moc"
