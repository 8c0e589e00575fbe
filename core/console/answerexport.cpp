// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/console/answerexport.h"

#include "core/base/text.h"
#include "core/protocol/print.h"
#include "core/protocol/replyjson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

/// Formats a CSV cell so that spreadsheets take it for text, not for a formula.
QByteArray csvCell(QByteArray text)
{
    if (!text.isEmpty() && QByteArrayView("=+-@\t\r").contains(text[0])) {
        bool isNumber = false;
        (void)text.toDouble(&isNumber);
        if (!isNumber)
            text.prepend('\'');
    }
    const bool isPlain = !text.contains(',') && !text.contains('"') && !text.contains('\n') && !text.contains('\r');
    return isPlain ? text : '"' + text.replace('"', "\"\"") + '"';
}

QByteArray csvText(const Value &value)
{
    switch (value.type()) {
    case Value::Type::Null: return {};
    case Value::Type::Integer: return QByteArray::number(value.toInteger());
    case Value::Type::Boolean: return value.toInteger() ? "true" : "false";
    default: break;
    }
    if (value.isAggregate()) {
        const QJsonArray one{replyToJson(value)};
        const QByteArray text = QJsonDocument(one).toJson(QJsonDocument::Compact);
        return text.sliced(1, text.size() - 2);
    }
    return toDisplay(value.bytes()).toUtf8();
}

void appendRow(QByteArray &out, const QByteArrayList &cells)
{
    for (qsizetype i = 0; i < cells.size(); ++i) {
        if (i > 0)
            out += ',';
        out += csvCell(cells[i]);
    }
    out += "\r\n";
}

void appendCsv(QByteArray &out, const QString &node, const Value &value, bool named)
{
    const QByteArrayList before = named ? QByteArrayList{node.toUtf8()} : QByteArrayList();
    const Value::List &items = value.items();
    if (!value.isAggregate()) {
        appendRow(out, before + QByteArrayList{csvText(value)});
        return;
    }
    const bool pairs = value.type() == Value::Type::Map || value.type() == Value::Type::Attribute;
    for (size_t i = 0; i < items.size(); i += pairs ? 2 : 1) {
        QByteArrayList cells = before;
        if (pairs) {
            cells << csvText(items[i]) << csvText(items[i + 1]);
        } else if (items[i].isAggregate()) {
            for (const Value &cell : items[i].items())
                cells << csvText(cell);
        } else {
            cells << csvText(items[i]);
        }
        appendRow(out, cells);
    }
}

} // namespace

QByteArray exportedAnswers(const std::vector<std::pair<QString, std::shared_ptr<const Value>>> &answers,
                           AnswerFormat format, bool named)
{
    QByteArray out;
    QJsonObject object;
    QJsonArray single;
    for (const auto &[node, value] : answers) {
        if (!value)
            continue;
        if (format == AnswerFormat::Json) {
            const QJsonValue json = replyToJson(*value);
            if (named)
                object[node] = json;
            else
                single.append(json);
        } else if (format == AnswerFormat::Csv) {
            appendCsv(out, node, *value, named);
        } else {
            out += (named ? node.toUtf8() + ":\n" : QByteArray()) + printForTerminal(*value) + '\n';
        }
    }
    if (format != AnswerFormat::Json)
        return out;
    if (named)
        return QJsonDocument(object).toJson();
    const QByteArray text = QJsonDocument(single).toJson(QJsonDocument::Compact);
    return text.sliced(1, text.size() - 2) + '\n';
}

} // namespace slotscope
