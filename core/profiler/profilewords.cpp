// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiler/profilewords.h"

#include "core/base/bytesjson.h"
#include "core/base/text.h"
#include "core/base/tr.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr qint64 microsecondsInSecond = 1'000'000;

QByteArray secondsText(qint64 microseconds)
{
    return QByteArray::number(microseconds / microsecondsInSecond) + '.'
        + QByteArray::number(microseconds % microsecondsInSecond).rightJustified(6, '0');
}

/// Quotes each word as MONITOR does.
QByteArray inQuotes(const QByteArray &word)
{
    const QByteArray text = quoted(word);
    return text.startsWith('"') ? text : '"' + text + '"';
}

} // namespace

QByteArray textLineOf(const MonitorLine &line, const QString &node)
{
    QByteArray text = secondsText(line.microseconds) + ' ' + node.toUtf8() + " [" + QByteArray::number(line.database)
        + ' ' + line.client + ']';
    for (const QByteArray &word : line.command)
        text += ' ' + inQuotes(word);
    if (line.isCut)
        text += " \xe2\x80\xa6";
    return text + '\n';
}

QJsonObject jsonOf(const MonitorLine &line, const QString &node, qsizetype arguments)
{
    QJsonArray words;
    for (const QByteArray &word : line.command)
        words.append(jsonOfBytes(word));
    using Source = MonitorLine::Source;
    QJsonObject row{{u"time"_s, QString::fromLatin1(secondsText(line.microseconds))},
                    {u"node"_s, node},
                    {u"database"_s, line.database},
                    {u"source"_s,
                     line.source == Source::Script       ? u"script"_s
                         : line.source == Source::Socket ? u"socket"_s
                                                         : u"client"_s},
                    {u"client"_s, line.source == Source::Script ? QJsonValue() : QJsonValue(toDisplay(line.client))},
                    {u"command"_s, words}};
    if (line.isGuessed)
        row.insert(u"guessed"_s, true);
    if (line.isCut) {
        row.insert(u"cut"_s, true);
        row.insert(u"words"_s, arguments);
    }
    return row;
}

QByteArray jsonLineOf(const MonitorLine &line, const QString &node, qsizetype arguments)
{
    return QJsonDocument(jsonOf(line, node, arguments)).toJson(QJsonDocument::Compact) + '\n';
}

QString endText(const ProfileSnapshot &profile, const ProfileOrder &order)
{
    switch (profile.end) {
    case ProfileEnd::None: return {};
    case ProfileEnd::Asked: return tr("Stopped.");
    case ProfileEnd::Time: return tr("Stopped: the time limit of %1 was reached.").arg(duration(order.milliseconds));
    case ProfileEnd::Lines:
        return tr("Stopped: the limit of %1 lines was reached.").arg(groupedNumber(qint64(order.lines)));
    case ProfileEnd::Ping: {
        const ProfileNode *worst = nullptr;
        for (const ProfileNode &node : profile.nodes)
            if (!worst || node.pingMicroseconds > worst->pingMicroseconds)
                worst = &node;
        return tr("Stopped: %1 answered a PING in %2 ms; the limit is %3 ms.")
            .arg(worst ? worst->name : QString(),
                 QString::number(worst ? double(worst->pingMicroseconds) / 1000 : 0, 'f', 1),
                 QString::number(double(order.pingMicroseconds) / 1000, 'g', 4));
    }
    case ProfileEnd::NoNode: return tr("Stopped: no node is being monitored any more.");
    }
    return {};
}

QString groupText(const ProfileGroup &group, ProfileBy by, const std::vector<ProfileNode> &nodes)
{
    if (by != ProfileBy::Node)
        return toDisplay(group.name);
    const size_t place = group.name.toUInt();
    return place < nodes.size() ? nodes[place].name : QString();
}

} // namespace slotscope
