// SPDX-License-Identifier: GPL-3.0-or-later
// Who takes over where a host is lost. Shards are written as hosts: "a:b,c" is a primary on a with replicas on b and c;
// a "!" behind a host: that node has failed; "?": its link to the primary is down; "-": it is never elected; a "0"
// before a shard: it has no slots.
#include "core/cluster/hostloss.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

namespace {

ClusterView viewOf(const QStringList &shards)
{
    ClusterView view;
    const auto add = [&view](QString host, bool primary, int shard) {
        NodeState node;
        node.condition = host.endsWith(u'!') ? NodeCondition::Failed : NodeCondition::Ok;
        if (host.endsWith(u'-'))
            node.flags |= NodeFlag::NoFailover;
        if (host.endsWith(u'?')) {
            ServerInfo info;
            info.primaryLinkUp = false;
            node.info = std::make_shared<const ServerInfo>(info);
        }
        host.remove(u'!').remove(u'-').remove(u'?');
        node.id = QByteArray::number(int(view.nodes.size()));
        node.address.host = host;
        node.address.port = quint16(7000 + view.nodes.size());
        node.name = host + u':' + QString::number(node.address.port);
        node.primary = primary;
        node.roleKnown = true;
        node.shard = shard;
        node.lagBytes = primary ? std::optional<qint64>() : qint64(100 - view.nodes.size());
        view.nodes.push_back(node);
        return int(view.nodes.size()) - 1;
    };
    for (int i = 0; i < shards.size(); ++i) {
        ShardState shard;
        shard.number = i + 1;
        const bool isEmpty = shards[i].startsWith(u'0');
        if (!isEmpty)
            shard.slots = SlotSet{{quint16(i * 10), quint16(i * 10 + 9)}};
        shard.primary = add(shards[i].section(u':', 0, 0).mid(isEmpty ? 1 : 0), true, i);
        for (const QString &host : shards[i].section(u':', 1).split(u',', Qt::SkipEmptyParts))
            shard.replicas.append(add(host, false, i));
        view.shards.push_back(shard);
    }
    return view;
}

/// Describes the loss in short form: "a: 1>5 lost 2 bare 3 minority", with shard numbers and node indexes.
QString words(const HostLoss &loss, const ClusterView &view)
{
    QStringList parts;
    for (const HostLoss::Successor &each : loss.successors)
        parts.append(u"%1>%2"_s.arg(view.shards[size_t(each.shard)].number).arg(each.node));
    for (const int shard : loss.lostShards)
        parts.append(u"lost %1"_s.arg(view.shards[size_t(shard)].number));
    for (const int shard : loss.bareShards)
        parts.append(u"bare %1"_s.arg(view.shards[size_t(shard)].number));
    if (!loss.hasMajority)
        parts.append(u"minority"_s);
    return loss.host + u": "_s + parts.join(u' ');
}

} // namespace

class TestHostLoss : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tells_data();
    void tells();
};

void TestHostLoss::tells_data()
{
    QTest::addColumn<QStringList>("shards");
    QTest::addColumn<QStringList>("expected");
    QTest::newRow("a ring of three") << QStringList{u"a:b"_s, u"b:c"_s, u"c:a"_s}
                                     << QStringList{u"a: 1>1 bare 1 bare 3"_s, u"b: 2>3 bare 1 bare 2"_s,
                                                    u"c: 3>5 bare 2 bare 3"_s};
    QTest::newRow("no replica") << QStringList{u"a:"_s, u"b:"_s, u"c:"_s}
                                << QStringList{u"a: lost 1"_s, u"b: lost 2"_s, u"c: lost 3"_s};
    QTest::newRow("the replica is on the same host")
        << QStringList{u"a:a"_s, u"b:c"_s, u"c:b"_s}
        << QStringList{u"a: lost 1"_s, u"b: 2>3 bare 2 bare 3"_s, u"c: 3>5 bare 2 bare 3"_s};
    QTest::newRow("most primaries on one host: nobody is elected")
        << QStringList{u"a:b"_s, u"a:b"_s, u"b:a"_s}
        << QStringList{u"a: lost 1 lost 2 bare 3 minority"_s, u"b: 3>5 bare 1 bare 2 bare 3"_s};
    QTest::newRow("a dead replica takes nothing over")
        << QStringList{u"a:b!"_s, u"b:c"_s, u"c:a"_s}
        << QStringList{u"a: lost 1 bare 3"_s, u"b: 2>3 bare 1 bare 2"_s, u"c: 3>5 bare 2 bare 3"_s};
    QTest::newRow("a replica that is never elected")
        << QStringList{u"a:b-"_s, u"b:c"_s, u"c:a-,b"_s}
        << QStringList{u"a: lost 1"_s, u"b: 2>3 bare 1 bare 2"_s, u"c: 3>6 bare 2"_s};
    QTest::newRow("a replica without its primary")
        << QStringList{u"a:b?"_s, u"b:c"_s, u"c:a"_s}
        << QStringList{u"a: lost 1 bare 3"_s, u"b: 2>3 bare 1 bare 2"_s, u"c: 3>5 bare 2 bare 3"_s};
    QTest::newRow("a shard without slots") << QStringList{u"a:b"_s, u"b:c"_s, u"c:a"_s, u"0d:e"_s}
                                           << QStringList{u"a: 1>1 bare 1 bare 3"_s, u"b: 2>3 bare 1 bare 2"_s,
                                                          u"c: 3>5 bare 2 bare 3"_s, u"d: "_s, u"e: "_s};
    QTest::newRow("half of the primaries on one host")
        << QStringList{u"a:b"_s, u"a:c"_s, u"b:c"_s, u"c:b"_s}
        << QStringList{u"a: lost 1 lost 2 minority"_s, u"b: 3>5 bare 1 bare 3 bare 4"_s,
                       u"c: 4>7 bare 2 bare 3 bare 4"_s};
    QTest::newRow("a shard that is down already is not served still")
        << QStringList{u"a!:b!"_s, u"b:c"_s, u"c:b"_s}
        << QStringList{u"a: lost 1"_s, u"b: lost 2 bare 3 minority"_s, u"c: lost 3 bare 2 minority"_s};
    QTest::newRow("the replica that lacks least")
        << QStringList{u"a:b,c"_s, u"b:c,a"_s, u"c:a,b"_s} << QStringList{u"a: 1>2"_s, u"b: 2>5"_s, u"c: 3>8"_s};
}

void TestHostLoss::tells()
{
    QFETCH(QStringList, shards);
    QFETCH(QStringList, expected);
    const ClusterView view = viewOf(shards);
    QStringList told;
    for (const HostLoss &loss : hostLosses(view)) {
        told.append(words(loss, view));
        QCOMPARE(loss.isSurvived(), !told.back().contains(u"lost"_s));
    }
    QCOMPARE(told, expected);
}

SLOTSCOPE_TEST(TestHostLoss)
#include "tst_hostloss.moc"
