// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/aclusers.h"

#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/config/secretmark.h"

#include <QHash>

#include <algorithm>
#include <map>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

QByteArrayList sorted(QByteArrayList list)
{
    std::sort(list.begin(), list.end());
    return list;
}

/// Sorts consecutive rules that all add, or all remove, because their order has no effect. (Redis 7.0 returns them in
/// another order than they were given.)
QByteArrayList commandsInOrder(QByteArrayList rules)
{
    for (auto from = rules.begin(); from != rules.end();) {
        const bool adds = from->startsWith('+');
        const auto to =
            std::find_if(from, rules.end(), [adds](const QByteArray &rule) { return rule.startsWith('+') != adds; });
        std::sort(from, to);
        from = to;
    }
    return rules;
}

/// A text that is equal for users with equal permissions.
QByteArray formOf(const ServerUser &user)
{
    QByteArrayList parts{user.name, user.isOn ? "on"_ba : "off"_ba, user.hasNoPassword ? "nopass"_ba : "pass"_ba};
    for (const QByteArrayList &list : {sorted(user.passwords), commandsInOrder(user.commands), sorted(user.keys),
                                       sorted(user.channels), sorted(user.selectors), sorted(user.others)})
        parts.append(QByteArray::number(list.size()) + ' ' + list.join('\n'));
    return parts.join('\x1f');
}

