// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/loadkeys.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace slotscope {

/// The SplitMix64 generator.
quint64 LoadDice::next()
{
    m_state += 0x9E3779B97F4A7C15U;
    quint64 mixed = m_state;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
    return mixed ^ (mixed >> 31);
}

quint64 LoadDice::below(quint64 bound)
{
    __extension__ using Wide = unsigned __int128;
    return quint64((Wide(next()) * bound) >> 64);
}

/// Mixes twice: LoadDice advances by a constant, so seeds at simple distances would give the same numbers, shifted.
quint64 loadSeedOf(quint64 seed, int thread)
{
    return LoadDice(LoadDice(seed).next() + quint64(thread)).next();
}

LoadChooser::LoadChooser(LoadSpec::Distribution distribution, qint64 keys, double zipf, quint64 seed, qint64 first,
                         qint64 step)
    : m_distribution(distribution)
    , m_keys(std::max<qint64>(keys, 1))
    , m_at(first % m_keys)
    , m_step(step)
    , m_exponent(zipf)
    , m_dice(seed)
{
    m_lowest = area(1.5) - 1; // the bar of the first key has width 1 and height 1
    m_highest = area(double(m_keys) + 0.5);
}

qint64 LoadChooser::next()
{
    if (m_distribution == LoadSpec::Distribution::Uniform)
        return qint64(m_dice.below(quint64(m_keys)));
    if (m_distribution == LoadSpec::Distribution::Zipf)
        return nextByZipf();
    const qint64 here = m_at;
    m_at = (m_at + m_step) % m_keys;
    return here;
}

/// The area below x^-exponent, up to a constant.
double LoadChooser::area(double x) const
{
    const double rest = 1 - m_exponent;
    const double logarithm = std::log(x);
    return std::abs(rest * logarithm) < 1e-8 ? logarithm : std::expm1(rest * logarithm) / rest;
}

double LoadChooser::areaInverse(double area) const
{
    const double rest = 1 - m_exponent;
    if (std::abs(rest * area) < 1e-8)
        return std::exp(area);
    return std::exp(std::log1p(std::max(rest * area, -1.0)) / rest);
}

/// Rejection sampling from the smooth curve: by area, the bar of each number lies within the part of the curve around
/// it, because the curve is convex. No table is needed, whatever the number of keys.
qint64 LoadChooser::nextByZipf()
{
    while (true) {
        const double drawn = m_highest + m_dice.share() * (m_lowest - m_highest);
        const double x = areaInverse(drawn);
        const qint64 rank = std::clamp<qint64>(std::llround(x), 1, m_keys);
        if (drawn >= area(double(rank) + 0.5) - std::exp(-m_exponent * std::log(double(rank))))
            return rank - 1;
    }
}

void LoadKeys::append(QByteArray &to, const QByteArray &kind, qint64 index) const
{
    char digits[24];
    to.append(m_prefix);
    if (m_tags > 0) {
        const auto end = std::to_chars(digits, digits + sizeof digits, index % m_tags).ptr;
        to.append("{t", 2).append(digits, end - digits).append("}:", 2);
    }
    to.append(kind).append(':');
    const auto end = std::to_chars(digits, digits + sizeof digits, index).ptr;
    to.append(digits, end - digits);
}

QByteArray LoadKeys::name(const QByteArray &kind, qint64 index) const
{
    QByteArray name;
    append(name, kind, index);
    return name;
}

} // namespace slotscope
