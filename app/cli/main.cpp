// SPDX-License-Identifier: GPL-3.0-or-later
#include "change.h"
#include "targetoptions.h"

#include "core/profile/profilefile.h"
#include "core/audit/auditsettings.h"
#include "core/base/errortext.h"
#include "core/base/standardfiles.h"
#include "core/base/text.h"
#include "core/net/filelimit.h"
#include "core/net/sshaskpass.h"
#include "core/session/shardmemory.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QSettings>
#include <QTimer>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

const QList<Subcommand> &subcommands()
{
    static const QList<Subcommand> all =
        QList<Subcommand>{
            {u"topology"_s, u"topology"_s, u"Every node with its role, state, slots and figures."_s, &runTopology},
            {u"check"_s, u"check"_s,
             u"Asks every node and names all that is not as it should be. Exit code 1 when something is broken."_s,
             &runCheck},
            {u"slots"_s, u"slots [--keys] [--key KEY]… [--heat cpu|network|memory] [--for SECONDS] [--limit N]"_s,
             u"Which slots lie where; with --keys how many keys; or the slot and owner of each KEY."_s, &runSlots},
            {u"scan"_s,
             u"scan [--match PATTERN] [--type TYPE] [--node NODE | --replicas] [--slots RANGES] [--database N] [--count-only] [--types] [--ttl] [--memory] [-0]"_s,
             u"Every key of the cluster, each name once; what was scanned on standard error. --help tells all its options."_s,
             &runScan, true},
            {u"analyse"_s,
             u"analyse [--match PATTERN] [--type TYPE] [--node NODE | --replicas] [--slots RANGES] [--samples N] [--delimiter TEXT]… [--depth N] [--top N] [--heat SECONDS] [--save] [--compare FILE|last] | --rdb FILE… | --show FILE|last | --list | --keysizes"_s,
             u"What all keys come to, of servers or RDB files: types, memory by namespace, times to live, the biggest, what is worth doing. --help tells all its options."_s,
             &runAnalyse, true},
            {u"get"_s, u"get KEY [--field FIELD] [--head]"_s,
             u"The whole value of a key, of any type and size, byte for byte; its type, time to live and size on standard error."_s,
             &runGet, true},
            {u"set"_s, u"set KEY [VALUE] [--field FIELD] [--file PATH] [--only-if OLD] [--yes]"_s,
             u"Sets a string, or a field of a hash; times to live stay. Without VALUE it is read from standard input."_s,
             &runSet, true},
            {u"bulk"_s,
             u"bulk delete|expire|persist|copy|rename (--match PATTERN | --from FILE) [--for MS] [--without-ttl] [--to URI] [--rate N] [--dry-run] [--yes]"_s,
             u"Deletes all keys that match, lets them live for a while or for ever, copies them to another server, or renames them; counts them and asks first."_s,
             &runBulk, true},
            {u"export"_s, u"export FILE|- (--match PATTERN | --from FILE) [--format lines|commands|csv]"_s,
             u"Keys with their values and times to live to a file."_s, &runExport, true},
            {u"import"_s, u"import FILE|- [--on-conflict skip|replace|ask] [--dry-run] [--yes]"_s,
             u"The keys of a file that export wrote, or a file of commands."_s, &runImport, true},
            {u"slowlog"_s,
             u"slowlog [--node NODE]… [--count N] [--log slow|large-request|large-reply] [--follow | --shapes] [--others]"_s,
             u"What the nodes logged as slow, in one list by time. --help tells all its options."_s, &runSlowlog, true},
            {u"watch"_s, u"watch [--alert RULE]… [--for SECONDS] [--first]"_s,
             u"A line for each warning and error that comes or goes, each failover, and each rule that fires; for a terminal or a log."_s,
             &runWatch, true},
            {u"stat"_s, u"stat [--interval MS] [--count N] [--primaries] [--alert RULE] [--commands]"_s,
             u"The figures of all nodes side by side, again and again: rates, memory, clients, keys, lag, errors."_s,
             &runStat, true},
            {u"load"_s,
             u"load [--rate N] [--duration SECONDS] [--count N] [--clients N] [--mix LIST] [--compare FILE] … | --clean"_s,
             u"A load test: the rate, percentiles of the times, errors; its keys are removed. --help tells all its options."_s,
             &runLoad, true},
            {u"latency"_s,
             u"latency [--node NODE]… [--for SECONDS] [--interval MS] [--follow | --events | --doctor | --commands]"_s,
             u"Round trips to every node, and what the nodes tell of their own latency. --help tells all its options."_s,
             &runLatency, true},
            {u"clients"_s,
             u"clients [--node NODE]… [--by library|address|user] [--others] [--follow] [--kill ID]… [--yes]"_s,
             u"Who is connected to the nodes, in one table; ends connections. --help tells all its options."_s,
             &runClients, true},
            {u"acl"_s,
             u"acl [list] [--differ] | set USER RULE… [--ask-password] | delete USER | copy USER --from NODE | dryrun USER COMMAND… | log [--reset]"_s,
             u"ACL users of all nodes, and where they differ; changes them with a result for each node. --help tells all."_s,
             &runAcl, true},
            {u"monitor"_s,
             u"monitor [--node NODE]… [--primaries] [--for SECONDS] [--count N] [--latency MS] [--match WORD]… [--by WHAT] [--yes]"_s,
             u"Every command that the nodes run, as it runs: MONITOR of all at once. --help tells its cost and options."_s,
             &runMonitor, true},
            {u"hotkeys"_s, u"hotkeys [--node NODE]… [--for SECONDS] [--top N] [--yes]"_s,
             u"The keys that are used most, of each primary: by HOTKEYS, or the counters of an LFU policy, and what they stand for."_s,
             &runHotKeys, true},
            {u"pubsub"_s,
             u"pubsub CHANNEL… [--shard] [--pattern PATTERN]… [--events EVENT]… [--for SECONDS] [--count N] | --channels | --publish CHANNEL MESSAGE [--shard] [--yes]"_s,
             u"Messages of channels, patterns, shard channels and keyspace events; who subscribes; publishing."_s,
             &runPubSub, true},
            {u"call"_s,
             u"call [--to all|primaries|replicas|NODE] [--compare] [--resp2|--resp3] [--quoted-input] [--yes] COMMAND…|--file FILE|- [--go-on]"_s,
             u"Runs a command where its key lives, or on the nodes named, all at once. NODE: an id, the start of one, or HOST:PORT."_s,
             &runCall},
            {u"decode"_s, u"decode [--chain \"FORMAT > FORMAT…\"] FILE|-"_s,
             u"What a stored value is: recognised, unpacked and shown as text; needs no server."_s, &runDecode},
            {u"demo"_s, u"demo [--server PATH] [--primaries N] [--replicas N] [--thousands N] [--hosts]"_s,
             u"Starts a throw-away cluster with sample data, prints its URI, and takes it down on Ctrl+C."_s, &runDemo},
            {u"resume"_s, u"resume [RUN] [--busy-keys stop|keep-source|keep-target] [--call-timeout MS]"_s,
             u"Goes on with an operation that was interrupted, stopped or failed; the newest, or RUN."_s, &runResume,
             true},
            {u"roll-back"_s,
             u"roll-back [RUN] [--busy-keys stop|keep-source|keep-target] [--call-timeout MS] [--throttle K]"_s,
             u"Takes back what an operation has changed: slots that it moved, a setting, a role; the newest, or RUN."_s,
             &runRollBack, true},
            {u"addresses"_s, u"addresses [--test]"_s,
             u"Where each node is reached: the announced address, the one that is used, and how it was found; with --test who is there."_s,
             &runAddresses, true},
            {u"sentinel"_s, u"sentinel [list] | failover [--yes]"_s,
             u"What the Sentinels of a primary say (--uri redis+sentinel://…/NAME), and a failover through them."_s,
             &runSentinel, true},
            {u"saved"_s,
             u"saved [list] | add NAME [--folder F] [--tag T]… [--notes TEXT] [--env KIND] [--keep-password] | import FILE [--folder F] [--keep-passwords] [--with-commands] | export FILE [--with-secrets] [--overwrite] | remove NAME | consent NAME"_s,
             u"The connections that the window lists; add keeps the one that --uri and the other options name."_s,
             &runSaved},
            {u"history"_s, u"history [RUN]"_s, u"Operations run on this machine; or all of one."_s, &runHistory},
            {u"audit"_s,
             u"audit [--since TIME] [--until TIME] [--cluster NAME] [--node NODE] [--name COMMAND] [--find WORD]… [--result RESULT] [--count N] [--csv]"_s,
             u"What slotscope and slotscope-cli have changed on servers: when, where, who, what, and the result."_s,
             &runAudit, true},
        }
        + changeCommands();
    return all;
}

