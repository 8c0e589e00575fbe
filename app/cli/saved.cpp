// SPDX-License-Identifier: GPL-3.0-or-later
// slotscope-cli saved: the list of connections that the window shows too.
#include "command.h"
#include "savedfiles.h"

#include "core/base/errortext.h"
#include "core/profile/profilefile.h"
#include "core/profile/savedconnections.h"
#include "core/profile/secretstore.h"

#include <QCommandLineParser>
#include <QDateTime>
#include <QJsonArray>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

QString secretsText(const SavedConnection &connection)
{
    if (!connection.target.credentials.command.isEmpty())
        return u"from a command"_s;
    if (!connection.passwordVariable.isEmpty())
        return u"from $"_s + connection.passwordVariable;
    if (connection.keepsSecrets)
        return u"in the keychain"_s;
    return connection.hadPassword ? u"asked for"_s : u"none"_s;
}

QString whenText(qint64 at)
{
    return at == 0 ? u"never"_s : QDateTime::fromMSecsSinceEpoch(at).toString(u"yyyy-MM-dd HH:mm"_s);
}

int listSaved(const SavedConnections &saved, bool json)
{
    if (json) {
        QJsonArray connections;
        for (const SavedConnection &connection : saved.list()) {
            QJsonObject object = toJson(connection);
            if (!connection.file.isEmpty())
                object.insert(u"file"_s, connection.file);
            connections.append(object);
        }
        printJson({{u"file"_s, saved.path()}, {u"connections"_s, connections}});
        return exitDone;
    }
    QList<QStringList> rows{{u"NAME"_s, u"FOLDER"_s, u"ADDRESS"_s, u"PASSWORD"_s, u"USED"_s}};
    for (const SavedConnection &connection : saved.list()) {
        ConnectionTarget bare = connection.target;
        bare.name.clear();
        rows.append({connection.target.title(), connection.folder, bare.toUri(), secretsText(connection),
                     whenText(connection.usedAt)});
    }
    printOut(rows.size() > 1 ? tableText(rows) : u"no connection is saved in %1"_s.arg(saved.path()));
    return exitDone;
}

struct SavedOptions
{
    QCommandLineParser parser;
    SavedOptions()
    {
        parser.addOptions({{u"folder"_s, u"Folder for the connection."_s, u"NAME"_s},
                           {u"tag"_s, u"A tag (may be repeated)."_s, u"TAG"_s},
                           {u"notes"_s, u"Notes."_s, u"TEXT"_s},
                           {u"env"_s, u"production, staging or development."_s, u"KIND"_s},
                           {u"keep-password"_s, u"Store password and passphrase in the system's keychain."_s}});
    }
};

QCoro::Task<int> addSaved(Context context, std::shared_ptr<SavedConnections> saved, QStringList words)
{
    SavedOptions options;
    if (!options.parser.parse(words) || options.parser.positionalArguments().size() != 1)
        co_return usageError(
            u"saved add NAME [--folder F] [--tag T]… [--notes TEXT] [--env KIND] [--keep-password]: %1"_s.arg(
                options.parser.errorText()));
    if (!context.target) {
        printError(context.target.error());
        co_return exitUsage;
    }
    const QString name = options.parser.positionalArguments().constFirst();
    SavedConnection connection;
    if (const SavedConnection *known = saved->named(name))
        connection = *known;
    const bool mayBeKept = connection.hadPassword || connection.keepsSecrets;
    const EnvironmentKind environment = connection.target.environment;
    connection.target = *context.target;
    connection.target.name = name;
    if (connection.target.environment == EnvironmentKind::None)
        connection.target.environment = environment;
    if (options.parser.isSet(u"folder"_s))
        connection.folder = options.parser.value(u"folder"_s);
    if (options.parser.isSet(u"tag"_s))
        connection.tags = options.parser.values(u"tag"_s);
    if (options.parser.isSet(u"notes"_s))
        connection.notes = options.parser.value(u"notes"_s);
    if (options.parser.isSet(u"env"_s)) {
        connection.target.environment = environmentNamed(options.parser.value(u"env"_s));
        if (connection.target.environment == EnvironmentKind::None)
            co_return usageError(u"--env takes production, staging or development"_s);
    }
    const SecretStore::Secrets secrets = SecretStore::Secrets::of(*context.target);
    connection.hadPassword = context.target->hasPassword();
    connection.keepsSecrets = options.parser.isSet(u"keep-password"_s);
    if (connection.keepsSecrets && secrets.isEmpty())
        co_return usageError(u"--keep-password: no password is given; use --askpass or SLOTSCOPE_PASSWORD"_s);
    const auto id = saved->put(connection);
    if (!id) {
        printError(id.error());
        co_return exitFailed;
    }
    if (connection.keepsSecrets) {
        SecretStore store;
        const auto kept = co_await store.write(*id, secrets);
        if (!kept) {
            printError(kept.error());
            connection.id = *id;
            connection.keepsSecrets = false;
            if (const auto put = saved->put(connection); !put)
                printError(put.error());
            printAside(u"The connection is saved without its password: you are asked for it each time.\n"_s);
            co_return exitFailed;
        }
    }
    if (mayBeKept && !connection.keepsSecrets) { // an earlier version of this connection may have stored a secret
        SecretStore store;
        const auto forgotten = co_await store.forget(*id);
        if (!forgotten)
            printAside(
                u"The keychain entry of the connection could not be deleted: %1\n"_s.arg(describe(forgotten.error())));
    }
    printOut(u"saved as “%1” in %2"_s.arg(name, saved->path()));
    co_return exitDone;
}

