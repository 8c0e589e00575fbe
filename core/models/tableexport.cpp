// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/tableexport.h"

#include "core/models/tableroles.h"

#include <QAbstractItemModel>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <numeric>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

QString cellText(const QAbstractItemModel &model, int row, int column)
{
    return model.index(row, column).data(Qt::DisplayRole).toString();
}

bool isNumber(const QVariant &value)
{
    switch (value.typeId()) {
    case QMetaType::Int:
    case QMetaType::UInt:
    case QMetaType::LongLong:
    case QMetaType::ULongLong:
    case QMetaType::Double: return true;
    default: return false;
    }
}

/// The exact number if the column has one, else the text.
QVariant exactValue(const QAbstractItemModel &model, int row, int column)
{
    const QVariant sort = model.index(row, column).data(SortRole);
    if (isNumber(sort))
        return sort;
    const QString text = cellText(model, row, column);
    return text.isEmpty() ? QVariant() : QVariant(text);
}

QByteArray csvField(const QString &text)
{
    if (!text.contains(u',') && !text.contains(u'"') && !text.contains(u'\n') && !text.contains(u'\r'))
        return text.toUtf8();
    QString quoted = text;
    return '"' + quoted.replace(u'"', u"\"\""_s).toUtf8() + '"';
}

QByteArray asText(const QAbstractItemModel &model, const QList<int> &rows, const QList<int> &columns)
{
    QList<QStringList> lines{QStringList()};
    for (const int column : columns)
        lines.first().append(model.headerData(column, Qt::Horizontal).toString());
    for (const int row : rows) {
        QStringList line;
        for (const int column : columns)
            line.append(cellText(model, row, column));
        lines.append(line);
    }
    QList<qsizetype> widths(columns.size(), 0);
    for (const QStringList &line : std::as_const(lines)) {
        for (qsizetype i = 0; i < line.size(); ++i)
            widths[i] = std::max(widths[i], line.at(i).size());
    }
    QString text;
    for (const QStringList &line : std::as_const(lines)) {
        QString padded;
        for (qsizetype i = 0; i < line.size(); ++i) {
            const bool number = model.headerData(columns.at(i), Qt::Horizontal, NumberRole).toBool();
            padded +=
                (number ? line.at(i).rightJustified(widths.at(i)) : line.at(i).leftJustified(widths.at(i))) + u"  "_s;
        }
        while (padded.endsWith(u' '))
            padded.chop(1);
        text += padded + u'\n';
    }
    return text.toUtf8();
}

QByteArray asCsv(const QAbstractItemModel &model, const QList<int> &rows, const QList<int> &columns)
{
    QByteArrayList fields;
    for (const int column : columns)
        fields.append(csvField(model.headerData(column, Qt::Horizontal).toString()));
    QByteArray csv = fields.join(',') + "\r\n";
    for (const int row : rows) {
        fields.clear();
        for (const int column : columns)
            fields.append(csvField(exactValue(model, row, column).toString()));
        csv += fields.join(',') + "\r\n";
    }
    return csv;
}

QByteArray asJson(const QAbstractItemModel &model, const QList<int> &rows, const QList<int> &columns)
{
    QJsonArray array;
    for (const int row : rows) {
        QJsonObject object;
        for (const int column : columns) {
            QString name = model.headerData(column, Qt::Horizontal, ColumnNameRole).toString();
            if (name.isEmpty())
                name = model.headerData(column, Qt::Horizontal).toString();
            object.insert(name, QJsonValue::fromVariant(exactValue(model, row, column)));
        }
        array.append(object);
    }
    return QJsonDocument(array).toJson();
}

} // namespace

QByteArray exportTable(const QAbstractItemModel &model, const QList<int> &rows, const QList<int> &columns,
                       TableFormat format)
{
    switch (format) {
    case TableFormat::Text: return asText(model, rows, columns);
    case TableFormat::Csv: return asCsv(model, rows, columns);
    case TableFormat::Json: return asJson(model, rows, columns);
    }
    return {};
}

QByteArray exportTable(const QAbstractItemModel &model, TableFormat format)
{
    QList<int> rows(model.rowCount());
    std::iota(rows.begin(), rows.end(), 0);
    QList<int> columns(model.columnCount());
    std::iota(columns.begin(), columns.end(), 0);
    return exportTable(model, rows, columns, format);
}

} // namespace slotscope