bool isHash(const QByteArray &word)
{
    return word.size() == 65 && std::all_of(word.begin() + 1, word.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

bool isKeyRule(const QByteArray &word)
{
    return word.startsWith('~') || word.startsWith('%') || word == "allkeys";
}

bool isChannelRule(const QByteArray &word)
{
    return word.startsWith('&') || word == "allchannels";
}

QString quotedList(const QByteArrayList &words, qsizetype from)
{
    QStringList texts;
    for (const QByteArray &word : words)
        texts.append(u"“%1”"_s.arg(toDisplay(word.mid(from))));
    return texts.join(u", "_s);
}

/// Describes the rules, whose order matters: "All commands, without @dangerous and keys; with config|get".
QString commandWords(const QByteArrayList &rules)
{
    if (rules.isEmpty() || (rules.size() == 1 && rules[0] == "-@all"))
        return tr("No command.");
    QStringList parts;
    for (const QByteArray &rule : rules) {
        const QString what = toDisplay(rule.mid(1));
        if (rule == "+@all" || rule == "allcommands")
            parts = QStringList{tr("all commands")};
        else if (rule == "-@all" || rule == "nocommands")
            parts.clear();
        else if (rule.startsWith('+'))
            parts.append(what);
        else
            parts.append(tr("without %1").arg(what));
    }
    return parts.isEmpty() ? tr("No command.") : tr("Commands: %1.").arg(parts.join(u", "_s));
}

QString keyWords(const QByteArrayList &rules)
{
    QByteArrayList both, readOnly, writeOnly;
    for (const QByteArray &rule : rules) {
        if (rule == "~*" || rule == "allkeys" || rule == "%RW~*")
            return tr("Read and write access to all keys.");
        const auto tilde = rule.indexOf('~');
        const QByteArray way = rule.left(tilde), pattern = rule.mid(tilde + 1);
        if (way == "%R")
            readOnly.append(pattern);
        else if (way == "%W")
            writeOnly.append(pattern);
        else
            both.append(pattern);
    }
    QStringList parts;
    if (!both.isEmpty())
        parts.append(tr("Read and write access to keys: %1.").arg(quotedList(both, 0)));
    if (!readOnly.isEmpty())
        parts.append(tr("Read access to keys: %1.").arg(quotedList(readOnly, 0)));
    if (!writeOnly.isEmpty())
        parts.append(tr("Write access to keys: %1.").arg(quotedList(writeOnly, 0)));
    return parts.isEmpty() ? tr("No access to keys.") : parts.join(u'\n');
}

QString channelWords(const QByteArrayList &rules)
{
    if (rules.contains("&*") || rules.contains("allchannels"))
        return tr("All Pub/Sub channels.");
    return rules.isEmpty() ? tr("No Pub/Sub channels.") : tr("Pub/Sub channels: %1.").arg(quotedList(rules, 1));
}

} // namespace

bool operator==(const ServerUser &left, const ServerUser &right)
{
    return formOf(left) == formOf(right);
}

bool ServerUser::mayEverything() const
{
    return (commands == QByteArrayList{"+@all"} || commands == QByteArrayList{"allcommands"})
        && (keys.contains("~*") || keys.contains("allkeys"));
}

QByteArrayList splitAclRules(const QByteArray &rules)
{
    QByteArrayList words;
    bool isOpen = false; // a selector ends with the word that ends in ")"
    for (const QByteArray &word : rules.split(' ')) {
        if (word.isEmpty())
            continue;
        if (isOpen)
            words.last() += ' ' + word;
        else
            words.append(word);
        isOpen = (isOpen || word.startsWith('(')) && !word.endsWith(')');
    }
    return words;
}

Result<ServerUser> parseAclLine(const QByteArray &line)
{
    const QByteArrayList words = splitAclRules(line);
    if (words.size() < 3 || words[0] != "user")
        // do not quote the line, because it may contain hashes
        return failure(Error::Code::Protocol, tr("a line of ACL LIST describes no user"));
    ServerUser user;
    user.name = words[1];
    for (const QByteArray &word : words.mid(2)) {
        if (word == "on" || word == "off")
            user.isOn = word == "on";
        else if (word == "nopass")
            user.hasNoPassword = true;
        else if (isHash(word) && word.startsWith('#'))
            user.passwords.append(secretMark(word));
        else if (word.startsWith('('))
            user.selectors.append(word);
        else if (isKeyRule(word))
            user.keys.append(word);
        else if (isChannelRule(word))
            user.channels.append(word);
        else if (word.startsWith('+') || word.startsWith('-') || word == "allcommands" || word == "nocommands")
            user.commands.append(word);
        else if (word != "resetchannels" && word != "sanitize-payload" && word != "resetkeys")
            user.others.append(word);
    }
    return user;
}

QByteArrayList aclRulesOf(const ServerUser &user)
{
    QByteArrayList rules{user.isOn ? "on"_ba : "off"_ba};
    if (user.hasNoPassword)
        rules.append("nopass");
    for (const QByteArrayList *list : {&user.others, &user.keys})
        rules += *list;
    if (user.channels.isEmpty() || !user.channels.contains("&*"))
        rules.append("resetchannels");
    for (const QByteArrayList *list : {&user.channels, &user.commands, &user.selectors})
        rules += *list;
    return rules;
}

QString aclRulesFault(const QByteArrayList &rules)
{
    static const QByteArrayList plain{"on",
                                      "off",
                                      "nopass",
                                      "resetpass",
                                      "reset",
                                      "allkeys",
                                      "resetkeys",
                                      "allchannels",
                                      "resetchannels",
                                      "allcommands",
                                      "nocommands",
                                      "sanitize-payload",
                                      "skip-sanitize-payload",
                                      "clearselectors"};
    for (const QByteArray &rule : rules) {
        const char first = rule.isEmpty() ? '\0' : rule[0];
        if (rule.startsWith('(') && !rule.endsWith(')'))
            return tr("“)” is missing after %1").arg(toDisplay(rule));
        if (first == '>' || first == '<' || first == '#' || first == '!')
            return tr("enter passwords in the field for passwords");
        if (plain.contains(rule.toLower()) || first == '~' || first == '&' || first == '%' || first == '(')
            continue;
        if ((first == '+' || first == '-') && rule.size() > 1)
            continue;
        if (rule.contains('=') || rule.toLower() == "alldbs" || rule.toLower() == "resetdbs")
            continue; // unknown words of later servers
        return tr("%1 is not a rule: +command, -command, +@category, ~keys, %R~keys, &channels").arg(toDisplay(rule));
    }
    return {};
}

QStringList aclWords(const ServerUser &user)
{
    QStringList words;
    if (!user.isOn)
        words.append(tr("Off: nobody can log in as this user."));
    words.append(commandWords(user.commands));
    words.append(keyWords(user.keys));
    words.append(channelWords(user.channels));
    for (const QByteArray &selector : user.selectors) {
        ServerUser part;
        for (const QByteArray &word : splitAclRules(selector.mid(1, selector.size() - 2))) {
            if (isKeyRule(word))
                part.keys.append(word);
            else if (isChannelRule(word))
                part.channels.append(word);
            else if (word.startsWith('+') || word.startsWith('-'))
                part.commands.append(word);
        }
        words.append(
            tr("All of these together: %1")
                .arg(QStringList{commandWords(part.commands), keyWords(part.keys), channelWords(part.channels)}.join(
                    u' ')));
    }
    if (!user.others.isEmpty())
        words.append(tr("Additionally: %1.").arg(toDisplay(user.others.join(' '))));
    return words;
}

QStringList aclWarnings(const ServerUser &user)
{
    QStringList warnings;
    if (user.isOn && user.hasNoPassword)
        warnings.append(user.mayEverything()
                            ? tr("Anyone who reaches a node can do everything as this user, without a password.")
                            : tr("Anyone who reaches a node can log in as this user without a password."));
    else if (user.isOn && user.passwords.isEmpty())
        warnings.append(tr("The user has no password, and nopass is not set: nobody can log in as this user."));
    else if (user.isOn && user.mayEverything() && user.name != "default")
        warnings.append(tr("The user may run everything, including ACL and SHUTDOWN."));
    return warnings;
}

QString aclPasswordText(const ServerUser &user)
{
    if (user.hasNoPassword)
        return tr("not required");
    if (user.passwords.isEmpty())
        return tr("none");
    return user.passwords.size() == 1 ? tr("1 password") : tr("%1 passwords").arg(user.passwords.size());
}

std::vector<UserRow> compareUsers(const std::vector<NodeUsers> &nodes)
{
    std::map<std::pair<bool, QByteArray>, UserRow> rows; // sorted, with "default" first
    for (const NodeUsers &node : nodes)
        for (const ServerUser &user : node.users)
            rows[{user.name != "default", user.name}].most.name = user.name;
    const auto count = qsizetype(nodes.size());
    std::map<QByteArray, std::vector<QByteArray>> forms; // maps a user's name to one formOf() text per node
    for (auto &[key, row] : rows) {
        row.cells.resize(count, UserRow::Cell::Missing);
        row.users.resize(nodes.size());
        forms[key.second].resize(nodes.size());
    }
    for (size_t i = 0; i < nodes.size(); ++i) {
        for (auto &[key, row] : rows)
            if (nodes[i].problem)
                row.cells[qsizetype(i)] = UserRow::Cell::NotRead;
        for (const ServerUser &user : nodes[i].users) {
            UserRow &row = rows[{user.name != "default", user.name}];
            if (!nodes[i].problem)
                row.cells[qsizetype(i)] = UserRow::Cell::AsMost;
            row.users[i] = user;
            forms[user.name][i] = formOf(user);
        }
    }
    std::vector<UserRow> all;
    for (auto &[key, row] : rows) {
        const std::vector<QByteArray> &mine = forms[key.second];
        QHash<QByteArray, int> counts;
        for (size_t i = 0; i < nodes.size(); ++i)
            if (row.cells[qsizetype(i)] == UserRow::Cell::AsMost)
                ++counts[mine[i]];
        int best = 0;
        QByteArray most;
        for (size_t i = 0; i < nodes.size(); ++i) {
            if (row.cells[qsizetype(i)] != UserRow::Cell::AsMost || counts.value(mine[i]) <= best)
                continue;
            best = counts.value(mine[i]);
            most = mine[i];
            row.most = row.users[i];
        }
        for (size_t i = 0; i < nodes.size(); ++i) {
            UserRow::Cell &cell = row.cells[qsizetype(i)];
            if (cell == UserRow::Cell::AsMost && mine[i] != most)
                cell = UserRow::Cell::Differs;
            row.differing += cell == UserRow::Cell::Differs || cell == UserRow::Cell::Missing ? 1 : 0;
        }
        all.push_back(std::move(row));
    }
    return all;
}

} // namespace slotscope
