// SPDX-License-Identifier: GPL-3.0-or-later
// ACL users of all nodes.
#include "command.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/config/aclkeeper.h"
#include "core/models/usersmodel.h"
#include "password.h"

#include <QDateTime>
#include <QJsonArray>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

struct AclOptions
{
    QString act = u"list"_s;
    QStringList words; ///< arguments after the action
    QStringList nodes; ///< node names as typed; empty: all nodes
    QString from; ///< for copy: the source user
    bool differ = false, yes = false, askPassword = false, reset = false, help = false;
};

QString aclHelp()
{
    return u"slotscope-cli [options] acl [list] [--differ] | set USER RULE… [--ask-password] | delete USER |\n"
           "                copy USER --from NODE | dryrun USER COMMAND… | log [--reset]   [--node NODE]… [--yes]\n\n"
           "ACL users of all nodes. Each node has its own: a cluster does not spread them.\n\n"
           "  list              every user as on most nodes, and the nodes where it differs\n"
           "  set               ACL SETUSER on every node, a result for each. Passwords are not given as rules:\n"
           "                    --ask-password reads one from the standard input, and its SHA-256 is sent\n"
           "  delete            ACL DELUSER on every node\n"
           "  copy              copies the user from --from NODE to the other nodes, passwords included\n"
           "  dryrun            checks whether the user may run a command, without running it (Redis 7.0 and later)\n"
           "  log               logins and commands that the nodes refused; --reset clears the log\n"
           "  --differ          list: only users that differ between nodes\n"
           "  --node NODE       only this node (may be repeated)\n"
           "  --yes             does not ask before a change"_s;
}

Result<AclOptions> readAclOptions(const QStringList &words)
{
    AclOptions options;
    const auto wrong = [](const QString &text) { return failure(Error::Code::InvalidArgument, u"acl: "_s + text); };
    bool hasAct = false;
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString &word = words[i];
        if (hasAct && options.act == u"dryrun"_s && options.words.size() >= 2) {
            options.words.append(word); // option of the command that is checked, not of acl
        } else if (word == u"--node" || word == u"--from") {
            if (++i == words.size())
                return wrong(u"%1 needs a node"_s.arg(word));
            if (word == u"--node")
                options.nodes.append(words[i]);
            else
                options.from = words[i];
        } else if (word == u"--differ") {
            options.differ = true;
        } else if (word == u"--yes") {
            options.yes = true;
        } else if (word == u"--ask-password") {
            options.askPassword = true;
        } else if (word == u"--reset") {
            options.reset = true;
        } else if (word == u"--help" || word == u"-h") {
            options.help = true;
        } else if (word.startsWith(u"--")) {
            return wrong(u"unknown option %1"_s.arg(word));
        } else if (!hasAct) {
            options.act = word;
            hasAct = true;
        } else {
            options.words.append(word);
        }
    }
    static const QHash<QString, std::pair<int, int>> acts{
        {u"list"_s, {0, 0}}, {u"set"_s, {1, 1000}},    {u"delete"_s, {1, 1}},
        {u"copy"_s, {1, 1}}, {u"dryrun"_s, {2, 1000}}, {u"log"_s, {0, 0}},
    };
    if (!acts.contains(options.act))
        return wrong(u"“%1” is not one of list, set, delete, copy, dryrun, log"_s.arg(options.act));
    const auto [least, most] = acts.value(options.act);
    if (options.words.size() < least && !options.help)
        return wrong(u"%1 needs more arguments"_s.arg(options.act));
    if (options.words.size() > most)
        return wrong(u"unexpected argument “%1”"_s.arg(options.words[most]));
    if ((options.askPassword && options.act != u"set"_s) || (options.reset && options.act != u"log"_s)
        || (options.differ && options.act != u"list"_s))
        return wrong(u"--ask-password is only for set, --reset only for log, --differ only for list"_s);
    if (options.act == u"copy"_s && options.from.isEmpty() && !options.help)
        return wrong(u"copy needs --from NODE"_s);
    return options;
}

QJsonObject userJson(const UserRow &row, const std::vector<NodeUsers> &nodes)
{
    QJsonArray differing, missing;
    for (size_t i = 0; i < nodes.size(); ++i) {
        if (row.cells[qsizetype(i)] == UserRow::Cell::Differs)
            differing.append(QJsonObject{{u"node"_s, nodes[i].nodeName},
                                         {u"rules"_s, toDisplay(aclRulesOf(row.users[i]).join(' '))},
                                         {u"passwords"_s, int(row.users[i].passwords.size())}});
        if (row.cells[qsizetype(i)] == UserRow::Cell::Missing)
            missing.append(nodes[i].nodeName);
    }
    return {{u"user"_s, toDisplay(row.most.name)},
            {u"on"_s, row.most.isOn},
            {u"nopass"_s, row.most.hasNoPassword},
            {u"passwords"_s, int(row.most.passwords.size())},
            {u"rules"_s, toDisplay(aclRulesOf(row.most).join(' '))},
            {u"differing"_s, differing},
            {u"missing"_s, missing}};
}

QCoro::Task<int> listUsers(Context context, AclKeeper &keeper, QByteArrayList ids, bool differ)
{
    std::vector<NodeUsers> nodes;
    bool isWhole = true;
    for (const QByteArray &id : ids) {
        auto users = co_await keeper.read(id);
        if (!users) {
            printError(users.error());
            isWhole = false;
            continue;
        }
        if (users->problem) {
            printError(*users->problem);
            isWhole = false;
        }
        nodes.push_back(std::move(*users));
    }
    QJsonArray list;
    QList<QStringList> rows{{u"USER"_s, u"STATE"_s, u"PASSWORD"_s, u"NODES"_s, u"RULES"_s}};
    for (const UserRow &row : compareUsers(nodes)) {
        if (differ && row.differing == 0)
            continue;
        list.append(userJson(row, nodes));
        rows.append({toDisplay(row.most.name), row.most.isOn ? u"on"_s : u"off"_s, aclPasswordText(row.most),
                     userNodesText(row), toDisplay(aclRulesOf(row.most).mid(1).join(' '))});
    }
    if (context.json)
        printJson({{u"users"_s, list}});
    else
        printOut(tableText(rows));
    co_return isWhole ? exitDone : exitFailed;
}

