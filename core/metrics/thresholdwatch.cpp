// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/thresholdwatch.h"

#include "core/base/tr.h"

#include <algorithm>
#include <cmath>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 leastYoungMs = 5000; ///< a reading counts as current for at least this long

bool isYoung(const NewestFigures &node, qint64 now)
{
    return now - node.readAt <= std::max(node.interval * 3, leastYoungMs);
}

/// Whether a node counts in the sum. Nodes without a shard count only if there are no shards at all.
bool countsInSum(const NewestFigures &node, bool hasShards)
{
    return node.place.isPrimary && (node.place.shard > 0 || !hasShards);
}

bool isMeant(const Threshold &rule, const NewestFigures &node)
{
    switch (rule.on) {
    case Threshold::On::Nodes: return true;
    case Threshold::On::Shards: return node.place.isPrimary;
    case Threshold::On::Node: return rule.node == node.id || QString::fromUtf8(rule.node) == node.place.name;
    case Threshold::On::Sum: break;
    }
    return false;
}

void addFields(QHash<QByteArray, double> &sum, const QHash<QByteArray, double> &values)
{
    for (auto each = values.constBegin(); each != values.constEnd(); ++each)
        if (const auto field = readInfoField(each.key()); field && isLargest(*field))
            sum.insert(each.key(), std::max(sum.value(each.key(), *each), *each));
        else if (sum.contains(each.key()))
            sum[each.key()] += *each;
    sum.removeIf([&values](const auto &each) { // a sum that lacks a part is unknown
        const auto field = readInfoField(each.key());
        return !values.contains(each.key()) && !(field && isLargest(*field));
    });
}

void addFigures(MetricFigures &sum, const MetricFigures &values)
{
    double &limit = sum[size_t(Metric::MaxMemory)]; // if one node has no limit, neither has the sum
    const double wholeLimit =
        limit == 0 || values[size_t(Metric::MaxMemory)] == 0 ? std::nan("") : limit + values[size_t(Metric::MaxMemory)];
    for (size_t m = 0; m < metricCount; ++m) {
        if (isLargest(Metric(m)))
            sum[m] = std::fmax(sum[m], values[m]); // maximum of the known values
        else
            sum[m] += values[m];
    }
    limit = wholeLimit;
}

} // namespace

QString ThresholdChange::words() const
{
    return name.isEmpty() ? tr("%1: sum").arg(rule.words()) : rule.words() + u": "_s + name;
}

std::vector<ThresholdChange> ThresholdWatch::setRules(const std::vector<Threshold> &rules)
{
    std::vector<Rule> before = std::move(m_rules);
    m_rules.clear();
    for (const Threshold &rule : rules) { // ignore duplicates
        const auto same = [&rule](const Rule &each) { return each.threshold == rule; };
        if (m_rules.size() == mostRules || std::any_of(m_rules.begin(), m_rules.end(), same))
            continue;
        const auto known = std::find_if(before.begin(), before.end(), same);
        m_rules.push_back({rule, known == before.end() ? decltype(Rule::standings)() : std::move(known->standings)});
        if (known != before.end())
            before.erase(known);
    }
    Changes changes;
    for (const Rule &rule : before)
        for (const auto &[node, standing] : rule.standings)
            if (standing.firing)
                changes.push_back({rule.threshold, node, standing.name, false, true, standing.value, standing.worst,
                                   standing.readAt - standing.passedSince});
    return changes;
}

void ThresholdWatch::step(const Threshold &rule, const QByteArray &node, RuleState &standing, double value,
                          qint64 readAt, Changes &changes)
{
    standing.isThere = true;
    standing.value = value;
    if (std::isnan(value)) {
        if (!standing.firing)
            standing.passedSince = 0;
        return;
    }
    if (readAt == standing.readAt)
        return; // this reading was already processed
    standing.readAt = readAt;
    const auto tell = [&](bool fired) {
        changes.push_back(
            {rule, node, standing.name, fired, false, value, standing.worst, readAt - standing.passedSince});
    };
    if (!(rule.below ? value < rule.limit : value > rule.limit)) {
        if (standing.firing)
            tell(false);
        standing.firing = false;
        standing.passedSince = 0;
        return;
    }
    if (standing.passedSince == 0) {
        standing.passedSince = readAt;
        standing.worst = value;
    }
    standing.worst = rule.below ? std::min(standing.worst, value) : std::max(standing.worst, value);
    if (standing.firing || readAt - standing.passedSince < rule.forMs)
        return;
    standing.firing = true;
    tell(true);
}

