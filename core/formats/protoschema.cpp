// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/protoschema.h"

#include "core/base/text.h"
#include "core/base/tr.h"

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype longestTypeName = 500;

bool isNameStart(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || c == u'_';
}

} // namespace

QString ProtoProblem::toString() const
{
    return line > 0 ? u"%1:%2:%3: %4"_s.arg(file, QString::number(line), QString::number(column), words)
                    : u"%1: %2"_s.arg(file, words);
}

void addProblem(QList<ProtoProblem> &problems, const ProtoProblem &problem)
{
    if (problems.size() < mostProtoProblems - 1)
        problems += problem;
    else if (problems.size() < mostProtoProblems)
        problems +=
            {tr(".proto files"), 0, 0,
             tr("there are more than %1 problems: the rest is not listed").arg(groupedNumber(mostProtoProblems))};
}

QStringList ProtoSchema::types() const
{
    QStringList names;
    for (const ProtoMessage &message : messages)
        if (message.isListed)
            names += message.name;
    std::sort(names.begin(), names.end());
    return names;
}

bool isProtoTypeName(const QString &text)
{
    bool starts = true; // the next character starts a part of the name
    for (const QChar c : text) {
        if (c == u'.' ? starts : !isNameStart(c) && (starts || c < u'0' || c > u'9'))
            return false;
        starts = c == u'.';
    }
    return !starts && text.size() <= longestTypeName;
}

} // namespace slotscope
