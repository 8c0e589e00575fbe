// SPDX-License-Identifier: GPL-3.0-or-later
// Which events are shown where there is not room for all.
#include "core/metrics/metricevent.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestMetricEvents : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aFailoverLeads();
    void thresholdsCloseInTimeAreOne();
    void aFailoverIsNotDisplaced();
    void anOldFailoverGivesWay();
    void noRoom();

private:
    using Kind = MetricEvent::Kind;
    static constexpr qint64 t0 = 1'790'000'000'000;
    static MetricEvent event(Kind kind, qint64 secondsAgo, const QString &words)
    {
        MetricEvent made;
        made.kind = kind;
        made.at = t0 - secondsAgo * 1000;
        made.words = words;
        return made;
    }
    static QStringList words(const QList<MetricEvent> &events)
    {
        QStringList all;
        for (const MetricEvent &each : events)
            all.append(each.words);
        return all;
    }
};

void TestMetricEvents::aFailoverLeads()
{
    const std::vector<MetricEvent> events{event(Kind::Save, 9, u"s"_s), event(Kind::Threshold, 8, u"t"_s),
                                          event(Kind::Config, 7, u"c"_s), event(Kind::Failover, 6, u"f"_s),
                                          event(Kind::NodeLost, 5, u"n"_s)};
    QCOMPARE(events[chiefOf(events)].words, u"f"_s); // the earliest of the most important
    QCOMPARE(events[chiefOf({events[0], events[1]})].words, u"t"_s);
}

void TestMetricEvents::thresholdsCloseInTimeAreOne()
{
    const QList<MetricEvent> events{event(Kind::Threshold, 1, u"a"_s),   event(Kind::Threshold, 100, u"b"_s),
                                    event(Kind::Threshold, 350, u"c"_s), event(Kind::Config, 360, u"set"_s),
                                    event(Kind::Threshold, 370, u"d"_s), event(Kind::Threshold, 900, u"e"_s)};
    QCOMPARE(words(condensed(events, 10)), QStringList({u"a +2"_s, u"set"_s, u"d"_s, u"e"_s}));
}

void TestMetricEvents::aFailoverIsNotDisplaced()
{
    QList<MetricEvent> events;
    for (int i = 0; i < 5; ++i) { // alternating, so that they are no run
        events.append(event(Kind::Threshold, i * 20, u"t%1"_s.arg(i)));
        events.append(event(Kind::Config, i * 20 + 10, u"c%1"_s.arg(i)));
    }
    events.append(event(Kind::Failover, 200, u"failover"_s));
    events.append(event(Kind::NodeLost, 201, u"lost"_s));
    QCOMPARE(words(condensed(events, 4)), QStringList({u"c0"_s, u"c1"_s, u"failover"_s, u"lost"_s}));
}

void TestMetricEvents::anOldFailoverGivesWay()
{
    const QList<MetricEvent> events{event(Kind::Threshold, 1, u"t"_s), event(Kind::Failover, 3700, u"failover"_s)};
    QCOMPARE(words(condensed(events, 1)), QStringList({u"t"_s}));
    QCOMPARE(words(condensed(events, 2)), QStringList({u"t"_s, u"failover"_s}));
}

void TestMetricEvents::noRoom()
{
    QVERIFY(condensed({event(Kind::Failover, 1, u"f"_s)}, 0).isEmpty());
    QVERIFY(condensed({}, 5).isEmpty());
}

SLOTSCOPE_TEST(TestMetricEvents)
#include "tst_metricevents.moc"