void ThresholdWatch::takeSum(Rule &rule, const std::vector<NewestFigures> &nodes, qint64 now, Changes &changes)
{
    const bool hasShards =
        std::any_of(nodes.begin(), nodes.end(), [](const NewestFigures &node) { return node.place.shard > 0; });
    MetricFigures sum{};
    QHash<QByteArray, double> fields;
    bool isFirst = true, isWhole = true;
    qint64 newest = 0;
    for (const NewestFigures &node : nodes) {
        if (!countsInSum(node, hasShards))
            continue;
        isWhole = isWhole && node.isKnown && isYoung(node, now);
        newest = std::max(newest, node.readAt);
        if (isFirst) {
            sum = node.values;
            fields = node.fields;
        } else {
            addFigures(sum, node.values);
            addFields(fields, node.fields);
        }
        isFirst = false;
    }
    const double value = isWhole && !isFirst ? rule.threshold.watched().of(sum, fields) : std::nan("");
    step(rule.threshold, {}, rule.standings[{}], value, newest, changes);
}

std::vector<ThresholdChange> ThresholdWatch::take(const std::vector<NewestFigures> &nodes, qint64 now)
{
    Changes changes;
    for (Rule &rule : m_rules) {
        for (auto &[node, standing] : rule.standings)
            standing.isThere = false;
        if (rule.threshold.on == Threshold::On::Sum)
            takeSum(rule, nodes, now, changes);
        const WatchedFigure figure = rule.threshold.watched();
        for (const NewestFigures &node : nodes) {
            if (!isMeant(rule.threshold, node))
                continue;
            RuleState &standing = rule.standings[node.id];
            standing.name = node.place.name;
            const double value =
                node.isKnown && isYoung(node, now) ? figure.of(node.values, node.fields) : std::nan("");
            step(rule.threshold, node.id, standing, value, node.readAt, changes);
        }
        std::erase_if(rule.standings, [&](const auto &each) {
            const RuleState &standing = each.second;
            if (!standing.isThere && standing.firing)
                changes.push_back({rule.threshold, each.first, standing.name, false, true, standing.value,
                                   standing.worst, standing.readAt - standing.passedSince});
            return !standing.isThere;
        });
    }
    return changes;
}

bool ThresholdWatch::isKnown(const Threshold &threshold, const QByteArray &node) const
{
    for (const Rule &rule : m_rules)
        if (rule.threshold == threshold) {
            const auto standing = rule.standings.find(node);
            return standing != rule.standings.end() && !std::isnan(standing->second.value);
        }
    return false;
}

std::vector<ThresholdSummary> ThresholdWatch::summary() const
{
    std::vector<ThresholdSummary> all;
    for (const Rule &rule : m_rules) {
        ThresholdSummary made;
        made.rule = rule.threshold;
        made.subjects = int(rule.standings.size());
        for (const auto &[node, standing] : rule.standings) {
            const double value = standing.value;
            if (standing.firing) {
                ++made.firing;
                if (made.fired.size() < ThresholdSummary::mostNames)
                    made.fired.push_back({node, standing.name, value});
            } else if (standing.passedSince > 0) {
                ++made.passing;
            }
            if (std::isnan(value))
                continue;
            ++made.known;
            if (std::isnan(made.nearest) || (rule.threshold.below ? value < made.nearest : value > made.nearest)) {
                made.nearest = value;
                made.nearestName = standing.name;
            }
        }
        all.push_back(std::move(made));
    }
    return all;
}

} // namespace slotscope
