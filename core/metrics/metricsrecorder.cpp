// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/metricsrecorder.h"

#include "core/base/secrets.h"
#include "core/base/text.h"
#include "core/protocol/command.h"
#include "core/metrics/viewevents.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype longestSetting = 60; // limit for a value in an event text

/// Whether servers change this setting themselves.
bool isOwnSetting(const QByteArray &name)
{
    return name == "slaveof" || name == "replicaof";
}

QString shortenedSetting(const QByteArray &value)
{
    const QString text = toDisplay(value);
    return text.size() > longestSetting ? text.left(longestSetting) + u'…' : text;
}

} // namespace

MetricsRecorder::MetricsRecorder(QPointer<ClusterSession> session) : m_session(std::move(session))
{
    m_settingsTimer.setParent(this);
    m_moreTimer.setParent(this);
    m_moreTimer.setSingleShot(true);
    connect(&m_moreTimer, &QTimer::timeout, this, [this] { readMore(); });
    connect(&m_settingsTimer, &QTimer::timeout, this, [this] { compareSettings(); });
    if (!m_session)
        return;
    connect(m_session, &ClusterSession::infoTold, this, &MetricsRecorder::takeInfo);
    connect(m_session, &ClusterSession::viewChanged, this, &MetricsRecorder::takeView);
}

MetricsRecorder::~MetricsRecorder() = default;

void MetricsRecorder::recordInto(std::shared_ptr<MetricsBook> book)
{
    m_book = std::move(book);
    takeFields();
    if (m_session && m_session->view())
        takeView(m_session->view());
}

void MetricsRecorder::watchSettings(int everyMs)
{
    if (everyMs <= 0) {
        m_settingsTimer.stop();
        return;
    }
    m_settingsTimer.start(everyMs);
    compareSettings();
}

void MetricsRecorder::takeInfo(const InfoTold &info)
{
    if (!m_book)
        return;
    MetricReading reading = readMetrics(info.text, info.at);
    // use the wall clock, because the session's clock stops while the machine sleeps
    reading.at = QDateTime::currentMSecsSinceEpoch();
    if (auto &commands = reading.values[size_t(Metric::Commands)])
        *commands = m_ours[info.node].without(*commands, info.ours);
    addFields(reading, info.node, info.text);
    m_book->add(info.node, reading);
}

void MetricsRecorder::takeView(const ClusterViewPtr &view)
{
    if (!m_book || !view)
        return;
    m_book->setNodes(metricNodesOf(*view));
    if (m_view)
        for (MetricEvent &event : eventsBetween(*m_view, *view)) {
            event.at = QDateTime::currentMSecsSinceEpoch();
            m_book->addEvent(event);
        }
    const auto hasLeft = [&view](const auto &each) { return view->node(each.key()) == nullptr; };
    m_more.removeIf(hasLeft);
    for (auto &problems : m_moreProblems)
        problems.removeIf(hasLeft);
    m_view = view;
}

QCoro::Task<> MetricsRecorder::compareSettings()
{
    if (m_isReadingSettings || !m_session || !m_book)
        co_return;
    m_isReadingSettings = true;
    const QPointer<MetricsRecorder> self(this);
    const NodeSelection all{.kind = NodeSelection::Kind::All, .nodeId = {}};
    const auto replies = co_await m_session->call(commandOf("CONFIG", "GET", "*"), all);
    if (!self)
        co_return;
    m_isReadingSettings = false;
    if (!replies || !m_book)
        co_return;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    QMap<QString, QStringList> changed; // maps the description of a change to the names of the nodes with that change
    for (const NodeReply &reply : *replies) {
        if (!reply.reply)
            continue;
        const Value::List &items = reply.reply->items();
        QMap<QByteArray, QByteArray> settings;
        for (size_t i = 0; i + 1 < items.size(); i += 2)
            settings.insert(items[i].bytes(), items[i + 1].bytes());
        QMap<QByteArray, QByteArray> &before = m_settings[reply.nodeId];
        for (auto each = settings.constBegin(); each != settings.constEnd() && !before.isEmpty(); ++each)
            if (before.contains(each.key()) && before.value(each.key()) != *each && !isOwnSetting(each.key()))
                changed[isSecretSetting(each.key())
                            ? tr("Config: %1 changed").arg(toDisplay(each.key()))
                            : tr("Config: %1 is %2").arg(toDisplay(each.key()), shortenedSetting(*each))]
                    .append(reply.nodeName);
        before = settings;
    }
    for (auto each = changed.constBegin(); each != changed.constEnd(); ++each) {
        const QString where = each->size() == 1 ? each->front() : tr("%n node(s)", nullptr, int(each->size()));
        m_book->addEvent({.kind = MetricEvent::Kind::Config,
                          .at = now,
                          .until = 0,
                          .node = {},
                          .words = each.key() + u" · "_s + where,
                          .count = 0,
                          .isGentle = false});
    }
}

} // namespace slotscope
