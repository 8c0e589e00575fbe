// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metricsbook.h"
#include "core/metrics/threshold.h"

#include <limits>

namespace slotscope {

/// A rule has fired, or has ended firing.
struct ThresholdChange
{
    Threshold rule;
    QByteArray node; ///< node id; empty: the sum
    QString name; ///< name of the node; empty: the sum
    bool fired = false; ///< true: fired, false: ended
    bool gone = false; ///< ended because the rule or the node no longer exists
    double value = 0; ///< present value
    double worst = 0; ///< worst value while the limit was passed
    qint64 lasted = 0; ///< how long the limit was passed, in ms
    /// "Memory above 100 MB for 5 s: 127.0.0.1:7001", for the time axis.
    [[nodiscard]] QString words() const;
};

/// Present state of a rule.
struct ThresholdSummary
{
    static constexpr size_t mostNames = 1000;
    struct Passed
    {
        QByteArray node; ///< node id; empty: the sum
        QString name;
        double value = 0;
    };
    Threshold rule;
    /// number of subjects (each node is one, and so is the sum), and how many of them have a figure
    int subjects = 0, known = 0;
    int passing = 0; ///< number beyond the limit, but not for long enough yet
    int firing = 0;
    std::vector<Passed> fired; ///< at most mostNames of them
    /// the figure closest to the limit, or furthest beyond it
    double nearest = std::numeric_limits<double>::quiet_NaN();
    QString nearestName;
    QString problem; ///< why the figure is not known for some nodes; empty: no reason is known
};

/// Checks rules against the latest figures of the nodes. A rule fires once, when each reading over its whole time was
/// beyond the limit, and ends with the first reading within it. Unknown figures (a silent node, a sum with a part
/// missing) interrupt a time that has started, and neither fire nor end a rule. Pure.
class ThresholdWatch final
{
public:
    static constexpr size_t mostRules = 50;

    /// Sets the rules. Rules that stay keep their state.
    std::vector<ThresholdChange> setRules(const std::vector<Threshold> &rules);
    [[nodiscard]] bool isEmpty() const { return m_rules.empty(); }
    /// `nodes` are all present nodes; `now` is monotonic time in ms.
    std::vector<ThresholdChange> take(const std::vector<NewestFigures> &nodes, qint64 now);
    /// Whether the latest figure of a node (empty: of the sum) under this rule is known.
    [[nodiscard]] bool isKnown(const Threshold &threshold, const QByteArray &node) const;
    [[nodiscard]] std::vector<ThresholdSummary> summary() const; ///< in the order of the rules

private:
    struct RuleState
    {
        QString name;
        double value = std::numeric_limits<double>::quiet_NaN();
        double worst = 0;
        qint64 readAt = 0; ///< monotonic time in ms
        qint64 passedSince = 0; ///< since when the limit is exceeded, in ms of monotonic time; 0: it is not exceeded
        bool firing = false;
        bool isThere = true;
    };
    struct Rule
    {
        Threshold threshold;
        std::map<QByteArray, RuleState> standings; ///< state for each node, by node id
    };
    using Changes = std::vector<ThresholdChange>;
    static void step(const Threshold &rule, const QByteArray &node, RuleState &standing, double value, qint64 readAt,
                     Changes &changes);
    static void takeSum(Rule &rule, const std::vector<NewestFigures> &nodes, qint64 now, Changes &changes);

    std::vector<Rule> m_rules;
};

} // namespace slotscope
