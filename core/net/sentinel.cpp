// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/sentinel.h"

#include "core/base/tr.h"
#include "core/net/tlsoptions.h"

#include <QUrl>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr auto optionPrefix = "sentinel"_L1;

QString escaped(const QString &text)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(text));
}

} // namespace

Result<bool> SentinelSettings::readOption(const QString &key, const QString &value)
{
    if (!key.startsWith(optionPrefix))
        return false;
    if (!isOn())
        return failure(Error::Code::InvalidArgument,
                       tr("%1= is an option for Sentinels: write redis+sentinel://HOST:26379/NAME to use it").arg(key));
    const QString option = key.sliced(optionPrefix.size());
    if (option == u"user") {
        credentials.user = value;
    } else if (option == u"password") {
        credentials.password = value;
    } else if (option == u"tls") {
        if (value != u"0" && value != u"1")
            return failure(Error::Code::InvalidArgument, tr("%1=%2: only 1 and 0 are allowed").arg(key, value));
        if (!tls)
            tls.emplace();
        tls->on = value == u"1";
    } else {
        TlsSettings read = tls.value_or(TlsSettings());
        read.on = read.on || !tls;
        const auto known = readTlsOption(option, value, read);
        if (!known || !*known)
            return known;
        tls = read;
    }
    return true;
}

QStringList SentinelSettings::options(bool withPassword) const
{
    QStringList list;
    if (!isOn())
        return list;
    if (!credentials.user.isEmpty())
        list << u"sentineluser="_s + escaped(credentials.user);
    if (withPassword && !credentials.password.isEmpty())
        list << u"sentinelpassword="_s + escaped(credentials.password);
    if (tls) {
        list << u"sentineltls="_s + (tls->on ? u'1' : u'0');
        const QStringList options = tls->on ? tlsOptions(*tls) : QStringList();
        for (const QString &option : options)
            list << optionPrefix + option;
    }
    return list;
}

} // namespace slotscope
