// SPDX-License-Identifier: GPL-3.0-or-later
// What the Sentinels of a primary say, and a failover through them.
#include "command.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/cluster/viewjson.h"
#include "core/session/sentinelfailover.h"

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

QString sentinelHelp()
{
    return u"slotscope-cli --uri redis+sentinel://HOST[:26379],…/NAME [options] sentinel [list] | failover [--yes]\n\n"
           "The Sentinels of a primary: those given, and all that they know.\n\n"
           "  list        whom each names as the primary, and what speaks against a failover; exit code 1 where\n"
           "              something does\n"
           "  failover    lets them promote a replica, and waits until it says that it is the primary\n"
           "  --yes       does not ask"_s;
}

bool isOfSentinels(const Finding &finding)
{
    switch (finding.kind) {
    case Finding::Kind::NoSentinelsPrimary:
    case Finding::Kind::SentinelUnreachable:
    case Finding::Kind::SentinelsDisagree:
    case Finding::Kind::SentinelQuorum:
    case Finding::Kind::PrimaryDown:
    case Finding::Kind::NotTheSentinelsPrimary: return true;
    default: return false;
    }
}

int listSentinels(const Context &context, const ClusterView &view)
{
    const SentinelState &state = *view.sentinels;
    bool isGood = true;
    for (const Finding &finding : view.findings)
        isGood = isGood && !isOfSentinels(finding);
    if (context.json) {
        printJson(toJson(state));
        return isGood ? exitDone : exitFailed;
    }
    QList<QStringList> rows{
        {u"SENTINEL"_s, u"STATE"_s, u"PRIMARY"_s, u"REPLICAS"_s, u"QUORUM"_s, u"EPOCH"_s, u"SAYS"_s}};
    for (const SentinelWord &word : state.sentinels) {
        const bool tells = word.tellsPrimary();
        const bool answers = word.reach.state == Reach::State::Ready && word.hasAnswered;
        const QString says = !tells         ? describe(answers ? word.error : word.reach.error)
            : !word.quorumProblem.isEmpty() ? word.quorumProblem
                                            : QString::fromUtf8(word.primary.flags.join(','))
                + (word.needsNoPassword ? u"; needs no password"_s : u""_s);
        rows.append({word.address, reachName(word.reach.state), tells ? word.primary.address : u"-"_s,
                     tells ? QString::number(word.replicas.size()) : u"-"_s,
                     tells ? u"%1 of %2"_s.arg(word.primary.quorum).arg(word.primary.otherSentinels + 1) : u"-"_s,
                     tells ? QString::number(word.primary.epoch) : u"-"_s, says});
    }
    printOut(tableText(rows, {3, 5}));
    for (const Finding &finding : view.findings)
        if (isOfSentinels(finding))
            printOut(u"\n%1: %2\n    %3\n    %4"_s.arg(severityName(finding.severity).toUpper(), finding.title,
                                                       finding.explanation, finding.advice));
    return isGood ? exitDone : exitFailed;
}

} // namespace

QCoro::Task<int> runSentinel(Context context)
{
    QStringList words = context.arguments;
    if (words.contains(u"--help"_s) || words.contains(u"-h"_s)) {
        printOut(sentinelHelp());
        co_return exitDone;
    }
    const bool yes = words.removeAll(u"--yes"_s) > 0;
    const QString act = words.isEmpty() ? u"list"_s : words.takeFirst();
    if (!words.isEmpty() || (act != u"list"_s && act != u"failover"_s) || (yes && act == u"list"_s))
        co_return usageError(u"sentinel [list] | failover [--yes]"_s);
    if (context.target && !context.target->sentinel.isOn())
        co_return usageError(
            u"sentinel: this connection does not use Sentinel; use --uri redis+sentinel://HOST:26379/NAME"_s);
    const Opened opened = co_await openSession(context);
    if (!opened.session)
        co_return exitFailed;
    if (act == u"list"_s)
        co_return listSentinels(context, *opened.view);
    GateVerdict verdict;
    verdict.kind = GateVerdict::Kind::Ask;
    verdict.why =
        u"SENTINEL FAILOVER makes another server the primary of “%1”"_s.arg(opened.target.sentinel.primaryName);
    const auto consent =
        opened.session->isReadOnly() ? std::optional(UserConsent::None) : consentTo(verdict, opened.target, yes);
    if (!consent)
        co_return exitFailed;
    const auto done = co_await failOverBySentinels(*opened.session, *consent);
    if (!done) {
        printError(done.error());
        co_return exitFailed;
    }
    if (context.json)
        printJson({{u"before"_s, done->before}, {u"after"_s, done->after}, {u"milliseconds"_s, done->milliseconds}});
    else
        printOut(u"%1 is the primary now, after %2; before, it was %3"_s.arg(done->after, duration(done->milliseconds),
                                                                             done->before));
    co_return exitDone;
}

} // namespace slotscope::cli
