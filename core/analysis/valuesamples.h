// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/keyrecord.h"
#include "core/analysis/reportparts.h"
#include "core/keys/delimiters.h"

#include <QHash>
#include <QRandomGenerator>

namespace slotscope {

/// A few strings of each namespace at the top, chosen at random among those that are worth compressing: to be tried.
/// Bounded. Pure.
class ValueSamples
{
public:
    static constexpr qint64 leastBytes = 512; ///< of a string: below that a header eats the gain
    static constexpr int keysKept = 16; ///< of a namespace
    static constexpr qsizetype bytesTried = 64 * 1024; ///< of a value, from its beginning

    explicit ValueSamples(const Delimiters &delimiters) : m_delimiters(delimiters) { }
    void offer(const KeyRecord &record);

    struct Namespace
    {
        QByteArray name;
        QByteArrayList keys;
        qint64 strings = 0, bytes = 0; ///< of all that were offered
    };
    [[nodiscard]] QList<Namespace> largest(qsizetype most) const; ///< most bytes first

private:
    static constexpr qsizetype mostNamespaces = 1000;

    Delimiters m_delimiters;
    QHash<QByteArray, Namespace> m_namespaces;
    QRandomGenerator m_random{1}; ///< the same keys for the same scan
};

/// What compressing these beginnings of values (zlib, its fastest level) comes to; `saving` is for all of the
/// namespace's bytes. Takes some 10 ms a megabyte.
[[nodiscard]] ReportCompression triedCompression(const ValueSamples::Namespace &of, const QByteArrayList &values);

} // namespace slotscope
