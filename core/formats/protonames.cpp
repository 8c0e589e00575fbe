// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/protonames.h"

#include <algorithm>
#include <numeric>

namespace slotscope {

namespace {

constexpr int mostParts = 64; ///< maximum number of parts of a path that are looked up

/// Calls `take` with each part of the path behind a slash, the longest first.
template <typename Take>
void eachEnd(QStringView path, const Take &take)
{
    qsizetype slash = path.indexOf(u'/');
    for (int parts = 0; slash >= 0 && parts < mostParts; ++parts, slash = path.indexOf(u'/', slash + 1))
        take(path.sliced(slash + 1));
}

} // namespace

ProtoNames::ProtoNames(const QStringList &names) : m_names(names)
{
    QList<int> sorted(m_names.size());
    std::iota(sorted.begin(), sorted.end(), 0);
    std::sort(sorted.begin(), sorted.end(), [this](int a, int b) { return m_names.at(a) < m_names.at(b); });
    for (const int place : std::as_const(sorted)) {
        const QStringView name = m_names.at(place);
        m_places.insert(name, place);
        eachEnd(name, [&](QStringView end) { m_ends[end].append(place); });
    }
}

QString ProtoNames::found(const QString &import, const QString &file) const
{
    if (m_places.contains(import))
        return import;
    int best = -1;
    qsizetype most = -1;
    const auto look = [&](int place) {
        const qsizetype same = alike(place, file);
        if (same > most || (same == most && place < best)) {
            most = same;
            best = place;
        }
    };
    if (const auto longer = m_ends.constFind(import); longer != m_ends.constEnd())
        look(nearest(*longer, file));
    eachEnd(import, [&](QStringView end) {
        if (const auto shorter = m_places.constFind(end); shorter != m_places.constEnd())
            look(*shorter);
    });
    return best < 0 ? QString() : m_names.at(best);
}

/// How many characters at the beginning are the same.
qsizetype ProtoNames::alike(int name, const QString &file) const
{
    const QString &text = m_names.at(name);
    return std::mismatch(text.begin(), text.end(), file.begin(), file.end()).first - text.begin();
}

/// Of sorted names, those that begin most like the text are next to its place, and adjacent.
int ProtoNames::nearest(const QList<int> &names, const QString &file) const
{
    const auto isBefore = [this](int place, QStringView text) { return QStringView(m_names.at(place)) < text; };
    const auto at = std::lower_bound(names.begin(), names.end(), QStringView(file), isBefore);
    const qsizetype most =
        std::max(at == names.end() ? 0 : alike(*at, file), at == names.begin() ? 0 : alike(*std::prev(at), file));
    const QStringView same = QStringView(file).first(most);
    const auto first = std::lower_bound(names.begin(), names.end(), same, isBefore);
    const auto last =
        std::partition_point(first, names.end(), [&](int place) { return m_names.at(place).startsWith(same); });
    return *std::min_element(first, last);
}

} // namespace slotscope
