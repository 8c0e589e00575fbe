// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/palette/paletteentry.h"

#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "ui/palette/fuzzymatch.h"

#include <QCoreApplication>
#include <QRegularExpression>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int hiddenMalus = 25; // subtracted for a match in text that is not shown emphasised
// lowest score per character, so that characters scattered over a long text do not match
constexpr int leastPerLetter = 9;

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(slotscope::Palette)
};

std::optional<RankedEntry> rank(const PaletteEntry &entry, qsizetype index, const QString &words)
{
    const int least = leastPerLetter * int(words.size());
    std::optional<RankedEntry> best;
    if (const auto match = fuzzyMatch(words, entry.title); match && match->score >= least)
        best = RankedEntry{.index = index, .score = match->score, .emphasis = match->positions};
    for (const QString &other : {entry.subtitle, entry.keywords}) {
        const auto match = fuzzyMatch(words, other);
        // outside the title, only adjacent characters match
        const bool joined = match && match->positions.last() - match->positions.first() + 1 == match->positions.size();
        if (joined && match->score - hiddenMalus > (best ? best->score : 0))
            best = RankedEntry{.index = index, .score = match->score - hiddenMalus, .emphasis = {}};
    }
    if (best)
        best->score += entry.weight;
    return best;
}

QString ownerText(const ClusterView &view, quint16 slot)
{
    const qint16 owner = view.owner.at(slot);
    if (owner < 0 || size_t(owner) >= view.nodes.size())
        return Words::tr("no owner");
    const NodeState &node = view.nodes.at(size_t(owner));
    return u"%1 · %2"_s.arg(shardWord(view, node), node.name);
}

} // namespace

QList<RankedEntry> rankEntries(const QList<PaletteEntry> &entries, const QString &words)
{
    QList<RankedEntry> ranked;
    const QString wanted = words.simplified();
    for (qsizetype i = 0; i < entries.size(); ++i) {
        if (wanted.isEmpty())
            ranked.append({.index = i, .score = 0, .emphasis = {}});
        else if (const auto found = rank(entries.at(i), i, wanted))
            ranked.append(*found);
    }
    if (!wanted.isEmpty())
        std::stable_sort(ranked.begin(), ranked.end(),
                         [](const RankedEntry &a, const RankedEntry &b) { return a.score > b.score; });
    return ranked;
}

std::optional<SlotAnswer> slotAnswer(const QString &words, const ClusterView &view)
{
    const QString text = words.trimmed();
    if (text.isEmpty() || !view.cluster)
        return std::nullopt;
    static const QRegularExpression range(u"^(?:slots?\\s+)?(\\d{1,5})(?:\\s*[-–]\\s*(\\d{1,5}))?$"_s,
                                          QRegularExpression::CaseInsensitiveOption);
    if (const auto match = range.match(text); match.hasMatch()) {
        const int first = match.captured(1).toInt(), last = match.hasCaptured(2) ? match.captured(2).toInt() : first;
        if (first <= last && last < slotCount) {
            SlotAnswer answer{.slotSet = {}, .explicitly = true, .title = {}, .subtitle = {}};
            answer.slotSet.add(SlotRange{quint16(first), quint16(last)});
            answer.title =
                first == last ? Words::tr("Slot %1").arg(first) : Words::tr("Slots %1 to %2").arg(first).arg(last);
            answer.subtitle =
                first == last ? ownerText(view, quint16(first)) : Words::tr("%n slot(s)", nullptr, last - first + 1);
            return answer;
        }
    }
    const bool named = text.startsWith(u"key:"_s, Qt::CaseInsensitive) && text.size() > 4;
    const QString key = named ? text.mid(4) : text;
    const quint16 slot = slotOfKey(key.toUtf8());
    return SlotAnswer{.slotSet = {SlotRange{slot, slot}},
                      .explicitly = named,
                      .title = Words::tr("Slot of key %1").arg(key),
                      .subtitle = Words::tr("Slot %1 · %2").arg(slot).arg(ownerText(view, slot))};
}

} // namespace slotscope
