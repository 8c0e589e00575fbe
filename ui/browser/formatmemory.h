// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/format.h"

#include <QByteArray>
#include <QMap>

#include <optional>

namespace slotscope {

/// Formats that the user has chosen for keys with a common prefix. GUI thread.
class FormatMemory
{
public:
    /// Returns the chain of the longest matching prefix.
    [[nodiscard]] std::optional<FormatChain> chainFor(const QByteArray &key) const;
    void keep(const QByteArray &beginning, const FormatChain &chain) { m_chains.insert(beginning, chain.toString()); }
    void forget(const QByteArray &beginning) { m_chains.remove(beginning); }
    /// Prefix for which a format is saved, the folder of the key: "session:web:" for "session:web:{u1}".
    [[nodiscard]] static QByteArray beginningOf(const QByteArray &key);

    [[nodiscard]] QByteArray save() const;
    void restore(const QByteArray &saved); ///< replaces all current entries

private:
    QMap<QByteArray, QString> m_chains;
};

} // namespace slotscope
