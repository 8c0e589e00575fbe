// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/forms.h"

#include <QSet>
#include <QStringList>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Finds length-prefixed strings, which is how this format writes every name.
QStringList namesIn(QByteArrayView bytes)
{
    constexpr qsizetype most = 40, shortest = 3, looked = 64 * 1024;
    QStringList names;
    QSet<QString> seen;
    for (qsizetype at = 0; at + 1 < std::min(bytes.size(), looked) && names.size() < most; ++at) {
        const qsizetype length = quint8(bytes[at]);
        if (length < shortest || length > 127 || at + 1 + length > bytes.size())
            continue;
        const QByteArrayView text = bytes.sliced(at + 1, length);
        const bool name = std::all_of(text.begin(), text.end(), [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
                || QByteArrayView("._<>`+[], =").contains(c);
        });
        if (!name)
            continue;
        const QString word = QString::fromLatin1(text);
        if (!seen.contains(word))
            names += word;
        seen.insert(word);
        at += length;
    }
    return names;
}

} // namespace

Shown showDotNet(QByteArrayView bytes, FormatBudget &budget)
{
    if (!bytes.startsWith({"\0\x01\0\0\0\xff\xff\xff\xff\x01\0\0\0\0\0\0\0", 17})) {
        Shown shown;
        shown.fail(0, tr("this is not data of .NET's BinaryFormatter"));
        return shown;
    }
    Shown shown = showHex(bytes, budget);
    shown.writable = false;
    shown.whyNotWritable =
        tr(".NET objects can only be read by their program: Slotscope shows them as hex and cannot edit them.");
    shown.warn(tr(
        "Data of .NET's BinaryFormatter: it can make a program that loads it run any code. Slotscope only shows it."));
    shown.note(tr("Names found in it: %1").arg(namesIn(bytes).join(u" · "_s)));
    return shown;
}

} // namespace slotscope
