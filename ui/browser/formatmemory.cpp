// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/formatmemory.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

std::optional<FormatChain> FormatMemory::chainFor(const QByteArray &key) const
{
    const QString *found = nullptr;
    qsizetype longest = -1;
    for (auto kept = m_chains.constBegin(); kept != m_chains.constEnd(); ++kept) {
        if (key.startsWith(kept.key()) && kept.key().size() > longest) {
            longest = kept.key().size();
            found = &kept.value();
        }
    }
    const Result<FormatChain> chain = found ? FormatChain::parse(*found) : Result<FormatChain>(failure(Error()));
    return chain ? std::optional(*chain) : std::nullopt;
}

QByteArray FormatMemory::beginningOf(const QByteArray &key)
{
    return key.left(key.lastIndexOf(':') + 1);
}

/// Writes a line per entry: the key prefix as hex, a tab, the chain.
QByteArray FormatMemory::save() const
{
    QByteArray lines;
    for (auto kept = m_chains.constBegin(); kept != m_chains.constEnd(); ++kept)
        lines += kept.key().toHex() + '\t' + kept.value().toUtf8() + '\n';
    return lines;
}

void FormatMemory::restore(const QByteArray &saved)
{
    m_chains.clear();
    for (const QByteArray &line : saved.split('\n')) {
        const qsizetype tab = line.indexOf('\t');
        if (tab >= 0 && FormatChain::parse(QString::fromUtf8(line.mid(tab + 1))))
            m_chains.insert(QByteArray::fromHex(line.left(tab)), QString::fromUtf8(line.mid(tab + 1)));
    }
}

} // namespace slotscope
