// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/thresholdfeed.h"

#include "core/base/clock.h"
#include "core/base/whendone.h"
#include "ui/shared/placekey.h"
#include "ui/shared/pagecontext.h"

#include <QSettings>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int askMs = 1000;
constexpr qint64 againMs = 60'000; ///< in ms: a rule that toggles is reported at most once in this time
constexpr size_t mostTold = 3;
const QString thresholdsKey = u"metrics/thresholds"_s;

} // namespace

ThresholdFeed::ThresholdFeed(PageContext &context, QObject *parent) : QObject(parent), m_context(context)
{
    m_timer.setInterval(askMs);
    connect(&m_timer, &QTimer::timeout, this, &ThresholdFeed::ask);
    connect(&context, &PageContext::connectionChanged, this, [this] { takePlace(m_book != nullptr); });
}

ThresholdFeed::~ThresholdFeed() = default;

void ThresholdFeed::setBook(std::shared_ptr<MetricsBook> book)
{
    ++m_generation;
    m_isAsking = false;
    m_book = std::move(book);
    m_watcher.reset();
    if (SessionDoor *door = m_context.door(); door && m_book) {
        m_watcher = std::make_unique<Remote<ThresholdWatcher>>(*door);
        m_watcher->tell([book = m_book](ThresholdWatcher &watcher) { watcher.watch(book); });
    }
    takePlace(false);
    send();
}

/// Sets the place under which the rules are saved. If the cluster was only renamed, its rules move to the new name.
void ThresholdFeed::takePlace(bool isSameSession)
{
    const QString place = placeKey(m_context.target());
    if (place == m_place)
        return;
    if (isSameSession && !m_rules.empty() && !m_kept.contains(place))
        m_kept[place] = m_kept.take(m_place);
    m_place = place;
    m_rules.clear();
    for (const QString &text : m_kept.value(place).toStringList())
        if (const auto rule = readThreshold(text.toUtf8()))
            m_rules.push_back(*rule);
    send();
}

void ThresholdFeed::setRules(const std::vector<Threshold> &rules)
{
    m_rules = rules;
    QStringList texts;
    for (const Threshold &rule : rules)
        texts.append(QString::fromUtf8(rule.text()));
    if (texts.isEmpty())
        m_kept.remove(m_place);
    else
        m_kept[m_place] = texts;
    send();
}

void ThresholdFeed::send()
{
    m_summary.clear();
    if (m_watcher)
        m_watcher->tell([rules = m_rules](ThresholdWatcher &watcher) { watcher.setRules(rules); });
    if (m_rules.empty() || !m_watcher) {
        m_timer.stop();
        m_context.setAlerts({});
    } else {
        m_timer.start();
        ask();
    }
    Q_EMIT changed();
}

void ThresholdFeed::ask()
{
    if (m_isAsking || !m_watcher)
        return;
    m_isAsking = true;
    whenDone(m_watcher->call<ThresholdReport>([](ThresholdWatcher &watcher) { return watcher.report(); }), this,
             [this, generation = m_generation](const Result<ThresholdReport> &report) {
                 if (generation != m_generation)
                     return;
                 m_isAsking = false;
                 if (report)
                     take(*report);
             });
}

void ThresholdFeed::take(const ThresholdReport &report)
{
    m_summary = report.rules;
    QList<NodeAlert> alerts;
    for (const ThresholdSummary &each : m_summary)
        for (const ThresholdSummary::Passed &passed : each.fired) {
            ThresholdChange change;
            change.rule = each.rule;
            change.name = passed.name;
            const QString words =
                std::isnan(passed.value) ? tr("%1, as last known").arg(change.words()) : change.words();
            alerts.append({.node = passed.node, .title = each.rule.watched().title(), .words = words});
        }
    m_context.setAlerts(alerts);
    tell(report.changes);
    Q_EMIT changed();
}

void ThresholdFeed::tell(const std::vector<ThresholdChange> &changes)
{
    const qint64 now = steadyMs();
    m_toldAt.removeIf([now](const auto &each) { return now - each.value() >= againMs; });
    QSet<QByteArray> toldNow;
    QStringList lines;
    size_t more = 0;
    for (const ThresholdChange &change : changes) {
        const QByteArray rule = change.rule.text() + ' ' + change.node;
        if (!change.fired || (m_toldAt.contains(rule) && !toldNow.contains(rule)))
            continue;
        toldNow.insert(rule);
        m_toldAt[rule] = now;
        if (size_t(lines.size()) < mostTold)
            lines.append(tr("%1, now %2").arg(change.words(), change.rule.watched().valueText(change.value)));
        else
            ++more;
    }
    if (more > 0)
        lines.append(tr("and %n more", nullptr, int(more)));
    if (!lines.isEmpty())
        m_context.tellUser(m_context.title(), lines.join(u'\n'));
}

void ThresholdFeed::save(QSettings &settings) const
{
    if (m_kept.contains(m_place))
        settings.setValue(thresholdsKey + u'/' + m_place, m_kept.value(m_place));
    else if (!m_place.isEmpty())
        settings.remove(thresholdsKey + u'/' + m_place);
}

void ThresholdFeed::restore(const QSettings &settings)
{
    m_kept.clear();
    const QStringList all = settings.allKeys();
    for (const QString &key : all)
        if (key.startsWith(thresholdsKey + u'/'))
            m_kept.insert(key.mid(thresholdsKey.size() + 1), settings.value(key));
    m_place.clear();
    takePlace(false);
}

} // namespace slotscope
