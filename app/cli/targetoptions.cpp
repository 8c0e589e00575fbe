// SPDX-License-Identifier: GPL-3.0-or-later
#include "targetoptions.h"

#include "password.h"

#include "core/net/ownuri.h"
#include "core/net/passwordsource.h"
#include "core/profile/profilefile.h"

#include <QCommandLineParser>

#include <array>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

tl::unexpected<Error> wrongOption(const QString &why)
{
    return failure(Error::Code::InvalidArgument, why);
}

/// Any TLS option switches TLS on: setting a CA implies that no plain connection is wanted.
Result<> takeTls(const QCommandLineParser &parser, TlsSettings &tls)
{
    const std::array<std::pair<QString, QString *>, 7> texts{{{u"cacert"_s, &tls.caFile},
                                                              {u"cacertdir"_s, &tls.caFile},
                                                              {u"cert"_s, &tls.certFile},
                                                              {u"key"_s, &tls.keyFile},
                                                              {u"sni"_s, &tls.serverName},
                                                              {u"crl"_s, &tls.crlFile},
                                                              {u"tls-ciphers"_s, &tls.ciphers}}};
    tls.on = tls.on || parser.isSet(u"tls"_s);
    for (const auto &[name, text] : texts) {
        if (!parser.isSet(name))
            continue;
        *text = parser.value(name);
        tls.on = true;
    }
    if (parser.isSet(u"insecure"_s))
        tls.on = tls.insecure = true;
    if (parser.isSet(u"pin"_s)) {
        const auto pin = readFingerprint(parser.value(u"pin"_s));
        if (!pin)
            return wrongOption(u"--pin needs the SHA-256 of a certificate: 64 hexadecimal digits"_s);
        tls.on = true;
        tls.pin = *pin;
    }
    if (parser.isSet(u"tls-min"_s)) {
        const QString version = parser.value(u"tls-min"_s);
        if (version != u"1.2" && version != u"1.3")
            return wrongOption(u"--tls-min must be 1.2 or 1.3"_s);
        tls.on = true;
        tls.needs13 = version == u"1.3";
    }
    tls.keyPassphrase = qEnvironmentVariable("SLOTSCOPE_KEY_PASSPHRASE");
    return {};
}

/// A password given in another way replaces the password command of the saved connection.
Result<> takeCommand(const QCommandLineParser &parser, Credentials &credentials)
{
    constexpr int mostMinutes = 7 * 24 * 60;
    PasswordCommand &command = credentials.command;
    QString line = parser.value(u"password-command"_s);
    if (parser.isSet(u"password-command"_s) && line.trimmed().isEmpty())
        return wrongOption(u"--password-command: no program is given"_s);
    if (line.isEmpty() && !parser.isSet(u"askpass"_s) && !parser.isSet(u"profile"_s) && !parser.isSet(u"uri"_s))
        line = qEnvironmentVariable("SLOTSCOPE_PASSWORD_COMMAND");
    if (!line.isEmpty() && parser.isSet(u"askpass"_s))
        return wrongOption(u"--askpass and --password-command cannot be combined"_s);
    if (const auto why = line.isEmpty() ? std::nullopt : PasswordSource::whyNot(line))
        return wrongOption(u"--password-command: "_s + *why);
    if (!line.isEmpty())
        command = {.line = line, .validSeconds = 0};
    if (parser.isSet(u"password-valid"_s)) {
        bool ok = false;
        const int minutes = parser.value(u"password-valid"_s).toInt(&ok);
        if (!ok || minutes < 1 || minutes > mostMinutes)
            return wrongOption(u"--password-valid needs a number of minutes, 1 to %1"_s.arg(mostMinutes));
        if (command.isEmpty())
            return wrongOption(u"--password-valid needs --password-command"_s);
        command.validSeconds = 60 * minutes;
    }
    if (parser.isSet(u"askpass"_s) || !qEnvironmentVariableIsEmpty("SLOTSCOPE_PASSWORD")) {
        if (!parser.isSet(u"password-command"_s))
            command = {};
    }
    return {};
}

Result<> takeWay(const QCommandLineParser &parser, ConnectionTarget &target)
{
    const std::array<std::pair<QString, Result<Way> (*)(const QString &)>, 3> ways{
        {{u"ssh"_s, &Way::ssh}, {u"proxy"_s, &Way::proxy}, {u"tunnel"_s, &Way::byCommand}}};
    QString option;
    Result<Way> way = Way();
    for (const auto &[name, read] : ways) {
        if (!parser.isSet(name))
            continue;
        if (!option.isEmpty())
            return wrongOption(u"--%1 and --%2 cannot be combined"_s.arg(option, name));
        option = name;
        way = read(parser.value(name));
    }
    if (option.isEmpty())
        return {};
    if (!way)
        return wrongOption(u"--%1: %2"_s.arg(option, way.error().detail));
    if (!way->isDirect() && target.seeds.constFirst().isUnix())
        return wrongOption(u"a Unix socket is on this computer: it cannot be reached through SSH or a proxy"_s);
    target.way = *way;
    return {};
}

