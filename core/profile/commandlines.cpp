// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/commandlines.h"

#include "core/base/tr.h"

#include <QFileInfo>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

bool isCli(const QString &word)
{
    const QString name = QFileInfo(word).fileName();
    return name == u"redis-cli" || name == u"valkey-cli";
}

/// Splits a line into words like a shell: blanks separate, quotes and backslashes prevent that. Nothing is expanded.
QStringList shellWords(const QString &line)
{
    QStringList words;
    QString word;
    QChar quote;
    bool isInWord = false;
    for (qsizetype i = 0; i < line.size(); ++i) {
        const QChar letter = line.at(i);
        if (quote.isNull() && letter.isSpace()) {
            if (std::exchange(isInWord, false))
                words << std::exchange(word, {});
            continue;
        }
        isInWord = true;
        if (letter == quote)
            quote = {};
        else if (quote.isNull() && (letter == u'\'' || letter == u'"'))
            quote = letter;
        else if (letter == u'\\' && quote != u'\'' && i + 1 < line.size())
            word += line.at(++i);
        else
            word += letter;
    }
    if (isInWord)
        words << word;
    return words;
}

/// The values of the options; addressing options are stored as parts of a URI.
struct CliWords
{
    ConnectionTarget target;
    bool hasDatabase = false;
    QString host = u"127.0.0.1"_s, port = u"6379"_s, socket, uri;
};

tl::unexpected<Error> refusedWord(const QString &why)
{
    return failure(Error::Code::InvalidArgument, why);
}

/// Reads an option and its value, if it takes one. Returns false for an unknown option.
Result<bool> takeOption(const QString &option, QStringList &rest, CliWords &words)
{
    TlsSettings &tls = words.target.tls;
    Credentials &credentials = words.target.credentials;
    const QHash<QString, QString *> texts{{u"-h"_s, &words.host},
                                          {u"-p"_s, &words.port},
                                          {u"-s"_s, &words.socket},
                                          {u"-u"_s, &words.uri},
                                          {u"-a"_s, &credentials.password},
                                          {u"--pass"_s, &credentials.password},
                                          {u"--user"_s, &credentials.user},
                                          {u"--sni"_s, &tls.serverName},
                                          {u"--cacert"_s, &tls.caFile},
                                          {u"--cacertdir"_s, &tls.caFile},
                                          {u"--cert"_s, &tls.certFile},
                                          {u"--key"_s, &tls.keyFile},
                                          {u"--tls-ciphers"_s, &tls.ciphers}};
    static const QStringList quiet{
        u"-c"_s,    u"-2"_s,     u"-3"_s, u"--raw"_s, u"--no-raw"_s, u"--no-auth-warning"_s, u"--cluster-yes"_s,
        u"--csv"_s, u"--json"_s, u"-e"_s};
    if (option == u"--tls") {
        tls.on = true;
    } else if (option == u"--insecure") {
        tls.insecure = true;
    } else if (option == u"-n") {
        bool ok = false;
        words.target.database = rest.isEmpty() ? -1 : rest.takeFirst().toInt(&ok);
        if (!ok || words.target.database < 0)
            return refusedWord(tr("-n needs the number of a database"));
        words.hasDatabase = true;
    } else if (QString *text = texts.value(option)) {
        if (rest.isEmpty())
            return refusedWord(tr("%1 needs a value").arg(option));
        *text = rest.takeFirst();
    } else {
        return quiet.contains(option);
    }
    return true;
}

} // namespace

bool isCommandLine(const QString &text)
{
    const QStringList words = shellWords(text);
    const qsizetype first = !words.isEmpty() && words.constFirst() == u"$" ? 1 : 0;
    return isCli(words.value(first));
}

Result<ConnectionTarget> targetFromWords(const QString &text)
{
    QStringList rest = shellWords(text);
    if (!rest.isEmpty() && rest.constFirst() == u"$") // the text was copied together with the shell's prompt
        rest.removeFirst();
    if (rest.isEmpty() || !isCli(rest.constFirst()))
        return ConnectionTarget::parse(text.trimmed());
    rest.removeFirst();
    CliWords words;
    while (!rest.isEmpty()) {
        const QString option = rest.takeFirst();
        const auto known = takeOption(option, rest, words);
        if (!known)
            return tl::make_unexpected(known.error());
        if (!*known)
            return refusedWord(tr("“%1” does not tell how to connect").arg(option));
    }
    ConnectionTarget target = words.target;
    if (!words.uri.isEmpty()) {
        auto named = ConnectionTarget::parse(words.uri);
        if (!named)
            return named;
        if (!target.credentials.password.isEmpty())
            named->credentials.password = target.credentials.password;
        if (!target.credentials.user.isEmpty())
            named->credentials.user = target.credentials.user;
        if (words.hasDatabase)
            named->database = target.database;
        TlsSettings &tls = named->tls;
        for (const auto &[own, given] : {std::pair{&tls.caFile, &target.tls.caFile},
                                         {&tls.certFile, &target.tls.certFile},
                                         {&tls.keyFile, &target.tls.keyFile},
                                         {&tls.serverName, &target.tls.serverName},
                                         {&tls.ciphers, &target.tls.ciphers}})
            if (!given->isEmpty())
                *own = *given;
        tls.on = tls.on || target.tls.on;
        tls.insecure = tls.insecure || target.tls.insecure;
        return named;
        named->tls.on = named->tls.on || target.tls.on;
        if (!target.credentials.password.isEmpty())
            named->credentials = target.credentials;
        target.tls.on = named->tls.on;
        named->tls = target.tls;
        return named;
    }
    if (!target.tls.on)
        target.tls = {}; // redis-cli ignores them as well
    if (!words.socket.isEmpty() && target.tls.on)
        return refusedWord(tr("servers offer no TLS on a Unix socket"));
    if (!words.socket.isEmpty()) {
        target.seeds = {Endpoint{.host = {}, .port = 0, .socketPath = words.socket}};
        return target;
    }
    const auto endpoint =
        Endpoint::parse((words.host.contains(u':') ? u'[' + words.host + u']' : words.host) + u':' + words.port);
    if (!endpoint)
        return tl::make_unexpected(endpoint.error());
    target.seeds = {*endpoint};
    return target;
}

} // namespace slotscope
