// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/temporaryname.h"

#include "core/base/slotcount.h"
#include "core/cluster/slot.h"

#include <vector>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

/// One short text per slot that hashes to it.
const std::vector<QByteArray> &tagsOfSlots()
{
    static const std::vector<QByteArray> tags = [] {
        std::vector<QByteArray> found(slotCount);
        size_t missing = found.size();
        for (quint32 number = 0; missing > 0; ++number) {
            const QByteArray text = QByteArray::number(number, 36);
            QByteArray &tag = found[slotOfKey(text)];
            if (tag.isEmpty()) {
                tag = text;
                --missing;
            }
        }
        return found;
    }();
    return tags;
}

} // namespace

QByteArray temporaryNameFor(const QByteArray &key, quint64 number)
{
    const QByteArray mark = ":slotscope-part-"_ba, digits = QByteArray::number(number, 36);
    const quint16 slot = slotOfKey(key);
    if (const QByteArray name = key + mark + digits; slotOfKey(name) == slot)
        return name;
    const QByteArray tag = '{' + tagsOfSlots()[slot] + '}';
    if (const QByteArray name = key + mark + tag + digits; slotOfKey(name) == slot)
        return name;
    return "slotscope-part-"_ba + tag + digits + ':' + key;
}

} // namespace slotscope