/// Returns the connection given by --profile, --uri or the environment, before other options are applied.
Result<SavedConnection> startOf(const QCommandLineParser &parser)
{
    if (parser.isSet(u"profile"_s)) {
        if (parser.isSet(u"uri"_s))
            return wrongOption(u"--profile and --uri cannot be combined"_s);
        SavedConnections saved(SavedConnections::defaultPath());
        saved.readFiles(profileFilePaths());
        if (saved.problem())
            return failure(*saved.problem());
        const QString name = parser.value(u"profile"_s);
        const SavedConnection *known = saved.named(name);
        if (!known)
            return wrongOption(
                u"--profile: there is no saved connection “%1”, or more than one, in %2"_s.arg(name, saved.path()));
        return *known;
    }
    QString uri = parser.value(u"uri"_s);
    if (uri.isEmpty())
        uri = qEnvironmentVariable("SLOTSCOPE_URI");
    auto target = parseOwnUri(uri.isEmpty() ? u"redis://127.0.0.1:6379"_s : uri);
    if (!target)
        return tl::make_unexpected(target.error());
    SavedConnection unsaved;
    unsaved.target = *target;
    return unsaved;
}

/// A program or variable named by a file may provide the password only if the user has agreed to it for these servers.
Result<> mayGivePassword(const SavedConnection &start, const PasswordCommand &command, bool asks)
{
    const bool isFilesCommand = !command.isEmpty() && command.line == start.target.credentials.command.line;
    const bool isFilesVariable = !asks && !start.passwordVariable.isEmpty();
    if ((!isFilesCommand && !isFilesVariable) || CommandConsents().has(start))
        return {};
    const QString what = isFilesCommand
        ? u"wants to run this program, and you have not agreed to it: "_s + command.line
        : u"wants to send this environment variable, and you have not agreed to it: "_s + start.passwordVariable;
    return wrongOption(
        u"--profile %1: %2 %3\nThe password is sent to %4\nTo agree: slotscope-cli saved consent '%1'"_s.arg(
            start.target.title(), start.file, what, CommandConsents::addressOf(start.target)));
}

/// Applies the other options and the environment to the connection.
Result<ConnectionTarget> completed(const QCommandLineParser &parser, const SavedConnection &start)
{
    Result<ConnectionTarget> target = start.target;
    if (const auto taken = takeTls(parser, target->tls); !taken)
        return tl::make_unexpected(taken.error());
    if (target->tls.on && target->seeds.constFirst().isUnix())
        return wrongOption(u"servers offer no TLS on a Unix socket"_s);
    if (const auto taken = takeWay(parser, *target); !taken)
        return tl::make_unexpected(taken.error());
    if (parser.isSet(u"user"_s))
        target->credentials.user = parser.value(u"user"_s);
    if (parser.isSet(u"askpass"_s)) {
        const auto password = askPassword();
        if (!password)
            return failure(password.error());
        target->credentials.password = *password;
    }
    if (const auto taken = takeCommand(parser, target->credentials); !taken)
        return tl::make_unexpected(taken.error());
    const bool asks = parser.isSet(u"askpass"_s) || !target->credentials.command.isEmpty();
    if (const auto may = mayGivePassword(start, target->credentials.command, asks); !may)
        return tl::make_unexpected(may.error());
    if (!asks && !start.passwordVariable.isEmpty())
        target->credentials.password = qEnvironmentVariable(start.passwordVariable.toLocal8Bit().constData());
    const bool isMissing = !asks && !start.passwordVariable.isEmpty() && target->credentials.password.isEmpty();
    if (isMissing && qEnvironmentVariableIsEmpty("SLOTSCOPE_PASSWORD"))
        return wrongOption(u"the environment variable %1 for the password of “%2” is not set"_s.arg(
            start.passwordVariable, target->title()));
    // A variable exported for redis-cli may be meant for another server, so the connection's own password takes
    // precedence.
    QByteArrayList variables{"SLOTSCOPE_PASSWORD"_ba};
    if (!start.keepsSecrets && start.passwordVariable.isEmpty())
        variables << "REDISCLI_AUTH"_ba;
    for (const QByteArray &name : std::as_const(variables))
        if (target->credentials.password.isEmpty() && !asks)
            target->credentials.password = qEnvironmentVariable(name.constData());
    QString &ofSentinels = target->sentinel.credentials.password;
    if (target->sentinel.isOn() && ofSentinels.isEmpty())
        ofSentinels = qEnvironmentVariable("SLOTSCOPE_SENTINEL_PASSWORD");
    target->readOnly = target->readOnly || parser.isSet(u"read-only"_s);
    for (const QString &pair : parser.values(u"rename-command"_s)) {
        if (const auto added = target->addRename(pair); !added)
            return wrongOption(u"--rename-command "_s + added.error().detail);
    }
    for (const QString &pair : parser.values(u"map"_s)) {
        if (const auto added = target->addMapping(pair); !added)
            return wrongOption(u"--map "_s + added.error().detail);
    }
    return target;
}

} // namespace

