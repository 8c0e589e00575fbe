// SPDX-License-Identifier: GPL-3.0-or-later
// What is not as it should be with the Sentinels of a primary.
#include "core/base/errortext.h"
#include "core/cluster/health.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

void Health::checkSentinels()
{
    if (!m_view.sentinels)
        return;
    const SentinelState &state = *m_view.sentinels;
    for (const SentinelWord &word : state.sentinels)
        checkSentinel(word);
    const SentinelWord *leading = state.leading();
    if (!leading) {
        add(Finding::Kind::NoSentinelsPrimary, Severity::Error,
            tr("The Sentinels do not report for certain which server is the primary “%1”: %2")
                .arg(state.primaryName, describe(state.whyNone())),
            state.lastPrimary.isEmpty() ? tr("Slotscope does not know which server accepts the writes: a node that "
                                             "reports itself as the primary may have been replaced.")
                                        : tr("Slotscope treats %1 as the primary, because the Sentinels named it last; "
                                             "it would not notice a failover.")
                                              .arg(state.lastPrimary),
            tr("Check that the Sentinels run, and their addresses, user and password."));
        return;
    }
    checkSentinelsAgree(*leading);
    checkPrimaryOfSentinels(*leading);
}

void Health::checkSentinel(const SentinelWord &word)
{
    const bool fails = word.reach.state == Reach::State::Waiting || word.reach.state == Reach::State::Refused;
    if (fails)
        add(Finding::Kind::SentinelUnreachable, Severity::Warning,
            tr("The Sentinel %1 does not answer Slotscope: %2").arg(word.address, describe(word.reach.error)),
            tr("A failover needs a majority of the Sentinels; they may reach one another even if this computer cannot "
               "reach them."),
            tr("Check its process, and the network path from this computer."));
    else if (word.reach.state == Reach::State::Ready && word.hasAnswered && word.primary.address.isEmpty())
        add(Finding::Kind::SentinelUnreachable, Severity::Warning,
            tr("The Sentinel %1 reports nothing about “%2”: %3")
                .arg(word.address, m_view.sentinels->primaryName, describe(word.error)),
            tr("The Sentinel does not watch this primary, or this user may not ask it."),
            tr("Compare its “sentinel monitor” lines with those of the other Sentinels."));
}

void Health::checkSentinelsAgree(const SentinelWord &leading)
{
    QStringList astray;
    QString problem;
    qsizetype telling = 0, complaining = 0;
    for (const SentinelWord &word : m_view.sentinels->sentinels) {
        if (!word.tellsPrimary())
            continue;
        ++telling;
        complaining += word.quorumProblem.isEmpty() ? 0 : 1;
        if (word.primary.address != leading.primary.address)
            astray << tr("%1 reports %2").arg(word.address, word.primary.address);
        if (problem.isEmpty() && !word.quorumProblem.isEmpty())
            problem = tr("%1 replies: %2").arg(word.address, word.quorumProblem);
    }
    if (!astray.isEmpty() && lasts("sentinels astray"))
        add(Finding::Kind::SentinelsDisagree, Severity::Warning,
            tr("The Sentinels report different primaries: %1").arg(astray.join(tr("; "))),
            tr("The newest configuration is valid; it names %1. Clients that ask one of the other Sentinels write to "
               "the wrong server.")
                .arg(leading.primary.address),
            tr("If this lasts, these Sentinels do not receive messages from the others: check the network between "
               "them."));
    if (2 * complaining > telling)
        add(Finding::Kind::SentinelQuorum, Severity::Error,
            tr("Most of the Sentinels that answered report that they cannot fail over: %1").arg(problem),
            tr("If the primary fails now, there may be no failover."),
            tr("Start the missing Sentinels again; if some are gone for good, run SENTINEL RESET on the others, one "
               "after "
               "another."));
}

/// Checks whether the server that the Sentinels name reports itself as a primary, and whether another one does, too.
void Health::checkPrimaryOfSentinels(const SentinelWord &leading)
{
    QStringList failing;
    bool doTheyAgree = false;
    for (const SentinelWord &word : m_view.sentinels->sentinels) {
        const bool isOfIt = word.tellsPrimary() && word.primary.address == leading.primary.address;
        if (isOfIt && (word.primary.flags.contains("s_down") || word.primary.flags.contains("o_down")))
            failing << word.address;
        doTheyAgree = doTheyAgree || (isOfIt && word.primary.flags.contains("o_down"));
    }
    if (doTheyAgree)
        add(Finding::Kind::PrimaryDown, Severity::Error,
            tr("The Sentinels agree that the primary %1 is down").arg(leading.primary.address),
            tr("They promote one of its replicas, if there is one that can be promoted."),
            tr("Check the server, and wait for the failover."));
    else if (!failing.isEmpty())
        add(Finding::Kind::PrimaryDown, Severity::Warning,
            tr("Some Sentinels (%1) cannot reach the primary %2").arg(failing.join(u", "_s), leading.primary.address),
            tr("When enough Sentinels (%1) report the same, they fail over.").arg(leading.primary.quorum),
            tr("Check the server, and the network between it and the Sentinels."));
    for (const NodeState &node : m_view.nodes) {
        if (!node.info || node.reach.state != Reach::State::Ready)
            continue;
        const bool isTheirs = node.primary;
        const bool says = node.info->role == "master";
        if (!isTheirs && says && lasts("primary besides " + node.id))
            add(Finding::Kind::NotTheSentinelsPrimary, Severity::Error,
                tr("%1 reports itself as a primary, but the Sentinels report %2")
                    .arg(node.name, leading.primary.address),
                tr("Data that clients write to it is lost as soon as it becomes a replica again."),
                tr("The Sentinels correct this within seconds if they reach it; otherwise make it a replica of %1 by "
                   "hand.")
                    .arg(leading.primary.address))
                .nodes = {node.id};
    }
}

} // namespace slotscope
