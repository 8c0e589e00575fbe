// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/auditlog.h"

#include "core/audit/changing.h"
#include "core/base/clock.h"
#include "core/base/errortext.h"

#include <QDateTime>
#include <QDeadlineTimer>
#include <QJsonDocument>
#include <QSysInfo>
#include <QThread>

#include <pwd.h>
#include <unistd.h>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

namespace {

constexpr unsigned long gatherMs = 100; // entries within this time are written together
constexpr unsigned long retryMs = 1000; // pause after a write failed
constexpr qint64 sameRefusalMs = 1000;
constexpr qsizetype burst = 20; // this many entries of one kind, sent together, become one
constexpr qsizetype furtherKept = 5;

QString nameOfOsUser()
{
    const struct passwd *entry = ::getpwuid(::geteuid());
    return entry ? QString::fromLocal8Bit(entry->pw_name) : QString::number(::geteuid());
}

bool isOfOneKind(const AuditEntry &a, const AuditEntry &b)
{
    return a.result == AuditEntry::Result::Done && b.result == a.result && a.nodeId == b.nodeId
        && a.address == b.address && a.user == b.user && !a.name().contains(u' ') && a.database == b.database
        && a.from == b.from && a.cluster == b.cluster && a.name() == b.name();
}

/// Combines many similar commands sent shortly after each other into one entry, as is done for commands sent together.
QList<AuditEntry> withBurstsMerged(QList<AuditEntry> entries)
{
    if (entries.size() < burst)
        return entries;
    QList<AuditEntry> merged;
    for (qsizetype begin = 0; begin < entries.size();) {
        qsizetype end = begin + 1;
        while (end < entries.size() && isOfOneKind(entries[begin], entries[end]))
            ++end;
        if (end - begin < burst) {
            merged += entries.mid(begin, end - begin);
        } else {
            AuditEntry all = entries[begin];
            for (qsizetype i = begin + 1; i < end; ++i) {
                const AuditEntry &each = entries[i];
                all.count += each.count;
                all.bytes = all.bytes < 0 || each.bytes < 0 ? -1 : all.bytes + each.bytes;
                all.microseconds = std::max(all.microseconds, (each.at - all.at) * 1000 + each.microseconds);
                if (all.further.size() < furtherKept && each.words.size() > 1)
                    all.further.append(each.words.at(1));
            }
            merged.append(std::move(all));
        }
        begin = end;
    }
    return merged;
}

} // namespace

AuditLog::AuditLog(Options options)
    : m_folder(options.folder.isEmpty() ? AuditFiles::defaultFolder() : options.folder)
    , m_program(options.program)
    , m_act(options.act)
    , m_commandsPath(options.commandsFile)
    , m_host(QSysInfo::machineHostName())
    , m_osUser(nameOfOsUser())
    , m_records(options.records)
    , m_strict(options.strict)
    , m_toFile(!options.commandsFile.isEmpty())
    , m_files(m_folder, options.limits)
    , m_limits(options.limits)
{
    // find out now whether the log can be written, because that decides whether anything may be sent
    if (m_records && m_strict)
        if (const auto tried = m_files.append({}); !tried)
            setProblem(tried.error(), true);
    m_thread.reset(QThread::create([this] { run(); }));
    m_thread->setObjectName(u"audit"_s);
    m_thread->start(QThread::LowPriority);
}

AuditLog::~AuditLog()
{
    {
        const QMutexLocker lock(&m_mutex);
        m_ending = true;
        m_came.wakeAll();
    }
    m_thread->wait();
}

QString AuditLog::partOf(const char *file) const
{
    if (!m_act.isEmpty())
        return m_act;
    const QByteArray path(file);
    for (const char *layer : {"core/", "ui/", "app/"}) {
        const qsizetype at = path.lastIndexOf(layer);
        if (at < 0 || (at > 0 && path[at - 1] != '/'))
            continue;
        const qsizetype begin = at + qsizetype(qstrlen(layer));
        const QByteArray folder = path.mid(begin, path.indexOf('/', begin) - begin);
        return folder == "keys" ? u"browser"_s : folder == "values" ? u"editor"_s : QString::fromLatin1(folder);
    }
    return m_program;
}

