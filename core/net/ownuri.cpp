// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/ownuri.h"

#include "core/base/tr.h"

#include <QUrl>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

Result<ConnectionTarget> parseOwnUri(const QString &uri)
{
    QString rest = uri;
    QStringList tunnels, renames;
    if (const qsizetype question = uri.indexOf(u'?'); question >= 0) {
        QStringList kept;
        for (const QString &option : uri.mid(question + 1).split(u'&')) {
            const QString value = QUrl::fromPercentEncoding(option.mid(option.indexOf(u'=') + 1).toUtf8());
            if (option.startsWith(u"tunnel="_s))
                tunnels.append(value);
            else if (option.startsWith(u"rename="_s))
                renames.append(value);
            else
                kept.append(option);
        }
        if (!tunnels.isEmpty() || !renames.isEmpty())
            rest = uri.left(question) + (kept.isEmpty() ? QString() : u'?' + kept.join(u'&'));
    }
    auto target = ConnectionTarget::parse(rest);
    if (!target)
        return target;
    for (const QString &pair : std::as_const(renames))
        if (const auto added = target->addRename(pair); !added)
            return failure(Error::Code::InvalidArgument, u"rename="_s + added.error().detail);
    if (tunnels.isEmpty())
        return target;
    if (tunnels.size() > 1 || !target->way.isDirect())
        return failure(Error::Code::InvalidArgument, tr("ssh=, proxy= and tunnel= cannot be combined"));
    const auto way = Way::byCommand(tunnels.constFirst());
    if (!way)
        return failure(Error::Code::InvalidArgument, u"tunnel= "_s + way.error().detail);
    if (target->seeds.constFirst().isUnix())
        return failure(Error::Code::InvalidArgument,
                       tr("a Unix socket is on this computer: it cannot be reached through SSH or a proxy"));
    target->way = *way;
    return target;
}

} // namespace slotscope
