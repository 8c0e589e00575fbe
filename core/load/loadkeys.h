// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/loadspec.h"

namespace slotscope {

/// Uniform random numbers from a seed, the same on every machine.
class LoadDice
{
public:
    explicit LoadDice(quint64 seed) : m_state(seed) { }
    [[nodiscard]] quint64 next();
    [[nodiscard]] double share() { return double(next() >> 11) * 0x1.0p-53; } ///< from 0 to below 1
    [[nodiscard]] quint64 below(quint64 bound); ///< from 0 to bound - 1

private:
    quint64 m_state;
};

/// The seed for one of several threads that draw independently. Pure.
[[nodiscard]] quint64 loadSeedOf(quint64 seed, int thread);

/// Chooses the next key, a number from 0 to keys - 1. Pure.
class LoadChooser
{
public:
    LoadChooser(LoadSpec::Distribution distribution, qint64 keys, double zipf, quint64 seed, qint64 first = 0,
                qint64 step = 1); ///< `first` and `step` are for sequential order with several threads
    [[nodiscard]] qint64 next();

private:
    [[nodiscard]] qint64 nextByZipf();
    [[nodiscard]] double area(double x) const;
    [[nodiscard]] double areaInverse(double area) const;

    LoadSpec::Distribution m_distribution;
    qint64 m_keys, m_at, m_step;
    double m_exponent;
    double m_lowest = 0, m_highest = 0; ///< range of areas from which a number is drawn
    LoadDice m_dice;
};

/// The names of all keys that a load test makes: PREFIX, which ends with the run id, an optional hash tag, the kind of
/// key, a number.
class LoadKeys
{
public:
    LoadKeys(QByteArray prefix, int tags) : m_prefix(std::move(prefix)), m_tags(tags) { }
    void append(QByteArray &to, const QByteArray &kind, qint64 index) const;
    [[nodiscard]] QByteArray name(const QByteArray &kind, qint64 index) const;

private:
    QByteArray m_prefix;
    int m_tags;
};

} // namespace slotscope
