// SPDX-License-Identifier: GPL-3.0-or-later
// What of PasswordSource a URI's reader needs; apart, so that it can be built without processes.
#include "core/net/passwordsource.h"

#include <QCoreApplication>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

bool PasswordSource::isOption(const QString &option)
{
    const QString word = option.toLower().remove(u'-').remove(u'_');
    return word == u"passwordcommand" || word == u"passwordvalid" || word == u"passwordfrom";
}

QString PasswordSource::notInUri(const QString &option)
{
    // not PasswordSource::tr(), which would pull in its meta-object and with it QProcess
    return QCoreApplication::translate("slotscope::PasswordSource",
                                       "%1=: a URI may not name a program to be run here. Enter the password command "
                                       "in the connection's dialog, or use --password-command")
        .arg(option);
}

} // namespace slotscope
