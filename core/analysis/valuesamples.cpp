// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/valuesamples.h"

#include <algorithm>

namespace slotscope {

void ValueSamples::offer(const KeyRecord &record)
{
    const qint64 bytes = record.elements.value_or(0);
    if (record.type != "string" || bytes < leastBytes || record.encoding == "int")
        return;
    const qsizetype end = std::max<qsizetype>(0, m_delimiters.folderEnd(record.key, 0));
    auto part = m_namespaces.find(QByteArray::fromRawData(record.key.data(), end));
    if (part == m_namespaces.end()) {
        if (m_namespaces.size() >= mostNamespaces)
            return;
        const QByteArray name = record.key.first(end).toByteArray();
        part = m_namespaces.insert(name, {.name = name, .keys = {}});
    }
    ++part->strings;
    part->bytes += bytes;
    if (part->keys.size() < keysKept) {
        part->keys.append(record.key.toByteArray());
    } else if (const qint64 at = qint64(m_random.bounded(quint64(part->strings))); at < keysKept) {
        part->keys[qsizetype(at)] = record.key.toByteArray();
    }
}

QList<ValueSamples::Namespace> ValueSamples::largest(qsizetype most) const
{
    QList<Namespace> all = m_namespaces.values();
    std::sort(all.begin(), all.end(), [](const Namespace &left, const Namespace &right) {
        return left.bytes != right.bytes ? left.bytes > right.bytes : left.name < right.name;
    });
    return all.mid(0, most);
}

ReportCompression triedCompression(const ValueSamples::Namespace &of, const QByteArrayList &values)
{
    ReportCompression tried;
    tried.name = of.name;
    for (const QByteArray &value : values) {
        constexpr int fastest = 1;
        const qsizetype after = std::min(value.size(), qCompress(value, fastest).size());
        ++tried.tried;
        tried.smaller += after * 10 < value.size() * 9 ? 1 : 0;
        tried.before += value.size();
        tried.after += after;
    }
    if (tried.before > 0)
        tried.saving = qint64(double(of.bytes) * double(tried.before - tried.after) / double(tried.before));
    return tried;
}

} // namespace slotscope