QCoro::Task<int> removeSaved(std::shared_ptr<SavedConnections> saved, QString name)
{
    const SavedConnection *known = saved->named(name);
    if (!known)
        co_return usageError(u"there is no saved connection “%1”, or more than one"_s.arg(name));
    const SavedConnection connection = *known;
    if (connection.keepsSecrets
        // first, so that a connection whose secret cannot be deleted stays visible in the list
        || connection.hadPassword) {
        SecretStore store;
        const auto forgotten = co_await store.forget(connection.id);
        if (!forgotten && connection.keepsSecrets) {
            printError(forgotten.error());
            co_return exitFailed;
        }
    }
    if (const auto removed = saved->remove(connection.id); !removed) {
        printError(removed.error());
        co_return exitFailed;
    }
    printOut(u"“%1” is no longer saved"_s.arg(name));
    co_return exitDone;
}

/// A file that others can write to names a program or a variable: it may provide the password only after the user has
/// seen that.
int agreeTo(const SavedConnections &saved, const QString &name)
{
    const SavedConnection *known = saved.named(name);
    if (!known)
        return usageError(u"there is no connection “%1”, or more than one"_s.arg(name));
    const QString line = known->target.credentials.command.line;
    if ((line.isEmpty() && known->passwordVariable.isEmpty()) || known->file.isEmpty())
        return usageError(u"“%1” needs no consent: no file names a program or a variable for it"_s.arg(name));
    if (const auto given = CommandConsents().give(*known); !given) {
        printError(given.error());
        return exitFailed;
    }
    const QString what = line.isEmpty() ? u"this environment variable may be sent: "_s + known->passwordVariable
                                        : u"this program may be run here: "_s + line;
    printOut(u"agreed for “%1” of %2: %3\nthe password is sent to %4"_s.arg(name, known->file, what,
                                                                            CommandConsents::addressOf(known->target)));
    return exitDone;
}

} // namespace

QCoro::Task<int> runSaved(Context context)
{
    const auto saved = std::make_shared<SavedConnections>(SavedConnections::defaultPath());
    if (saved->problem()) {
        printError(*saved->problem());
        co_return exitFailed;
    }
    if (!saved->setAside().isEmpty())
        printAside(u"%1 was damaged; a copy is kept as %2\n"_s.arg(saved->path(), saved->setAside()));
    saved->readFiles(profileFilePaths());
    for (const QString &problem : saved->fileProblems())
        printAside(problem + u'\n');
    const QString what = context.arguments.value(0);
    if (what == u"consent" && context.arguments.size() == 2)
        co_return agreeTo(*saved, context.arguments[1]);
    if ((what.isEmpty() || what == u"list") && context.arguments.size() <= 1)
        co_return listSaved(*saved, context.json);
    if (what == u"remove" && context.arguments.size() == 2)
        co_return co_await removeSaved(saved, context.arguments[1]);
    if (what == u"add")
        // the first argument takes the place of the program's name
        co_return co_await addSaved(context, saved, context.arguments);
    if (what == u"import")
        co_return co_await importSaved(context, saved, context.arguments);
    if (what == u"export")
        co_return co_await exportSaved(saved, context.arguments);
    co_return usageError(u"saved [list] | add NAME … | import FILE | export FILE | remove NAME | consent NAME"_s);
}

QCoro::Task<Result<>> addSecrets(Context *context)
{
    if (context->savedId.isEmpty() || !context->target)
        co_return Result<>();
    SecretStore store;
    const auto found = co_await store.read(context->savedId);
    if (!found && !context->target->credentials.hasSecret())
        co_return failure(found.error());
    if (!found)
        co_return Result<>();
    found->addTo(*context->target);
    co_return Result<>();
}

} // namespace slotscope::cli
