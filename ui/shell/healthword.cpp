// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/healthword.h"

#include "core/base/tr.h"
#include "core/models/nodewords.h"
#include "ui/shared/slotsunderway.h"

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

QString countOf(const ClusterView &cluster, Severity worst)
{
    const auto count =
        std::ranges::count_if(cluster.findings, [worst](const Finding &finding) { return finding.severity == worst; });
    switch (worst) {
    case Severity::Error: return counted(count, tr("1 error"), tr("%1 errors"));
    case Severity::Warning: return counted(count, tr("1 warning"), tr("%1 warnings"));
    case Severity::Note:
        return std::ranges::any_of(cluster.findings, isUnderWay) ? tr("migrating slots")
                                                                 : counted(count, tr("1 note"), tr("%1 notes"));
    case Severity::Ok: break;
    }
    return {};
}

bool isBad(HealthWord::State state)
{
    return state > HealthWord::State::Healthy;
}

} // namespace

HealthWord healthWord(const ClusterView &cluster)
{
    using State = HealthWord::State;
    const auto has = [&cluster](Finding::Kind kind) {
        return std::ranges::any_of(cluster.findings, [kind](const Finding &finding) { return finding.kind == kind; });
    };
    const Severity worst = cluster.health();
    const bool isNew = has(Finding::Kind::EmptyNode);
    const bool isDown =
        (cluster.cluster && !isNew && !cluster.uncovered.isEmpty()) || has(Finding::Kind::ClusterStateFail);
    const bool isBroken = isDown || worst == Severity::Error;
    const bool isDegraded = worst == Severity::Warning;
    HealthWord word;
    word.state = isNew ? State::Empty
        : isDown       ? State::Down
        : isBroken     ? State::Broken
        : isDegraded   ? State::Degraded
                       : State::Healthy;
    word.tone = isBroken ? Tone::Bad : isDegraded ? Tone::Warning : Tone::Good;
    word.text = isNew ? tr("Empty")
        : isDown      ? tr("Down")
        : isBroken    ? tr("Broken")
        : isDegraded  ? tr("Degraded")
                      : tr("Healthy");
    if (const QString count = countOf(cluster, worst); !count.isEmpty() && !isNew)
        word.text += u" · "_s + count;
    for (const Finding &finding : cluster.findings)
        word.titles.append(finding.title);
    return word;
}

HealthWord healthWord(bool isConnecting)
{
    return {.state = isConnecting ? HealthWord::State::Connecting : HealthWord::State::NoConnection,
            .text = isConnecting ? tr("Connecting") : tr("No connection"),
            .tone = isConnecting ? Tone::Muted : Tone::Bad,
            .titles = {}};
}

std::optional<HealthTurn> HealthTurns::take(const HealthWord &word, qint64 now)
{
    if (word.state == HealthWord::State::Connecting)
        return std::nullopt;
    if (!m_told) {
        m_told = {word, now};
        return std::nullopt;
    }
    if (word.state == m_told->word.state) {
        m_told->word = word;
        m_next.reset();
        return std::nullopt;
    }
    if (!m_next || m_next->word.state != word.state)
        m_next = {word, now};
    if (now - m_next->at < settleMs)
        return std::nullopt;
    const HealthTurn turn{.before = m_told->word, .now = word, .lastedMs = m_next->at - m_told->at};
    const bool isWorse = isBad(word.state) && word.state > m_told->word.state;
    const bool isWellAgain = isBad(m_told->word.state) && !isBad(word.state);
    m_told = m_next;
    m_told->word = word;
    m_next.reset();
    return isWorse || isWellAgain ? std::optional(turn) : std::nullopt;
}

} // namespace slotscope
