// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "core/base/text.h"
#include "core/cluster/viewjson.h"

#include <QCoro/QCoroTimer>
#include <QDeadlineTimer>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int settleMs = 4000;

QString indented(const QString &text)
{
    return text.isEmpty() ? QString() : u"\n    "_s + text;
}

bool isUnsettled(const ClusterView &view)
{
    if (!view.slotsKnown) // no node may report the slots, so waiting does not help
        return false;
    return view.settling || !view.agreed
        || std::any_of(view.findings.begin(), view.findings.end(), [](const Finding &finding) {
               const bool passing = finding.kind == Finding::Kind::Disagreement
                   || (finding.kind == Finding::Kind::UnreachableFromHere && !finding.slots.isEmpty());
               return passing && finding.severity == Severity::Warning;
           });
}

QString agreementText(const ClusterView &view)
{
    return view.observers == 0 || !view.slotsKnown ? u"it is not known whether the nodes agree"_s
        : view.agreed                              ? u"all %1 observers agree"_s.arg(view.observers)
                                                   : u"observers do not agree yet"_s;
}

} // namespace

QString coverText(const ClusterView &view)
{
    if (!view.slotsKnown)
        return u"slots covered: not known"_s;
    const QString unserved = view.unserved.isEmpty()
        ? QString()
        : u" (%1 of them not served now)"_s.arg(groupedNumber(view.unserved.count()));
    return u"%1 of 16,384 slots covered"_s.arg(groupedNumber(view.covered.count())) + unserved;
}

QCoro::Task<int> runCheck(Context context)
{
    if (!context.arguments.isEmpty())
        co_return needlessWords(u"check"_s, context);
    const Opened opened = co_await openSession(context);
    if (!opened.session)
        co_return exitFailed;
    // Query all nodes again at the same time: replies from different moments can look like disagreement. Remaining
    // disagreement is checked again until it has settled, or has lasted long enough to count as an error.
    ClusterViewPtr latest = opened.view;
    const QDeadlineTimer deadline(settleMs);
    do {
        const auto checked = co_await opened.session->fullCheck();
        if (checked)
            latest = *checked;
        if (!isUnsettled(*latest))
            break;
        co_await QCoro::sleepFor(std::chrono::milliseconds(settleMs / 8));
    } while (!deadline.hasExpired());
    const ClusterView &view = *latest;
    // The window shows an empty node only as a note, but for `check` it means that the expected cluster is gone.
    const bool isEmpty = std::any_of(view.findings.begin(), view.findings.end(),
                                     [](const Finding &finding) { return finding.kind == Finding::Kind::EmptyNode; });
    const bool broken = view.health() == Severity::Error || isEmpty;
    if (context.json) {
        printJson(toJson(view));
        co_return broken ? exitFailed : exitDone;
    }
    for (const Finding &finding : view.findings)
        printOut(severityName(finding.severity).toUpper() + u": "_s + finding.title + indented(finding.explanation)
                 + indented(finding.advice));
    const qsizetype up = std::count_if(view.nodes.begin(), view.nodes.end(),
                                       [](const NodeState &node) { return node.condition == NodeCondition::Ok; });
    const QString sum =
        u"%1 of %2 nodes ok, %3, %4"_s.arg(up).arg(view.nodes.size()).arg(coverText(view), agreementText(view));
    const QString verdict = !view.slotsKnown ? u"The state of the cluster is not known"_s
        : isEmpty                            ? u"There is no cluster here"_s
        : broken                             ? u"The cluster has problems"_s
        : view.health() == Severity::Warning ? u"The cluster works, with warnings"_s
                                             : u"The cluster is healthy"_s;
    printOut(view.cluster ? verdict + u": "_s + sum
                          : u"Standalone: %1, %2"_s.arg(view.nodes.size() == 1 ? u"one node"_s
                                                                               : u"%1 nodes"_s.arg(view.nodes.size()),
                                                        severityName(view.health())));
    co_return broken ? exitFailed : exitDone;
}

} // namespace slotscope::cli
