// SPDX-License-Identifier: GPL-3.0-or-later
// What one connection sends, as entries of the log.
#include "core/audit/auditlog.h"
#include "core/audit/changing.h"
#include "core/base/secrets.h"
#include "core/base/text.h"
#include "core/net/connection.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QHash>

#include <deque>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

namespace {

constexpr qint64 apart = 8; // up to this many commands of one name sent together get an entry each; more share one
constexpr qsizetype furtherNames = 5;
constexpr quint32 nobody = ~0U;

bool isNamed(const Command &command, const char *name)
{
    return !command.isEmpty() && command.front().compare(name, Qt::CaseInsensitive) == 0;
}

/// Keeps only the first arguments, which cannot be secrets.
void keepWords(AuditEntry &entry, qsizetype count)
{
    entry.words.resize(std::min(entry.words.size(), count));
    entry.further.clear();
    entry.bytes = -1;
}

/// The first failed command of a transaction; null: none.
const Value *failedPartOf(const Value &exec)
{
    for (const Value &part : exec.items())
        if (part.isError())
            return &part;
    return nullptr;
}

class AuditedConnection final : public ConnectionWatch
{
public:
    AuditedConnection(AuditLog &log, const ConnectionOptions &options)
        : m_log(log)
        , m_cluster(options.cluster)
        , m_seeds(options.seeds)
        , m_address(options.endpoint.toString())
        , m_nodeId(options.expectedId)
        , m_user(options.credentials.user.isEmpty() ? u"default"_s : options.credentials.user)
        , m_database(options.database)
    { }

    [[nodiscard]] quint64 sent(const std::vector<Command> &commands, const char *from) override;
    void answered(quint64 number, const std::vector<Value> &replies) override { end(number, replies, {}); }
    void lost(quint64 number, const std::vector<Value> &replies, bool written) override
    {
        end(number, replies, written ? AuditEntry::Result::Unknown : AuditEntry::Result::NotSent);
    }
    void identified(const QByteArray &nodeId) override
    {
        if (!nodeId.isEmpty())
            m_nodeId = nodeId;
    }

private:
    struct Group
    {
        AuditEntry entry;
        bool changes = false;
        bool isExec = false;
        bool isUnknown = false; ///< no server known to us has this command, so it may be a typing error with a secret
        qint64 answered = 0, queued = 0;
    };
    struct Pending
    {
        quint64 number = 0;
        QElapsedTimer time;
        std::vector<Group> groups;
        std::vector<quint32> groupOf; ///< one per command
        int database = -1; ///< database selected by a SELECT, if it succeeds
        QString user; ///< user of an AUTH, if it succeeds
        size_t stateAt = 0; ///< index of that command
    };

    struct Wanted
    {
        bool changes = false;
        bool merged = false; ///< shares one entry with other commands of the same name
    };
    void addTo(Pending &pending, const Command &command, size_t place, Wanted wanted, const QString &from);
    void noteState(Pending &pending, const Command &command, size_t place) const;
    void end(quint64 number, const std::vector<Value> &replies, std::optional<AuditEntry::Result> rest);
    static void take(Group &group, const Value &reply);