std::optional<Error> AuditLog::whyNot(const std::vector<Command> &commands) const
{
    if (!m_failing || !m_strict || !m_records)
        return std::nullopt;
    const auto changing = std::find_if(commands.begin(), commands.end(), changesServers);
    if (changing == commands.end())
        return std::nullopt;
    return Error{.code = Error::Code::NotRecorded,
                 .detail = problem().value_or(Error{}).detail,
                 .serverPrefix = {},
                 .node = {},
                 .command = commandName(*changing)};
}

void AuditLog::refused(const QString &cluster, const QString &seeds, const Command &command, const Error &error,
                       const char *from)
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    {
        const QMutexLocker lock(&m_mutex);
        if (command == m_lastRefused && now - m_lastRefusedAt < sameRefusalMs)
            return;
        m_lastRefused = command;
        m_lastRefusedAt = now;
    }
    AuditEntry entry;
    entry.at = now;
    entry.cluster = cluster;
    entry.seeds = seeds;
    entry.address = error.node == cluster ? QString() : error.node;
    entry.from = partOf(from);
    entry.words = keptWords(command, isKnownCommand(command));
    entry.wordCount = command.size();
    entry.result = AuditEntry::Result::Refused;
    entry.error = describe(error);
    add(std::move(entry), true);
}

void AuditLog::sentInBulk(const BulkSent &sent, const char *from)
{
    AuditEntry entry;
    entry.at = QDateTime::currentMSecsSinceEpoch();
    entry.cluster = sent.cluster;
    entry.seeds = sent.seeds;
    entry.nodeId = sent.nodeId;
    entry.address = sent.address;
    entry.database = sent.database;
    entry.user = sent.user.isEmpty() ? u"default"_s : sent.user;
    entry.from = partOf(from);
    entry.words = keptWords(sent.example, isKnownCommand(sent.example));
    entry.wordCount = sent.example.size();
    entry.bytes = -1;
    entry.count = sent.count;
    entry.failed = sent.failed;
    entry.unknown = sent.unknown;
    entry.result = sent.unknown == sent.count ? AuditEntry::Result::Unknown
        : sent.failed == sent.count           ? AuditEntry::Result::Failed
                                              : AuditEntry::Result::Done;
    add(std::move(entry), changesServers(sent.example));
}

void AuditLog::ranHere(const QString &cluster, const QString &seeds, const Command &words, const QString &problem,
                       const char *from)
{
    AuditEntry entry;
    entry.at = QDateTime::currentMSecsSinceEpoch();
    entry.cluster = cluster;
    entry.seeds = seeds;
    entry.from = partOf(from);
    entry.words = keptWords(Command{QByteArrayLiteral("RUN")} + words);
    entry.wordCount = words.size() + 1;
    entry.result = problem.isEmpty() ? AuditEntry::Result::Done : AuditEntry::Result::Failed;
    entry.error = problem;
    add(std::move(entry), true);
}

void AuditLog::setLimits(AuditFiles::Limits limits)
{
    const QMutexLocker lock(&m_mutex);
    m_limits = limits;
}

void AuditLog::add(AuditEntry entry, bool changes)
{
    if (m_sent.isOn())
        m_sent.add(entry);
    const bool kept = changes && m_records;
    if (!kept && !m_toFile)
        return;
    const QMutexLocker lock(&m_mutex);
    if (m_waiting.size() >= mostWaiting) {
        m_commandsLost += m_toFile ? 1 : 0;
        m_lost += kept ? 1 : 0;
        m_lostEver += kept ? 1 : 0;
        return;
    }
    m_waiting.append({std::move(entry), kept});
    ++m_added;
    if (m_waiting.size() == 1)
        m_came.wakeAll();
}

bool AuditLog::flush(int milliseconds)
{
    const QDeadlineTimer deadline(milliseconds);
    QMutexLocker lock(&m_mutex);
    // wait for a round that starts after this moment
    const quint64 wanted = m_added, rounds = m_rounds + (m_working ? 2 : 1);
    m_hurry = true;
    m_came.wakeAll();
    while ((m_done < wanted || m_rounds < rounds) && m_written.wait(&m_mutex, deadline)) { }
    return m_done >= wanted && !m_problem;
}

std::optional<Error> AuditLog::problem() const
{
    const QMutexLocker lock(&m_mutex);
    return m_problem;
}

