// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metricsbook.h"
#include "core/metrics/threshold.h"

#include <limits>

namespace slotscope {

/// A rule began or ceased to be broken.
struct ThresholdChange
{
    Threshold rule;
    QByteArray node; ///< its id; empty: the sum
    QString name; ///< of the node; empty: the sum
    bool fired = false; ///< else it is over
    bool gone = false; ///< it is over since the rule or the node is no more
    double value = 0; ///< at this moment
    double worst = 0; ///< while it was passed
    qint64 lasted = 0; ///< ms that it was passed
    /// "Memory above 100 MB for 5 s: 127.0.0.1:7001", as the time axis has it.
    [[nodiscard]] QString words() const;
};

/// How a rule stands.
struct ThresholdSummary
{
    static constexpr size_t mostNames = 1000;
    struct Passed
    {
        QByteArray node; ///< its id; empty: the sum
        QString name;
        double value = 0;
    };
    Threshold rule;
    int subjects = 0, known = 0; ///< nodes that it looks at, and those with a figure; the sum is one
    int passing = 0; ///< past the limit, not for long enough yet
    int firing = 0;
    std::vector<Passed> fired; ///< mostNames of them
    double nearest = std::numeric_limits<double>::quiet_NaN(); ///< of all figures the one that is nearest to the limit,
                                                               ///< or past it most
    QString nearestName;
};

/// Holds rules against the newest figures of the nodes. A rule fires once, when each reading over its whole time was
/// past the limit, and is over with the first that is back. Figures that are not known (a node that is silent, a sum
/// that lacks a part) break a time that has begun, and neither fire nor end anything. Pure.
class ThresholdWatch final
{
public:
    static constexpr size_t mostRules = 50;

    /// Rules that stay keep how they stand.
    std::vector<ThresholdChange> setRules(const std::vector<Threshold> &rules);
    [[nodiscard]] bool isEmpty() const { return m_rules.empty(); }
    /// `nodes`: all that are there now; `now` in steady ms.
    std::vector<ThresholdChange> take(const std::vector<NewestFigures> &nodes, qint64 now);
    /// Whether the newest figure of a node (empty: of the sum) under this rule is known.
    [[nodiscard]] bool isKnown(const Threshold &threshold, const QByteArray &node) const;
    [[nodiscard]] std::vector<ThresholdSummary> summary() const; ///< in the order of the rules

private:
    struct Standing
    {
        QString name;
        double value = std::numeric_limits<double>::quiet_NaN();
        double worst = 0;
        qint64 readAt = 0; ///< steady ms
        qint64 passedSince = 0; ///< steady ms; 0: it keeps to the limit
        bool firing = false;
        bool isThere = true;
    };
    struct Rule
    {
        Threshold threshold;
        std::map<QByteArray, Standing> standings; ///< by node
    };
    using Changes = std::vector<ThresholdChange>;
    static void step(const Threshold &rule, const QByteArray &node, Standing &standing, double value, qint64 readAt,
                     Changes &changes);
    static void takeSum(Rule &rule, const std::vector<NewestFigures> &nodes, qint64 now, Changes &changes);

    std::vector<Rule> m_rules;
};

} // namespace slotscope
