// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/keyranking.h"

#include <algorithm>

namespace slotscope {

namespace {

constexpr quint32 rankedAtOnce = 1000; // about 30 KB of commands per node

std::optional<qint64> numberOf(const KeyFacts &facts, KeyFact fact)
{
    switch (fact) {
    case KeyFact::Ttl: return facts.ttlMs;
    case KeyFact::Memory: return facts.memory;
    case KeyFact::Length: return facts.length;
    case KeyFact::Idle: return facts.idleSeconds;
    default: return std::nullopt;
    }
}

/// Counts one key, and stores its number if it has one.
void takeNumber(BulkProgress &progress, KeyNumbers &numbers, quint32 place, const KeyFacts &facts)
{
    const std::optional<qint64> number = numberOf(facts, numbers.fact);
    if (facts.type == "none" || (numbers.fact == KeyFact::Ttl && number == -2)) {
        ++progress.untouched;
    } else if (number) {
        ++progress.changed;
        numbers.numbers[place] = *number;
    } else {
        ++progress.failed;
        if (numbers.problem.isEmpty())
            numbers.problem = facts.problem;
    }
}

QCoro::Task<Result<KeyNumbersPtr>> readNumbers(QPointer<ClusterSession> session, std::shared_ptr<JobControl> control,
                                               std::shared_ptr<KeyNumbers> numbers, int database)
{
    KeyFactsReader reader(session);
    const quint32 count = quint32(numbers->snapshot->shown->size());
    numbers->numbers.assign(count, KeyNumbers::unknown);
    control->begin(count);
    for (quint32 first = 0; first < count; first += rankedAtOnce) {
        const quint32 last = std::min<quint32>(count, first + rankedAtOnce);
        const bool goesOn = co_await JobControl::mayGoOn(control, qsizetype(last - first));
        if (!goesOn)
            break;
        QByteArrayList keys;
        keys.reserve(qsizetype(last - first));
        for (quint32 place = first; place < last; ++place)
            keys.append(numbers->snapshot->keyAt(place).toByteArray());
        const auto facts = co_await reader.read(keys, numbers->fact, database);
        if (!facts) {
            control->finish(BulkProgress::State::Stopped);
            co_return failure(facts.error());
        }
        for (size_t i = 0; i < facts->size(); ++i)
            takeNumber(control->progress, *numbers, first + quint32(i), (*facts)[i]);
        control->tell();
    }
    const bool isWhole = control->progress.handled() == control->progress.total;
    control->finish(isWhole ? BulkProgress::State::Done : BulkProgress::State::Stopped);
    co_return Result<KeyNumbersPtr>(numbers);
}

} // namespace

QCoro::Task<Result<KeyNumbersPtr>> KeyNumbersReader::read(KeySnapshotPtr snapshot, KeyFact fact, int database,
                                                          std::shared_ptr<BatchSink<BulkProgress>> sink)
{
    m_control = std::make_shared<JobControl>(std::move(sink));
    const auto numbers = std::make_shared<KeyNumbers>();
    numbers->snapshot = std::move(snapshot);
    numbers->fact = fact;
    return readNumbers(m_session, m_control, numbers, database);
}

KeySnapshotPtr ranked(const KeyNumbers &numbers, const KeyRank &rank)
{
    const KeySnapshot &named = *numbers.snapshot;
    std::vector<quint32> places;
    places.reserve(named.shown->size());
    const bool byTtl = numbers.fact == KeyFact::Ttl;
    for (quint32 place = 0; place < named.shown->size(); ++place)
        if ((!rank.onlyWithoutTtl || numbers.numbers[place] == -1)
            && (rank.matcher.takesAll() || rank.matcher.takes(named.keyAt(place))))
            places.push_back(place);
    const auto isLast = [&](quint32 place) {
        return numbers.numbers[place] == KeyNumbers::unknown || (byTtl && numbers.numbers[place] < 0);
    };
    std::stable_sort(places.begin(), places.end(), [&](quint32 left, quint32 right) {
        const bool leftLast = isLast(left), rightLast = isLast(right);
        if (leftLast || rightLast) // keys without expiry come last, but before keys with unknown values
            return leftLast != rightLast ? rightLast : numbers.numbers[left] > numbers.numbers[right];
        return rank.descending ? numbers.numbers[left] > numbers.numbers[right]
                               : numbers.numbers[left] < numbers.numbers[right];
    });
    auto ids = std::make_shared<Permutation>();
    ids->reserve(places.size());
    for (const quint32 place : places)
        ids->push_back((*named.shown)[place]);
    auto snapshot = std::make_shared<KeySnapshot>(named);
    auto rankOfName = std::make_shared<Permutation>(named.shown->size(), KeySnapshot::noRank);
    for (quint32 at = 0; at < places.size(); ++at)
        (*rankOfName)[places[at]] = at;
    snapshot->rankOfName = rankOfName;
    snapshot->byName = named.shown;
    snapshot->shown = ids;
    return snapshot;
}

} // namespace slotscope