    AuditLog &m_log; ///< kept alive by the connection
    const QString m_cluster, m_seeds, m_address;
    QByteArray m_nodeId;
    QString m_user;
    int m_database;
    quint64 m_last = 0;
    std::deque<Pending> m_pending;
};

/// Records SELECT and AUTH, which determine database and user of later commands.
void AuditedConnection::noteState(Pending &pending, const Command &command, size_t place) const
{
    if (isNamed(command, "select") && command.size() == 2) {
        if (const auto database = toInteger(command.at(1)))
            pending.database = int(*database);
    } else if (isNamed(command, "hello") && command.value(2).toUpper() == "AUTH") {
        pending.user = toDisplay(command.value(3));
    } else if (isNamed(command, "auth")) {
        pending.user = command.size() > 2 ? toDisplay(command.at(1)) : u"default"_s;
    } else {
        return;
    }
    pending.stateAt = place;
}

quint64 AuditedConnection::sent(const std::vector<Command> &commands, const char *from)
{
    const bool all = m_log.wantsAll();
    std::vector<char> wanted(commands.size());
    bool any = false;
    QHash<QByteArray, qint64> names; // maps a command's name to the number of such commands to record
    for (size_t i = 0; i < commands.size(); ++i) {
        const bool changes = changesServers(commands[i]);
        const bool state =
            isNamed(commands[i], "select") || isNamed(commands[i], "auth") || isNamed(commands[i], "hello");
        wanted[i] = char(changes ? 2 : all ? 1 : 0);
        any = any || wanted[i] != 0 || state;
        if (wanted[i] != 0 && commands.size() > size_t(apart))
            ++names[commands[i].value(0)];
    }
    if (!any)
        return 0;
    Pending &pending = m_pending.emplace_back();
    pending.number = ++m_last;
    pending.time.start();
    pending.groupOf.resize(commands.size(), nobody);
    const QString part = m_log.partOf(from);
    const bool throwAway = part == u"local"; // servers of the demo while it is being set up
    for (size_t i = 0; i < commands.size(); ++i) {
        noteState(pending, commands[i], i);
        if (wanted[i] == 0)
            continue;
        // administrative commands are recorded separately, because their second argument is not a key
        const bool merged =
            !names.isEmpty() && names.value(commands[i].value(0)) > apart && !commandName(commands[i]).contains(u' ');
        addTo(pending, commands[i], i, {.changes = wanted[i] == 2 && !throwAway, .merged = merged}, part);
    }
    return pending.number;
}

void AuditedConnection::addTo(Pending &pending, const Command &command, size_t place, Wanted wanted,
                              const QString &from)
{
    qint64 bytes = 0;
    for (const QByteArray &word : command)
        bytes += word.size();
    if (wanted.merged) {
        const auto same = std::find_if(pending.groups.begin(), pending.groups.end(), [&](const Group &group) {
            return group.changes == wanted.changes
                && group.entry.words.value(0).bytes.compare(command.front(), Qt::CaseInsensitive) == 0;
        });
        if (same != pending.groups.end()) {
            AuditEntry &entry = same->entry;
            ++entry.count;
            const QList<KeptWord> words = keptWords(command);
            const bool hasSecret =
                std::any_of(words.cbegin(), words.cend(), [](const KeptWord &word) { return word.secret; });
            entry.bytes = entry.bytes < 0 || hasSecret ? -1 : entry.bytes + bytes;
            if (entry.further.size() < furtherNames && command.size() > 1)
                entry.further += words.mid(1, 1);
            pending.groupOf[place] = quint32(same - pending.groups.begin());
            return;
        }
    }
    Group &group = pending.groups.emplace_back();
    group.changes = wanted.changes;
    group.isExec = isNamed(command, "exec");
    group.isUnknown = !isKnownCommand(command);
    AuditEntry &entry = group.entry;
    entry.at = QDateTime::currentMSecsSinceEpoch();
    entry.cluster = m_cluster;
    entry.seeds = m_seeds;
    entry.address = m_address;
    entry.nodeId = m_nodeId;
    entry.database = m_database;
    entry.user = m_user;
    entry.from = from;
    entry.words = keptWords(command);
    entry.wordCount = command.size();
    entry.bytes = bytes;
    for (const KeptWord &word : std::as_const(entry.words))
        if (word.secret) // the sum would reveal the length of the secret
            entry.bytes = -1;
    pending.groupOf[place] = quint32(pending.groups.size() - 1);
}

void AuditedConnection::take(Group &group, const Value &reply)
{
    ++group.answered;
    AuditEntry &entry = group.entry;
    if (reply.isError()) {
        if (entry.failed++ == 0)
            entry.error = toDisplay(scrubbed(reply.bytes()));
        // the text may be a mistyped subcommand with a secret
        if (reply.bytes().toLower().startsWith("err unknown subcommand")) {
            keepWords(entry, 2);
            entry.error = u"ERR unknown subcommand"_s;
        } else if (reply.bytes().startsWith("ERR unknown command")) {
            keepWords(entry, 1);
            entry.error = u"ERR unknown command"_s;
        }
    } else if (const Value *failed = group.isExec ? failedPartOf(reply) : nullptr) {
        ++entry.failed;
        entry.error = toDisplay(scrubbed(failed->bytes()));
    } else if (group.isExec && reply.isNull()) {
        ++entry.failed;
        entry.error = AuditLog::tr("no command was executed: a watched key had changed");
    } else if (reply.type() == Value::Type::SimpleString && reply.bytes() == "QUEUED") {
        ++group.queued;
    }
}

void AuditedConnection::end(quint64 number, const std::vector<Value> &replies, std::optional<AuditEntry::Result> rest)
{
    while (!m_pending.empty() && m_pending.front().number < number)
        m_pending.pop_front();
    if (m_pending.empty() || m_pending.front().number != number)
        return;
    Pending pending = std::move(m_pending.front());
    m_pending.pop_front();
    const qint64 took = pending.time.nsecsElapsed() / 1000;
    for (size_t i = 0; i < replies.size() && i < pending.groupOf.size(); ++i)
        if (pending.groupOf[i] != nobody)
            take(pending.groups[pending.groupOf[i]], replies[i]);
    for (Group &group : pending.groups) {
        AuditEntry &entry = group.entry;
        using Result = AuditEntry::Result;
        const bool whole = !rest || group.answered == entry.count;
        const bool isAnswered = group.answered == entry.count; // otherwise the sender does not wait for a reply
        entry.microseconds = isAnswered ? took : -1;
        entry.unknown = isAnswered ? 0 : entry.count - group.answered;
        entry.result = !whole                                 ? *rest
            : !isAnswered                                     ? Result::Unknown
            : entry.failed > 0                                ? Result::Failed
            : group.queued == entry.count && group.queued > 0 ? Result::Queued
                                                              : Result::Done;
        if (group.isUnknown && entry.result != Result::Done && entry.result != Result::Queued) {
            keepWords(entry, 1);
            if (entry.wordCount == 1) // a line that consists of a password
                entry.words = {KeptWord{.bytes = {}, .size = 0, .secret = true}};
        }
        m_log.add(std::move(entry), group.changes);
    }
    const bool changed = pending.stateAt < replies.size() && !replies[pending.stateAt].isError();
    if (changed && pending.database >= 0)
        m_database = pending.database;
    if (changed && !pending.user.isEmpty())
        m_user = pending.user;
}

} // namespace

std::unique_ptr<ConnectionWatch> AuditLog::watch(const ConnectionOptions &options)
{
    return std::make_unique<AuditedConnection>(*this, options);
}

} // namespace slotscope
