// SPDX-License-Identifier: GPL-3.0-or-later
// stat --fields: chosen fields of INFO in place of the usual columns.
#include "statfields.h"

#include "core/base/text.h"

#include <cmath>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

QString fieldText(const InfoField &field, double value)
{
    if (unitOf(field) == InfoUnit::Bytes && value >= 0)
        return byteSize(qint64(value)) + (field.perSecond ? u"/s"_s : QString());
    constexpr double largest = 9e18; // llround() of more is undefined
    const bool isWhole = (value == std::floor(value) || std::abs(value) >= 1000) && std::abs(value) < largest;
    return isWhole ? groupedNumber(qint64(std::llround(value))) : QString::number(value, 'g', 4);
}

} // namespace

Result<InfoFields> readStatFields(const QString &value)
{
    InfoFields fields;
    for (const QString &text : value.split(u',', Qt::SkipEmptyParts)) {
        const auto field = readInfoField(text.toUtf8());
        if (!field)
            return failure(Error::Code::InvalidArgument,
                           u"stat: “%1” is not a field of INFO such as used_cpu_sys or cmdstat_get.calls"_s.arg(text));
        if (std::find(fields.begin(), fields.end(), *field) == fields.end())
            fields.push_back(*field);
    }
    if (fields.empty() || fields.size() > mostInfoFields)
        return failure(Error::Code::InvalidArgument,
                       u"stat: --fields needs 1 to %1 fields of INFO"_s.arg(mostInfoFields));
    return fields;
}

InfoFields fieldsNotTold(const InfoFields &fields, const MetricsBook &book)
{
    const std::vector<NewestFigures> nodes = book.newest();
    InfoFields missing;
    for (const InfoField &field : fields)
        if (std::none_of(nodes.begin(), nodes.end(),
                         [&field](const NewestFigures &node) { return node.fields.contains(field.text()); }))
            missing.push_back(field);
    return missing;
}

StatFields::StatFields(const InfoFields &fields, const MetricsBook &book) : m_fields(fields)
{
    for (const NewestFigures &node : book.newest())
        m_values.insert(node.id, node.fields);
}

QStringList StatFields::titles() const
{
    QStringList titles;
    for (const InfoField &field : m_fields)
        titles.append(QString::fromLatin1(field.text()));
    return titles;
}

QStringList StatFields::cellsOf(const QByteArray &node) const
{
    const auto values = m_values.value(node);
    QStringList cells;
    for (const InfoField &field : m_fields)
        cells.append(values.contains(field.text()) ? fieldText(field, values.value(field.text())) : u"–"_s);
    return cells;
}

QJsonObject StatFields::jsonOf(const QByteArray &node) const
{
    const auto values = m_values.value(node);
    QJsonObject object;
    for (const InfoField &field : m_fields)
        object[QString::fromLatin1(field.text())] = values.contains(field.text())
            ? QJsonValue(std::round(values.value(field.text()) * 1000) / 1000)
            : QJsonValue();
    return object;
}

} // namespace slotscope::cli