QString helpText(const QCommandLineParser &parser)
{
    QString text = parser.helpText() + u"\nCommands:\n"_s;
    for (const Subcommand &command : subcommands())
        text += u"  "_s + command.synopsis + u"\n      "_s + command.summary + u'\n';
    return text
        + u"\nEvery command from create on takes --dry-run (the plan, and nothing is changed), --yes (do not ask) and\n"
          "--accept-data-loss (what the plan says may be lost; --yes alone never consents to that). COMMAND --help "
          "tells all\n"
          "its options. MIGRATION: --classic | --atomic, --throttle KEYS, --latency-ceiling MS, --batch-bytes B,\n"
          "--call-timeout MS, --busy-keys stop|keep-source|keep-target, --no-replica-wait. NODE: an id, the start of "
          "one,\n"
          "or HOST:PORT.\n"
          "Without a terminal and without --yes nothing is changed: exit code 2, and the plan.\n"
          "\nExit codes: 0 done or healthy, 1 failed or the cluster has problems, 2 usage.\n"
          "Environment: SLOTSCOPE_URI, SLOTSCOPE_PASSWORD, REDISCLI_AUTH; SLOTSCOPE_SENTINEL_PASSWORD; "
          "SLOTSCOPE_KEY_PASSPHRASE (of the client's "
          "TLS\n"
          "key); SLOTSCOPE_JOURNAL (the journals' folder); SLOTSCOPE_AUDIT (the audit log's folder); "
          "SLOTSCOPE_SHARDS (numbers and names of shards).\n"_s;
}

