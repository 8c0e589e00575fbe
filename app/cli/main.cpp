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
            {u"topology"_s, u"topology"_s, u"Lists every node with its role, state, slots and values."_s, &runTopology},
            {u"check"_s, u"check"_s, u"Checks every node and lists all problems. Exit code 1 if something is broken."_s,
             &runCheck},
            {u"slots"_s, u"slots [--keys] [--key KEY]… [--heat cpu|network|memory] [--for SECONDS] [--limit N]"_s,
             u"Shows which node owns which slots; with --keys the number of keys; or the slot and owner of each KEY."_s,
             &runSlots},
            {u"scan"_s,
             u"scan [--match PATTERN] [--type TYPE] [--node NODE | --replicas] [--slots RANGES] [--database N] [--count-only] [--types] [--ttl] [--memory] [-0]"_s,
             u"Prints every key of the cluster, each name once; progress goes to standard error. --help lists all options."_s,
             &runScan, true},
            {u"analyse"_s,
             u"analyse [--match PATTERN] [--type TYPE] [--node NODE | --replicas] [--slots RANGES] [--samples N] [--delimiter TEXT]… [--depth N] [--top N] [--heat SECONDS] [--save] [--compare FILE|last] | --rdb FILE… | --show FILE|last | --list | --keysizes"_s,
             u"A report on all keys, of servers or RDB files: types, memory by namespace, times to live, biggest keys, recommendations. --help lists all options."_s,
             &runAnalyse, true},
            {u"get"_s, u"get KEY [--field FIELD] [--head] [--format CHAIN [--proto DIR]…]"_s,
             u"Prints the whole value of a key, of any type and size, byte for byte; type, time to live and size go to standard error."_s,
             &runGet, true},
            {u"set"_s, u"set KEY [VALUE] [--field FIELD] [--file PATH] [--only-if OLD] [--yes]"_s,
             u"Sets a string, or a field of a hash; the time to live stays. Without VALUE it is read from standard input."_s,
             &runSet, true},
            {u"bulk"_s,
             u"bulk delete|expire|persist|copy|rename (--match PATTERN | --from FILE) [--for MS] [--without-ttl] [--to URI] [--rate N] [--dry-run] [--yes]"_s,
             u"Deletes all keys that match, sets or removes their expiry, copies them to another server, or renames them; counts them and asks first."_s,
             &runBulk, true},
            {u"export"_s, u"export FILE|- (--match PATTERN | --from FILE) [--format lines|commands|csv]"_s,
             u"Writes keys with their values and times to live to a file."_s, &runExport, true},
            {u"import"_s, u"import FILE|- [--on-conflict skip|replace|ask] [--dry-run] [--yes]"_s,
             u"Imports the keys of a file that export wrote, or runs a file of commands."_s, &runImport, true},
            {u"slowlog"_s,
             u"slowlog [--node NODE]… [--count N] [--log slow|large-request|large-reply] [--follow | --shapes] [--others]"_s,
             u"Slow log entries of all nodes in one list by time. --help lists all options."_s, &runSlowlog, true},
            {u"watch"_s, u"watch [--alert RULE]… [--for SECONDS] [--first]"_s,
             u"Prints a line for each warning and error that appears or ends, each failover, and each rule that fires; for a terminal or a log."_s,
             &runWatch, true},
            {u"stat"_s, u"stat [--interval MS] [--count N] [--primaries] [--fields LIST] [--alert RULE] [--commands]"_s,
             u"Metrics of all nodes side by side, repeatedly: rates, memory, clients, keys, lag, errors."_s, &runStat,
             true},
            {u"load"_s,
             u"load [--rate N] [--duration SECONDS] [--count N] [--clients N] [--mix LIST] [--compare FILE] … | --clean"_s,
             u"A load test: rate, percentiles of the times, errors; its keys are deleted. --help lists all options."_s,
             &runLoad, true},
            {u"latency"_s,
             u"latency [--node NODE]… [--for SECONDS] [--interval MS] [--follow | --events | --doctor | --commands]"_s,
             u"Round-trip times to every node, and the latency that the nodes report. --help lists all options."_s,
             &runLatency, true},
            {u"clients"_s,
             u"clients [--node NODE]… [--by library|address|user] [--others] [--follow] [--kill ID]… [--yes]"_s,
             u"Lists the clients of all nodes in one table, and kills connections. --help lists all options."_s,
             &runClients, true},
            {u"acl"_s,
             u"acl [list] [--differ] | set USER RULE… [--ask-password] | delete USER | copy USER --from NODE | dryrun USER COMMAND… | log [--reset]"_s,
             u"ACL users of all nodes, and where they differ; changes them with a result for each node. --help lists all options."_s,
             &runAcl, true},
            {u"monitor"_s,
             u"monitor [--node NODE]… [--primaries] [--for SECONDS] [--count N] [--latency MS] [--match WORD]… [--by WHAT] [--yes]"_s,
             u"Every command that the nodes run, live: MONITOR on all of them. --help describes its cost and options."_s,
             &runMonitor, true},
            {u"hotkeys"_s, u"hotkeys [--node NODE]… [--for SECONDS] [--top N] [--yes]"_s,
             u"The most used keys of each primary, from HOTKEYS or the counters of an LFU policy, with an explanation of the numbers."_s,
             &runHotKeys, true},
            {u"pubsub"_s,
             u"pubsub CHANNEL… [--shard] [--pattern PATTERN]… [--events EVENT]… [--for SECONDS] [--count N] | --channels | --publish CHANNEL MESSAGE [--shard] [--yes]"_s,
             u"Messages of channels, patterns, shard channels and keyspace events; active channels; publishing."_s,
             &runPubSub, true},
            {u"call"_s,
             u"call [--to all|primaries|replicas|NODE] [--compare] [--resp2|--resp3] [--quoted-input] [--yes] COMMAND…|--file FILE|- [--go-on]"_s,
             u"Runs a command on the node that owns its key, or on the given nodes, all at once. NODE: an id, the start of one, or HOST:PORT."_s,
             &runCall},
            {u"decode"_s, u"decode [--chain \"FORMAT > FORMAT…\" [--proto DIR]…] FILE|-"_s,
             u"Detects the format of a stored value, unpacks it and prints it as text; needs no server."_s, &runDecode},
            {u"demo"_s, u"demo [--server PATH] [--primaries N] [--replicas N] [--thousands N] [--hosts]"_s,
             u"Starts a temporary cluster with sample data, prints its URI, and removes it on Ctrl+C."_s, &runDemo},
            {u"resume"_s, u"resume [RUN] [--busy-keys stop|keep-source|keep-target] [--call-timeout MS]"_s,
             u"Resumes an operation that was interrupted, stopped or failed: the newest, or RUN."_s, &runResume, true},
            {u"roll-back"_s,
             u"roll-back [RUN] [--busy-keys stop|keep-source|keep-target] [--call-timeout MS] [--throttle K]"_s,
             u"Undoes the changes of an operation, such as moved slots, a setting or a role: the newest, or RUN."_s,
             &runRollBack, true},
            {u"addresses"_s, u"addresses [--test]"_s,
             u"Shows where each node is reached: announced address, address in use, and how it was found; with --test which node answers."_s,
             &runAddresses, true},
            {u"sentinel"_s, u"sentinel [list] | failover [--yes]"_s,
             u"The state that the Sentinels of a primary report (--uri redis+sentinel://…/NAME), and a failover through them."_s,
             &runSentinel, true},
            {u"saved"_s,
             u"saved [list] | add NAME [--folder F] [--tag T]… [--notes TEXT] [--env KIND] [--keep-password] | import FILE [--folder F] [--keep-passwords] [--with-commands] | export FILE [--with-secrets] [--overwrite] | remove NAME | consent NAME"_s,
             u"The saved connections, which the window also lists; add saves the one given by --uri and the other options."_s,
             &runSaved},
            {u"history"_s, u"history [RUN]"_s, u"Lists the operations run on this computer, or shows one of them."_s,
             &runHistory},
            {u"audit"_s,
             u"audit [--since TIME] [--until TIME] [--cluster NAME] [--node NODE] [--name COMMAND] [--find WORD]… [--result RESULT] [--count N] [--csv]"_s,
             u"Commands with which slotscope and slotscope-cli changed servers: when, where, who, what, and the result."_s,
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
        + u"\nEvery command from create on accepts --dry-run (only show the plan), --yes (do not ask) and\n"
          "--accept-data-loss (agree to the losses that the plan names; --yes alone never does). COMMAND --help lists "
          "all\n"
          "its options. MIGRATION: --classic | --atomic, --throttle KEYS, --latency-ceiling MS, --batch-bytes B,\n"
          "--call-timeout MS, --busy-keys stop|keep-source|keep-target, --no-replica-wait. NODE: an id, the start of "
          "one,\n"
          "or HOST:PORT.\n"
          "Without a terminal and without --yes only the plan is printed, and the exit code is 2.\n"
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
        printAside(u"Give the password with --askpass or SLOTSCOPE_PASSWORD.\n"_s);
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
        printError(u"the settings cannot be read, defaults are used: %1"_s.arg(settings.fileName()));
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
        printError(u"the sent commands could not be recorded: %1"_s.arg(describe(*problem)));
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
    parser.setApplicationDescription(u"Inspects Redis and Valkey clusters through all their nodes."_s);
    parser.setOptionsAfterPositionalArgumentsMode(QCommandLineParser::ParseAsPositionalArguments);
    parser.addOptions(targetOptions());
    parser.addOptions({
        {u"json"_s, u"Print JSON."_s},
        {u"log-commands"_s, u"Write every command that is sent to FILE, as JSON lines, without passwords."_s,
         u"FILE"_s},
        {u"timeout"_s, u"Time limit for a reply of a node, in ms; default 5000."_s, u"MS"_s},
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
        return usageError(u"--timeout needs milliseconds, 1 to %1"_s.arg(mostTimeoutMs));
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
