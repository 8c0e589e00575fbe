// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/connectfields.h"

#include "core/profile/commandlines.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QRegularExpression>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

struct FieldWords
{
    Q_DECLARE_TR_FUNCTIONS(slotscope::ConnectFields)
};

QString reasonOf(const Error &error)
{
    QString reason = error.detail;
    return reason.isEmpty() ? reason : reason.replace(0, 1, reason.at(0).toUpper());
}

void checkHosts(const QString &text, quint16 defaultPort, CheckedFields &checked)
{
    // the text is a command line: its parts are not servers, and one of them may be a password
    if (isCommandLine(text)) {
        const auto target = targetFromWords(text);
        checked.problems.insert(ConnectField::Hosts,
                                target ? FieldWords::tr("A command line: press Tab to fill the fields from it")
                                       : reasonOf(target.error()));
        return;
    }
    static const QRegularExpression separators(u"[,;\\s]+"_s);
    bool sockets = false;
    const QStringList hosts = text.split(separators, Qt::SkipEmptyParts);
    for (const QString &host : hosts) {
        const auto endpoint = Endpoint::parse(host, defaultPort);
        if (!endpoint) {
            checked.problems.insert(ConnectField::Hosts, reasonOf(endpoint.error()));
            return;
        }
        sockets = sockets || endpoint->isUnix();
        if (!checked.target.seeds.contains(*endpoint))
            checked.target.seeds.append(*endpoint);
    }
    if (checked.target.seeds.isEmpty())
        checked.problems.insert(ConnectField::Hosts,
                                FieldWords::tr("Enter at least one server, such as 10.0.0.1:6379"));
    else if (sockets && checked.target.seeds.size() > 1)
        checked.problems.insert(ConnectField::Hosts,
                                FieldWords::tr("A Unix socket cannot be combined with other servers"));
}

void checkDatabase(const QString &text, CheckedFields &checked)
{
    bool ok = true;
    const QString number = text.trimmed();
    const int database = number.isEmpty() ? 0 : number.toInt(&ok);
    if (!ok || database < 0 || number.startsWith(u'+'))
        checked.problems.insert(ConnectField::Database,
                                FieldWords::tr("“%1” is not a database number: enter 0, 1, 2 or higher").arg(number));
    else if (database > 0 && !checked.target.sentinel.isOn())
        checked.hints.insert(ConnectField::Database,
                             FieldWords::tr("Only for standalone servers: a cluster has database 0."));
    checked.target.database = ok ? database : 0;
}

void checkSentinel(const ConnectFields &fields, CheckedFields &checked)
{
    if (!fields.throughSentinels)
        return;
    const bool isSocket = !checked.target.seeds.isEmpty() && checked.target.seeds.front().isUnix();
    checked.target.sentinel = fields.sentinel;
    if (isSocket)
        checked.problems.insert(ConnectField::Sentinel,
                                FieldWords::tr("Sentinels cannot be reached through a Unix socket"));
    else if (!fields.sentinel.isOn())
        checked.problems.insert(ConnectField::Sentinel,
                                FieldWords::tr("The name of the primary, as the Sentinels know it, is missing"));
}

/// An empty field is an error, not a direct connection: a user who chose SSH must not send the password without it.
Result<Way> wayOf(const ConnectFields &fields)
{
    switch (fields.through) {
    case Way::Kind::Direct: return Way();
    case Way::Kind::Ssh:
        return fields.way.trimmed().isEmpty()
            ? failure(Error::Code::InvalidArgument, FieldWords::tr("The SSH host is missing"))
            : Way::ssh(fields.way);
    case Way::Kind::Program:
        return fields.way.trimmed().isEmpty()
            ? failure(Error::Code::InvalidArgument, FieldWords::tr("The command is missing"))
            : Way::byCommand(fields.way);
    default:
        return fields.way.trimmed().isEmpty()
            ? failure(Error::Code::InvalidArgument, FieldWords::tr("The address of the proxy is missing"))
            : Way::proxy(fields.way);
    }
}

void checkWay(const ConnectFields &fields, CheckedFields &checked)
{
    const auto way = wayOf(fields);
    const bool isSocket = !checked.target.seeds.isEmpty() && checked.target.seeds.front().isUnix();
    if (!way)
        checked.problems.insert(ConnectField::Way, reasonOf(way.error()));
    else if (!way->isDirect() && isSocket)
        checked.problems.insert(ConnectField::Way,
                                FieldWords::tr("A Unix socket is on this computer: the connection is direct"));
    else if (!isSocket)
        checked.target.way = *way;
}

void checkRenamed(const QString &text, CheckedFields &checked)
{
    static const QRegularExpression commas(u"[,;\\s]+"_s);
    for (const QString &pair : text.split(commas, Qt::SkipEmptyParts))
        if (const auto added = checked.target.addRename(pair); !added) {
            checked.problems.insert(ConnectField::Renamed, reasonOf(added.error()));
            return;
        }
}