constexpr int mostTimeoutMs = 3'600'000; // sums of several timeouts still fit into an int

/// Runs the command when the event loop has started, and ends the program with its exit code.
QCoro::Task<> runAndQuit(const Subcommand *command, Context context)
{
    const auto added = co_await addSecrets(&context);
    if (!added) {
        printError(added.error());
        printAside(u"Give the password by --askpass or SLOTSCOPE_PASSWORD.\n"_s);
        QCoreApplication::exit(exitFailed);
        co_return;
    }
    const int code = co_await command->run(context);
    QCoreApplication::exit(code);
}

constexpr int auditEndMs = 10'000; // for entries that are not written yet

/// Starts the audit log for everything sent from now on, except to the servers of the demo.
std::shared_ptr<AuditLog> beginAudit(const QString &command, const QString &commandsFile)
{
    const QSettings settings(u"slotscope"_s, u"slotscope"_s); // the same settings as the window
    AuditLog::Options options = auditOptionsOf(settings); // reads the file, so that status() is valid afterwards
    if (settings.status() != QSettings::NoError)
        printError(u"the settings cannot be read, standard values are used: %1"_s.arg(settings.fileName()));
    options.records = options.records && command != u"demo";
    options.program = u"slotscope-cli"_s;
    options.act = command;
    options.commandsFile = commandsFile;
    const auto log = std::make_shared<AuditLog>(options);
    setCommandWatch(log);
    return log;
}

/// Prints what could not be recorded in the audit log. The commands themselves are not undone.
int endAudit(AuditLog &log, int code)
{
    setCommandWatch({});
    const bool isWritten = log.flush(auditEndMs);
    if (const auto problem = log.problem())
        printError(u"what was sent could not be recorded: %1"_s.arg(describe(*problem)));
    else if (!isWritten)
        printError(u"the audit log: some entries were not written within %1 s"_s.arg(auditEndMs / 1000));
    if (log.lost() > 0)
        printError(u"the audit log: %1 entries are missing"_s.arg(log.lost()));
    if (log.commandsLost() > 0)
        printError(u"--log-commands: %1 commands are missing"_s.arg(log.commandsLost()));
    return code;
}

