// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

namespace slotscope {

/// A problem found in a report, with what fixes it. Its text is made from the numbers when it is displayed.
struct AnalysisFinding
{
    enum class Kind : quint8 {
        WithoutTtl, ///< keys without expiry in a namespace whose other keys have one
        HugeKey,
        HotSlot,
        LoadedTag, ///< a hash tag with very many keys, all in one slot
        Compressible,
        JustOver, ///< hashes slightly larger than the listpack limits
        Uneven, ///< a shard contains much more than the others
        ExpireTogether, ///< a large part of the keys expires within an hour
    };
    enum class Act : quint8 { None, Expire, Browse, OpenKey, HotKeys, Setting, Rebalance };

    Kind kind = Kind::HugeKey;
    bool isNote = false; ///< for information; otherwise a warning
    Act act = Act::None;
    QByteArray name; ///< name of the namespace, key, or tag
    int slot = -1, shard = 0;
    qint64 keys = 0, bytes = 0, elements = 0;
    qint64 idleSeconds = -1;
    double share = 0; ///< 0 … 1; its meaning depends on the kind
    QByteArray type = {}; ///< type of the key
    friend bool operator==(const AnalysisFinding &, const AnalysisFinding &) = default;
};

/// The title in the user's language, such as "12,118 keys of tmp: have no TTL".
[[nodiscard]] QString titleOf(const AnalysisFinding &finding);
/// Why it matters, with the numbers.
[[nodiscard]] QString textOf(const AnalysisFinding &finding);
/// Text of the button, such as "Expire…"; empty: no action is possible here.
[[nodiscard]] QString actText(AnalysisFinding::Act act);

} // namespace slotscope
