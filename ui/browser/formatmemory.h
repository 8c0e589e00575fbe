// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/format.h"

#include <QByteArray>
#include <QMap>

#include <optional>

namespace slotscope {

/// Which formats the user has chosen for keys that begin alike. GUI thread.
class FormatMemory
{
public:
    /// Of the longest beginning that fits.
    [[nodiscard]] std::optional<FormatChain> chainFor(const QByteArray &key) const;
    void keep(const QByteArray &beginning, const FormatChain &chain) { m_chains.insert(beginning, chain.toString()); }
    void forget(const QByteArray &beginning) { m_chains.remove(beginning); }
    /// The folder that a key lies in, which is what is kept for: "session:web:" of "session:web:{u1}".
    [[nodiscard]] static QByteArray beginningOf(const QByteArray &key);

    [[nodiscard]] QByteArray save() const;
    void restore(const QByteArray &saved); ///< in place of all that is known now

private:
    QMap<QByteArray, QString> m_chains;
};

} // namespace slotscope
