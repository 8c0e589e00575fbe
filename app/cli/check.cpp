// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "core/base/text.h"
#include "core/cluster/viewjson.h"

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

QString indented(const QString &text)
{
    return text.isEmpty() ? QString() : u"\n    "_s + text;
}

} // namespace

QCoro::Task<int> runCheck(Context context)
{
    if (!context.arguments.isEmpty())
        co_return usageError(u"check takes no arguments"_s);
    const Opened opened = co_await openSession(context);
    if (!opened.session)
        co_return exitFailed;
    // a second look at everybody at the same time: answers of different moments look like disagreement
    const auto checked = co_await opened.session->fullCheck();
    const ClusterView &view = checked ? **checked : *opened.view;
    const bool broken = view.health() == Severity::Error;
    if (context.json) {
        printJson(toJson(view));
        co_return broken ? exitFailed : exitDone;
    }
    for (const Finding &finding : view.findings)
        printOut(severityName(finding.severity).toUpper() + u": "_s + finding.title + indented(finding.explanation) + indented(finding.advice));
    const qsizetype up = std::count_if(view.nodes.begin(), view.nodes.end(), [](const NodeState &node) { return node.condition == NodeCondition::Ok; });
    const QString sum = u"%1 of %2 nodes ok, %3 of 16,384 slots covered, %4"_s.arg(up)
                            .arg(view.nodes.size())
                            .arg(groupedNumber(view.covered.count()), view.agreed ? u"all %1 observers agree"_s.arg(view.observers) : u"observers do not agree"_s);
    const QString verdict = broken ? u"The cluster has problems"_s : view.health() == Severity::Warning ? u"The cluster works, with warnings"_s : u"The cluster is healthy"_s;
    printOut(view.cluster ? verdict + u": "_s + sum : u"Standalone: %1 nodes, %2"_s.arg(view.nodes.size()).arg(severityName(view.health())));
    co_return broken ? exitFailed : exitDone;
}

} // namespace slotscope::cli
