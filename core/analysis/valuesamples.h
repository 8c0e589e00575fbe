// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/keyrecord.h"
#include "core/analysis/reportparts.h"
#include "core/keys/delimiters.h"

#include <QHash>
#include <QRandomGenerator>

namespace slotscope {

/// Chooses at random a few strings worth compressing from each top-level namespace, for test compression. Limited in
/// size. Pure.
class ValueSamples
{
public:
    static constexpr qint64 leastBytes = 512; ///< shortest string; below it, a header would use up the gain
    static constexpr int keysKept = 16; ///< per namespace
    static constexpr qsizetype bytesTried = 64 * 1024; ///< bytes from the start of a value that are tested

    explicit ValueSamples(const Delimiters &delimiters) : m_delimiters(delimiters) { }
    void offer(const KeyRecord &record);

    struct Namespace
    {
        QByteArray name;
        QByteArrayList keys;
        qint64 strings = 0, bytes = 0; ///< of all strings offered
    };
    [[nodiscard]] QList<Namespace> largest(qsizetype most) const; ///< sorted by bytes, largest first

private:
    static constexpr qsizetype mostNamespaces = 1000;

    Delimiters m_delimiters;
    QHash<QByteArray, Namespace> m_namespaces;
    QRandomGenerator m_random{1}; ///< fixed seed: the same keys for the same scan
};

/// Compresses the starts of these values (zlib, fastest level); `saving` is extrapolated to all of the namespace's
/// bytes. Takes about 10 ms per megabyte.
[[nodiscard]] ReportCompression triedCompression(const ValueSamples::Namespace &of, const QByteArrayList &values);

} // namespace slotscope