/// Accepts --json after the command too, up to the argument "--". Removes it from both lists, which hold the same
/// arguments.
bool takeJson(const QString &command, QStringList &words, QByteArrayList &raw)
{
    bool found = false;
    if (command == u"call") // all arguments of call belong to the server
        return false;
    const bool same = raw.size() == words.size();
    for (qsizetype i = 0; i < words.size() && words[i] != u"--";) {
        if (words[i] != u"--json") {
            ++i;
            continue;
        }
        found = true;
        words.removeAt(i);
        if (same)
            raw.removeAt(i);
    }
    return found;
}

int runMain(const QByteArrayList &raw)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Looks into Redis and Valkey clusters through all their nodes."_s);
    parser.setOptionsAfterPositionalArgumentsMode(QCommandLineParser::ParseAsPositionalArguments);
    parser.addOptions(targetOptions());
    parser.addOptions({
        {u"json"_s, u"Print JSON."_s},
        {u"log-commands"_s, u"Write every command that is sent to FILE, a line of JSON each, without passwords."_s,
         u"FILE"_s},
        {u"timeout"_s, u"How long a node may take to answer; default 5000."_s, u"MS"_s},
        {{u"h"_s, u"help"_s}, u"Show this."_s},
        {{u"v"_s, u"version"_s}, u"Show the version."_s},
    });
    parser.addPositionalArgument(u"COMMAND"_s, u"See below."_s, u"COMMAND [ARGUMENT…]"_s);
    if (!parser.parse(QCoreApplication::arguments()))
        return usageError(parser.errorText());
    if (parser.isSet(u"version"_s)) {
        printOut(u"slotscope-cli " SLOTSCOPE_VERSION ""_s);
        return exitDone;
    }
    QStringList words = parser.positionalArguments();
    if (parser.isSet(u"help"_s)) {
        printOut(helpText(parser).trimmed());
        return exitDone;
    }
    if (words.isEmpty())
        return usageError(u"a command is missing"_s);
    const QString name = words.takeFirst();
    QByteArrayList rawWords = raw.last(std::min(raw.size(), words.size()));
    const bool json = takeJson(name, words, rawWords) || parser.isSet(u"json"_s);
    const auto command = std::find_if(subcommands().begin(), subcommands().end(),
                                      [&](const Subcommand &candidate) { return candidate.name == name; });
    if (command == subcommands().end())
        return usageError(u"unknown command “%1”"_s.arg(name));
    const bool asksForHelp =
        name == u"call" ? words.value(0) == u"--help" : words.contains(u"--help"_s) || words.contains(u"-h"_s);
    if (asksForHelp && !command->tellsItself) {
        printOut(u"slotscope-cli [options] %1\n\n%2"_s.arg(command->synopsis, command->summary));
        return exitDone;
    }
    const auto timeout = parser.isSet(u"timeout"_s) ? toInteger(parser.value(u"timeout"_s).toUtf8()) : 5000;
    if (!timeout || *timeout < 1 || *timeout > mostTimeoutMs)
        return usageError(u"--timeout takes milliseconds, 1 to %1"_s.arg(mostTimeoutMs));
    if (parser.isSet(u"profiles"_s))
        setProfileFilePaths(parser.values(u"profiles"_s));
    const NamedTarget named = targetOf(parser);
    const Context context{.target = named.target,
                          .command = name,
                          .arguments = words,
                          .rawArguments = rawWords,
                          .savedId = named.savedId,
                          .timeoutMs = int(*timeout),
                          .json = json};
    ShardMemory::setOfProgram(std::make_shared<ShardMemory>(ShardMemory::defaultPath()));
    const auto log = beginAudit(name, parser.value(u"log-commands"_s));
    QTimer::singleShot(0, qApp, [command, context] { runAndQuit(&*command, context); });
    const int code = QCoreApplication::exec();
    return endAudit(*log, code);
}

} // namespace

} // namespace slotscope::cli

int main(int argc, char *argv[])
{
    slotscope::openStandardFiles();
    if (const auto code = slotscope::runAsAskpass(argc, argv))
        return *code;
    slotscope::raiseFileLimit();
    const QByteArrayList raw(argv, argv + argc);
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("slotscope-cli"));
    return slotscope::cli::endOutput(slotscope::cli::runMain(raw));
}