qint64 AuditLog::lost() const
{
    const QMutexLocker lock(&m_mutex);
    return m_lostEver;
}

void AuditLog::setProblem(const std::optional<Error> &problem, bool ofTheLog)
{
    {
        const QMutexLocker lock(&m_mutex);
        m_failing = ofTheLog;
        if (m_problem == problem)
            return;
        m_problem = problem;
    }
    Q_EMIT problemChanged();
}

void AuditLog::run()
{
    bool ending = false;
    while (!ending) {
        {
            QMutexLocker lock(&m_mutex);
            if (m_kept.isEmpty()) {
                while (m_waiting.isEmpty() && !m_ending && !m_hurry && !m_failing)
                    m_came.wait(&m_mutex);
            }
            if (!m_ending && !m_hurry) // give further entries time to arrive, so that they are written together
                m_came.wait(&m_mutex, QDeadlineTimer(m_kept.isEmpty() && !m_failing ? gatherMs : retryMs));
            ending = m_ending;
            m_hurry = false;
            m_working = true;
        }
        work();
    }
}

/// Writes the waiting entries.
void AuditLog::work()
{
    QList<Waiting> all;
    qint64 lost = 0;
    {
        const QMutexLocker lock(&m_mutex);
        all = std::exchange(m_waiting, {});
        lost = m_lost;
        m_files.setLimits(m_limits);
    }
    const auto commandsWritten = m_toFile ? writeCommands(all) : Result<>();
    if (!commandsWritten)
        m_commandsLost += all.size();
    const qsizetype held = m_kept.size();
    for (Waiting &each : all)
        if (each.changes)
            m_kept.append(std::move(each.entry));
    const bool isIdle = m_kept.isEmpty() && lost == 0;
    const auto written = !isIdle ? write(m_kept, lost) : m_failing ? m_files.append({}) : Result<>();
    if (written)
        m_kept.clear();
    // entries that could not be written may wait long, so truncate them and remove secrets now
    for (AuditEntry &entry : m_kept)
        finishRedaction(entry);
    const qsizetype tooMany = std::max<qsizetype>(0, m_kept.size() - mostWaiting);
    if (tooMany > 0)
        // drop from the middle: keep the first and the newest
        m_kept.remove(held > tooMany ? held - tooMany : 0, tooMany);
    std::optional<Error> problem;
    if (!written)
        problem = written.error();
    else if (!commandsWritten)
        problem = commandsWritten.error();
    setProblem(problem, !written);
    const QMutexLocker lock(&m_mutex);
    if (written)
        m_lost -= lost;
    m_lost += tooMany;
    m_lostEver += tooMany;
    m_done += quint64(all.size());
    m_working = false;
    ++m_rounds;
    m_written.wakeAll();
}

QByteArray AuditLog::linesOf(QList<AuditEntry> entries) const
{
    QByteArray lines;
    for (AuditEntry &entry : entries) {
        finishRedaction(entry);
        entry.osUser = m_osUser;
        entry.host = m_host;
        entry.program = m_program;
        entry.pid = ::getpid();
        lines += QJsonDocument(jsonOf(entry)).toJson(QJsonDocument::Compact) + '\n';
    }
    return lines;
}

Result<> AuditLog::write(const QList<AuditEntry> &entries, qint64 lost)
{
    QList<AuditEntry> all = withBurstsMerged(entries);
    if (lost > 0) {
        AuditEntry gap;
        gap.at = QDateTime::currentMSecsSinceEpoch();
        gap.result = AuditEntry::Result::Lost;
        gap.count = lost;
        gap.error = tr("entries arrived faster than they could be written");
        all.append(gap);
    }
    return m_files.append(linesOf(all));
}

Result<> AuditLog::writeCommands(const QList<Waiting> &all)
{
    QList<AuditEntry> entries;
    for (const Waiting &each : all)
        entries.append(each.entry);
    if (!m_commandsFile.isOpen()) {
        auto file = OwnFile::open(m_commandsPath, OwnFile::Mode::Append);
        if (!file)
            file = OwnFile::open(m_commandsPath, OwnFile::Mode::Create);
        if (!file)
            return tl::make_unexpected(file.error());
        m_commandsFile = std::move(*file);
    }
    return m_commandsFile.append(linesOf(entries), false);
}

} // namespace slotscope
