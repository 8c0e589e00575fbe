// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

namespace slotscope {

/// Something of a report that is worth doing, with what mends it. Its words are made where it is shown, by numbers.
struct AnalysisFinding
{
    enum class Kind : quint8 {
        WithoutTtl, ///< keys without end in a namespace whose others have one
        HugeKey,
        HotSlot,
        LoadedTag, ///< a hash tag that fills one slot
        Compressible,
        JustOver, ///< hashes just over the limits of a listpack
        Uneven, ///< a shard holds much more than the others
        ExpireTogether, ///< a great part of the keys ends within an hour
    };
    enum class Act : quint8 { None, Expire, Browse, OpenKey, HotKeys, Setting, Rebalance };

    Kind kind = Kind::HugeKey;
    bool isNote = false; ///< good to know; else a warning
    Act act = Act::None;
    QByteArray name; ///< the namespace, key, or tag
    int slot = -1, shard = 0;
    qint64 keys = 0, bytes = 0, elements = 0;
    qint64 idleSeconds = -1;
    double share = 0; ///< 0 … 1, of what the kind says
    QByteArray type = {}; ///< of the key
    friend bool operator==(const AnalysisFinding &, const AnalysisFinding &) = default;
};

/// "12,118 keys of tmp: have no TTL", in the user's language.
[[nodiscard]] QString titleOf(const AnalysisFinding &finding);
/// Why it matters and what the numbers are.
[[nodiscard]] QString textOf(const AnalysisFinding &finding);
/// What stands on the button: "Expire…"; empty: nothing is to be done from here.
[[nodiscard]] QString actText(AnalysisFinding::Act act);

} // namespace slotscope