QList<QCommandLineOption> targetOptions()
{
    return {
        {u"uri"_s,
         u"Where to connect: redis://[user[:password]@]host[:port][,host[:port]…][/db]; several hosts are several seeds. rediss:// uses TLS."_s,
         u"URI"_s},
        {u"profile"_s, u"Name of a saved connection."_s, u"NAME"_s},
        {u"profiles"_s,
         u"A file of connections to read in addition to the saved ones (may be repeated); also SLOTSCOPE_PROFILES."_s,
         u"FILE"_s},
        {u"user"_s, u"ACL user."_s, u"NAME"_s},
        {u"askpass"_s, u"Ask for the password."_s},
        {u"password-command"_s,
         u"Run this program, and use the first line of its output as the password. No shell: write sh -c '…' to use one."_s,
         u"CMD"_s},
        {u"password-valid"_s,
         u"Run the password command again before this many minutes have passed, and log in again. Default: never."_s,
         u"MINUTES"_s},
        {u"tls"_s, u"Use TLS; the certificate of every node is verified, including its name."_s},
        {u"cacert"_s, u"File with trusted authorities (CA), in PEM format; default: those of the system."_s, u"FILE"_s},
        {u"cacertdir"_s, u"Folder with such files."_s, u"DIR"_s},
        {u"cert"_s, u"Client certificate, in PEM format."_s, u"FILE"_s},
        {u"key"_s, u"Private key of the client certificate, in PEM format."_s, u"FILE"_s},
        {u"sni"_s, u"Server name: sent as SNI, and required in the certificate of every node."_s, u"NAME"_s},
        {u"crl"_s, u"Certificate revocation list, in PEM format."_s, u"FILE"_s},
        {u"pin"_s, u"Accept only the certificate with this SHA-256, whoever issued it."_s, u"SHA256"_s},
        {u"tls-ciphers"_s, u"Ciphers for TLS 1.2, as OpenSSL lists them."_s, u"LIST"_s},
        {u"tls-min"_s, u"Minimum TLS version: 1.2 (default) or 1.3."_s, u"VERSION"_s},
        {u"insecure"_s, u"Accept any certificate."_s},
        {u"ssh"_s,
         u"Reach every node through this SSH server, with the system's ssh; with several, separated by commas, all but the last are jump hosts. Names from ~/.ssh/config are allowed."_s,
         u"[USER@]HOST[:PORT]"_s},
        {u"proxy"_s, u"Reach every node through a proxy: socks5://HOST:PORT or http://HOST:PORT."_s, u"URL"_s},
        {u"tunnel"_s,
         u"Reach every node through a command, one process per node: {local} is the port on which it listens, {host} and {port} are those of the node. No shell is used."_s,
         u"COMMAND"_s},
        {u"rename-command"_s, u"On these servers, command A has the name B (may be repeated)."_s, u"A=B"_s},
        {u"read-only"_s, u"Send no commands that may change the servers: they are refused."_s},
        {u"map"_s, u"Reach the announced address A at B (may be repeated)."_s, u"A=B"_s},
    };
}

NamedTarget targetOf(const QCommandLineParser &parser)
{
    const auto start = startOf(parser);
    if (!start)
        return {.target = tl::make_unexpected(start.error()), .savedId = {}};
    auto target = completed(parser, *start);
    // secrets stored for servers at another place must not be sent to these
    const bool isSame = target && target->isSamePlace(start->target);
    if (target && !isSame && !parser.isSet(u"password-command"_s)
        && target->credentials.command == start->target.credentials.command)
        target->credentials.command = {};
    return {.target = std::move(target), .savedId = start->keepsSecrets && isSame ? start->id : QString()};
}

} // namespace slotscope::cli
