// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/addresslist.h"

#include <QRegularExpression>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int mostPorts = 1000;
constexpr int highestPort = 65535;

bool isPort(int port)
{
    return port >= 1 && port <= highestPort;
}

} // namespace

QStringList addressesIn(const QString &text)
{
    static const QRegularExpression between(u"[\\s,;]+"_s);
    // an optional host before the last colon, then a port or a port range
    static const QRegularExpression form(u"\\A(?:(\\[[^\\]]*\\]|[^:\\[\\]]*):)?([0-9]{1,5})(?:-([0-9]{1,5}))?\\z"_s);
    QStringList addresses;
    QString host = u"127.0.0.1"_s;
    for (const QString &word : text.split(between, Qt::SkipEmptyParts)) {
        const QRegularExpressionMatch match = form.match(word);
        const int first = match.captured(2).toInt();
        const int last = match.captured(3).isEmpty() ? first : match.captured(3).toInt();
        if (!match.hasMatch() || !isPort(first) || !isPort(last) || last < first || last - first >= mostPorts) {
            addresses.append(word);
            continue;
        }
        if (!match.captured(1).isEmpty())
            host = match.captured(1);
        for (int port = first; port <= last; ++port)
            addresses.append(host + u':' + QString::number(port));
    }
    return addresses;
}

} // namespace slotscope
