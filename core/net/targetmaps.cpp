// SPDX-License-Identifier: GPL-3.0-or-later
// What a target maps: addresses to where they are reached, commands to what the servers call them; whom it permits.
#include "core/base/tr.h"
#include "core/net/uri.h"
#include "core/protocol/commandnames.h"

#include <QHostAddress>
#include <QRegularExpression>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

tl::unexpected<Error> wrongPair(const QString &why)
{
    return failure(Error::Code::InvalidArgument, why);
}

} // namespace

Result<> ConnectionTarget::addMapping(const QString &pair)
{
    static const QRegularExpression nodeId(u"\\A[0-9a-f]{40}\\z"_s);
    const qsizetype at = pair.indexOf(u'=');
    const QString node = pair.left(at);
    const bool isId = nodeId.match(node).hasMatch();
    const auto announced = Endpoint::parse(node), reachable = Endpoint::parse(pair.mid(at + 1));
    // require a port: a host alone could mean several nodes and would match none
    const bool hasPort = announced && (node.endsWith(u':' + QString::number(announced->port)) || node.contains(u'@'));
    if (at < 1 || !reachable || !(isId || hasPort))
        return wrongPair(tr("%1: write ANNOUNCED:PORT=REACHABLE:PORT, or ID=REACHABLE:PORT").arg(pair));
    const QString key = isId ? node : announced->toString();
    if (const auto former = addressMap.constFind(key); former != addressMap.constEnd() && *former != *reachable)
        return wrongPair(tr("%1: %2 is already mapped to %3").arg(pair, key, former->toString()));
    addressMap.insert(key, *reachable);
    return {};
}

Result<> ConnectionTarget::addRename(const QString &pair)
{
    static const QRegularExpression form(
        u"\\A([A-Za-z][A-Za-z0-9._-]*)[=:]([^\\s\\x00-\\x20\\x7f-\\x{10ffff}]{1,200})\\z"_s);
    const QRegularExpressionMatch match = form.match(pair);
    if (!match.hasMatch())
        return wrongPair(tr("%1: write a renamed command as COMMAND=NEWNAME, as in CONFIG=abc").arg(pair));
    const QByteArray command = match.captured(1).toLatin1().toUpper(), there = match.captured(2).toLatin1();
    if (isServersCommand(there) && there.toUpper() != command) // the server would run a different command than meant
        return wrongPair(tr("%1: %2 is the name of another command").arg(pair, match.captured(2)));
    if (const auto former = renamed.constFind(command); former != renamed.cend() && *former != there)
        return wrongPair(
            tr("%1: %2 already has the new name %3").arg(pair, match.captured(1), QString::fromLatin1(*former)));
    renamed.insert(command, there);
    return {};
}

bool ConnectionTarget::permits(const Endpoint &endpoint) const
{
    const bool isNamed = endpoint.isUnix() || seeds.contains(endpoint)
        || std::find(addressMap.cbegin(), addressMap.cend(), endpoint) != addressMap.cend();
    if (isNamed)
        return true;
    // without {host}, the command would lead to the user's server, not to this one
    if (way.isProgram() && !way.command.contains(u"{host}"_s))
        return false;
    if (permittedHosts.isEmpty())
        return true;
    const QHostAddress address(endpoint.host);
    return std::any_of(permittedHosts.cbegin(), permittedHosts.cend(), [&](const QString &permitted) {
        if (permitted.contains(u'/'))
            return !address.isNull() && address.isInSubnet(QHostAddress::parseSubnet(permitted));
        return permitted == endpoint.host.toLower() || (!address.isNull() && address == QHostAddress(permitted));
    });
}

} // namespace slotscope