int tellReplies(const Context &context, const Result<QList<NodeReply>> &replies, bool hasText)
{
    if (!replies) {
        printError(replies.error());
        return replies.error().code == Error::Code::InvalidArgument ? exitUsage : exitFailed;
    }
    bool isGood = true;
    QJsonArray list;
    QList<QStringList> rows;
    for (const NodeReply &each : *replies) {
        const bool isOk = each.reply && (!hasText || each.reply->bytes() == "OK");
        isGood = isGood && isOk;
        const QString text = !each.reply ? describe(each.reply.error())
            : hasText                    ? toDisplay(each.reply->bytes())
                                         : u"done"_s;
        rows.append({each.nodeName, text});
        list.append(QJsonObject{{u"node"_s, each.nodeName}, {u"ok"_s, isOk}, {u"text"_s, text}});
    }
    if (context.json)
        printJson({{u"nodes"_s, list}});
    else
        printOut(tableText(rows));
    return isGood ? exitDone : exitFailed;
}

QCoro::Task<int> showLog(Context context, AclKeeper &keeper, QByteArrayList ids)
{
    const auto log = co_await keeper.log(ids);
    if (!log) {
        printError(log.error());
        co_return exitFailed;
    }
    for (const Error &problem : log->problems)
        printError(problem);
    QJsonArray list;
    QList<QStringList> rows{{u"WHEN"_s, u"NODE"_s, u"USER"_s, u"REASON"_s, u"WHAT"_s, u"TIMES"_s, u"FROM"_s}};
    for (const AclLogEntry &entry : log->entries) {
        const QDateTime when = QDateTime::fromMSecsSinceEpoch(entry.at);
        list.append(QJsonObject{{u"at"_s, when.toUTC().toString(Qt::ISODateWithMs)},
                                {u"node"_s, entry.nodeName},
                                {u"user"_s, toDisplay(entry.user)},
                                {u"reason"_s, toDisplay(entry.reason)},
                                {u"object"_s, toDisplay(entry.object)},
                                {u"count"_s, entry.count},
                                {u"address"_s, toDisplay(entry.address)}});
        rows.append({when.toString(u"yyyy-MM-dd HH:mm:ss"_s), entry.nodeName, toDisplay(entry.user),
                     toDisplay(entry.reason), toDisplay(entry.object), groupedNumber(entry.count),
                     toDisplay(entry.address)});
    }
    if (context.json)
        printJson({{u"entries"_s, list}});
    else
        printOut(tableText(rows, {5}));
    co_return log->problems.isEmpty() ? exitDone : exitFailed;
}

} // namespace

QCoro::Task<int> runAcl(Context context)
{
    const auto options = readAclOptions(context.arguments);
    if (!options)
        co_return usageError(options.error().detail);
    if (options->help) {
        printOut(aclHelp());
        co_return exitDone;
    }
    QByteArrayList rules;
    for (const QString &rule : options->words.mid(1))
        rules.append(rule.toUtf8());
    if (options->act == u"set")
        if (const QString fault = aclRulesFault(rules); !fault.isEmpty())
            co_return usageError(u"acl: "_s + fault);
    QByteArray password;
    if (options->askPassword) { // the blocking prompt is harmless here: nothing runs yet
        printAside(u"New password of %1.\n"_s.arg(options->words[0]));
        const auto typed = askPassword();
        if (!typed || typed->isEmpty())
            co_return usageError(typed ? u"acl: the password is empty"_s : describe(typed.error()));
        password = typed->toUtf8();
    }
    const Opened opened = co_await openSession(context);
    if (!opened.session)
        co_return exitFailed;
    QByteArrayList ids;
    for (const QString &name : options->nodes) {
        const auto id = opened.session->resolveNode(name);
        if (!id)
            co_return usageError(describe(id.error()));
        ids.append(*id);
    }
    if (ids.isEmpty())
        for (const NodeState &node : opened.session->view()->nodes)
            if (!node.id.isEmpty())
                ids.append(node.id);
    AclKeeper keeper(opened.session.get());
    const UserConsent consent = options->yes ? UserConsent::NameTyped : UserConsent::None;
    const QByteArray user = options->words.value(0).toUtf8();
    if (options->act == u"list")
        co_return co_await listUsers(context, keeper, ids, options->differ);
    if (options->act == u"log" && !options->reset)
        co_return co_await showLog(context, keeper, ids);
    if (options->act == u"dryrun")
        co_return tellReplies(context, co_await keeper.dryRun(ids, user, rules), true);
    if (options->act == u"log")
        co_return tellReplies(context, co_await keeper.resetLog(ids, consent), false);
    if (options->act == u"delete")
        co_return tellReplies(context, co_await keeper.remove(ids, user, consent), false);
    if (options->act == u"copy") {
        const auto source = opened.session->resolveNode(options->from);
        if (!source)
            co_return usageError(describe(source.error()));
        ids.removeAll(*source);
        co_return tellReplies(context, co_await keeper.copy(*source, ids, user, consent), false);
    }
    co_return tellReplies(context, co_await keeper.set(ids, user, rules, password, false, consent), false);
}

} // namespace slotscope::cli