void checkMap(const QList<std::pair<QString, QString>> &rows, CheckedFields &checked)
{
    for (int i = 0; i < rows.size(); ++i) {
        const QString announced = rows.at(i).first.trimmed(), reachable = rows.at(i).second.trimmed();
        if (announced.isEmpty() && reachable.isEmpty())
            continue;
        const auto from = Endpoint::parse(announced), to = Endpoint::parse(reachable);
        if (!from || !to) {
            const QString which = from ? FieldWords::tr("Reachable address") : FieldWords::tr("Announced address");
            const QString text = from ? reachable : announced;
            checked.problems.insert(ConnectField::Map,
                                    u"%1: %2"_s.arg(which,
                                                    text.isEmpty() ? FieldWords::tr("it is missing")
                                                        : from     ? to.error().detail
                                                                   : from.error().detail));
            checked.badMapRow = i;
            return;
        }
        static const QRegularExpression nodeId(u"\\A[0-9a-f]{40}\\z"_s);
        checked.target.addressMap.insert(nodeId.match(announced).hasMatch() ? announced : from->toString(), *to);
    }
}

} // namespace

CheckedFields checkFields(const ConnectFields &fields)
{
    CheckedFields checked;
    checkHosts(fields.hosts, fields.throughSentinels ? defaultSentinelPort : defaultRedisPort, checked);
    checkSentinel(fields, checked);
    checkDatabase(fields.database, checked);
    checkWay(fields, checked);
    checkRenamed(fields.renamed, checked);
    checkMap(fields.map, checked);
    checked.target.credentials = {
        .user = fields.user.trimmed(), .password = fields.password, .command = fields.command};
    const bool isSocket = !checked.target.seeds.isEmpty() && checked.target.seeds.front().isUnix();
    checked.target.tls = isSocket ? TlsSettings() : fields.tls; // servers offer no TLS on Unix sockets
    checked.target.permittedHosts = fields.permittedHosts;
    checked.target.name = fields.name.trimmed();
    checked.target.readOnly = fields.readOnly;
    checked.target.refreshSeconds = fields.refreshSeconds;
    checked.target.environment = fields.environment;
    if (!checked.target.credentials.user.isEmpty() && !checked.target.credentials.hasSecret())
        checked.hints.insert(ConnectField::User, FieldWords::tr("Without a password the user name is not used."));
    return checked;
}

ConnectFields fieldsOf(const ConnectionTarget &target)
{
    ConnectFields fields;
    QStringList hosts;
    for (const Endpoint &seed : target.seeds)
        hosts << seed.toString();
    fields.hosts = hosts.join(u", "_s);
    fields.user = target.credentials.user;
    fields.password = target.credentials.password;
    fields.command = target.credentials.command;
    fields.database = target.database == 0 ? QString() : QString::number(target.database);
    fields.name = target.name;
    fields.tls = target.tls;
    fields.throughSentinels = target.sentinel.isOn();
    fields.sentinel = target.sentinel;
    fields.through = target.way.kind == Way::Kind::Http ? Way::Kind::Socks5 : target.way.kind;
    fields.way = target.way.isSsh() ? target.way.hops.join(u", "_s) : target.way.toString();
    QStringList renamed;
    for (auto it = target.renamed.cbegin(); it != target.renamed.cend(); ++it)
        renamed << QString::fromLatin1(it.key() + '=' + it.value());
    renamed.sort();
    fields.renamed = renamed.join(u", "_s);
    fields.permittedHosts = target.permittedHosts;
    fields.readOnly = target.readOnly;
    fields.refreshSeconds = target.refreshSeconds;
    fields.environment = target.environment;
    for (auto it = target.addressMap.cbegin(); it != target.addressMap.cend(); ++it)
        fields.map.append({it.key(), it.value().toString()});
    std::sort(fields.map.begin(), fields.map.end());
    return fields;
}

QString agoText(qint64 then, qint64 now)
{
    constexpr qint64 minute = 60'000, hour = 60 * minute;
    const qint64 passed = now - then;
    if (passed < minute)
        return FieldWords::tr("just now");
    if (passed < hour)
        return FieldWords::tr("%n min ago", nullptr, int(passed / minute));
    const QDateTime was = QDateTime::fromMSecsSinceEpoch(then), is = QDateTime::fromMSecsSinceEpoch(now);
    if (was.date() == is.date() || passed < 6 * hour)
        return FieldWords::tr("%n h ago", nullptr, int(passed / hour));
    if (was.date().daysTo(is.date()) == 1)
        return FieldWords::tr("yesterday");
    return QLocale().toString(was.date(), QLocale::ShortFormat);
}

} // namespace slotscope
