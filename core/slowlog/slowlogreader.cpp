// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/slowlog/slowlogreader.h"

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/slowlog/slowlogcursor.h"

#include <QDateTime>

#include <map>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr qint64 settingsEveryMs = 5000;

std::optional<qint64> settingIn(const Value &reply)
{
    return reply.items().size() == 2 ? toInteger(reply.items()[1].bytes()) : std::nullopt;
}

} // namespace

QByteArray missingRight(const Error &error)
{
    if (error.code != Error::Code::NoPermission || error.command.isEmpty())
        return {};
    return '+' + error.command.toLower().replace(u' ', u'|').toUtf8();
}

struct SlowlogReader::Shared
{
    using Ptr = std::shared_ptr<Shared>;

    /// What is remembered about one log of one node between two readings.
    struct Log
    {
        SlowlogCursor cursor;
        ClockDifference clock;
        std::optional<qint64> threshold, capacity;
        std::optional<Error> settingsProblem;
        qint64 settingsAt = 0; ///< steadyMs(); 0: must be read
        QByteArray settingsOf; ///< run id of the process that they were read from
    };
    using LogPtr = std::shared_ptr<Log>;

    /// What is queried from a log together: the time, the log, its length and, if due, the settings.
    struct Look
    {
        SlowlogRequest request;
        LogPtr log;
        QPointer<NodeLink> link;
        QString node;
        int count = 0;
    };

    QPointer<ClusterSession> session;
    std::map<std::pair<QByteArray, SlowlogKind>, LogPtr> logs;
    std::optional<bool> hasLogsOfSizes;

    static QCoro::Task<> learnCommands(Ptr self);
    static QCoro::Task<Result<bool>> look(Look look, std::shared_ptr<NodeSlowlog> into);
    static void takeSettings(Log &log, const Connection::Replies &replies, size_t first, const Look &look);
    static void stamp(const Look &look, std::vector<SlowlogEntry> &entries);
};

QCoro::Task<> SlowlogReader::Shared::learnCommands(Ptr self)
{
    if (self->hasLogsOfSizes || !self->session)
        co_return;
    const auto table = co_await self->session->commands();
    if (table)
        self->hasLogsOfSizes = (*table)->find(commandOf("COMMANDLOG", "GET")) != nullptr;
}

void SlowlogReader::Shared::takeSettings(Log &log, const Connection::Replies &replies, size_t first, const Look &look)
{
    log.settingsProblem = errorOf((*replies)[first], look.node, u"CONFIG GET"_s);
    log.threshold = settingIn((*replies)[first]);
    log.capacity = settingIn((*replies)[first + 1]);
    log.settingsAt = steadyMs();
}

void SlowlogReader::Shared::stamp(const Look &look, std::vector<SlowlogEntry> &entries)
{
    for (SlowlogEntry &entry : entries) {
        entry.kind = look.request.kind;
        entry.nodeId = look.request.nodeId;
        entry.nodeName = look.node;
        entry.at = look.log->clock.ours(entry.serverSeconds);
    }
}

/// Returns false if more entries must be requested.
QCoro::Task<Result<bool>> SlowlogReader::Shared::look(Look look, std::shared_ptr<NodeSlowlog> into)
{
    const LogPtr log = look.log;
    const SlowlogWords words = wordsOf(look.request.kind);
    std::vector<Command> commands;
    commands.push_back({"TIME"_ba});
    commands.push_back(logCommand(look.request.kind, "GET"_ba, QByteArray::number(look.count)));
    commands.push_back(logCommand(look.request.kind, "LEN"_ba));
    const QByteArray runId = look.link->identity().runId; // identity on the same connection that the queries use
    const bool areSettingsDue =
        log->settingsAt == 0 || log->settingsOf != runId || steadyMs() - log->settingsAt >= settingsEveryMs;
    if (areSettingsDue) {
        commands.push_back({"CONFIG"_ba, "GET"_ba, words.thresholdSetting});
        commands.push_back({"CONFIG"_ba, "GET"_ba, words.lengthSetting});
    }
    const qint64 before = QDateTime::currentMSecsSinceEpoch();
    const auto replies = co_await look.link->sendAll(commands);
    if (!replies) {
        Error error = replies.error();
        error.command = commandName(commands[1]);
        if (error.node.isEmpty())
            error.node = look.node;
        co_return failure(std::move(error));
    }
    if (const auto time = parseTime((*replies)[0]))
        log->clock.take(*time, before, QDateTime::currentMSecsSinceEpoch());
    if (areSettingsDue) {
        takeSettings(*log, replies, 3, look);
        log->settingsOf = runId;
    }
    if (const Value &length = (*replies)[2]; length.type() == Value::Type::Integer)
        into->length = length.toInteger();
    if (auto error = errorOf((*replies)[1], look.node, commandName(commands[1])))
        co_return failure(std::move(*error));
    auto entries = parseSlowlog((*replies)[1]);
    if (!entries) {
        Error error = entries.error();
        error.node = look.node;
        error.command = commandName(commands[1]);
        co_return failure(std::move(error));
    }
    stamp(look, *entries);
    if (look.request.again) {
        std::vector<SlowlogEntry> all = *entries;
        std::ignore = log->cursor.take(runId, std::move(*entries), look.count, look.count);
        for (SlowlogEntry &entry : all)
            entry.runId = log->cursor.runId();
        into->entries = std::move(all);
        into->runId = log->cursor.runId();
        co_return true;
    }
    SlowlogCursor::News news = log->cursor.take(runId, std::move(*entries), look.count, look.request.most);
    into->runId = log->cursor.runId();
    into->entries = std::move(news.entries);
    into->missed = news.missed;
    co_return bool(news.isWhole);
}

SlowlogReader::SlowlogReader(QPointer<ClusterSession> session) : m_shared(std::make_shared<Shared>())
{
    m_shared->session = std::move(session);
}

SlowlogReader::~SlowlogReader() = default;

QCoro::Task<Result<NodeSlowlog>> SlowlogReader::read(SlowlogRequest request)
{
    const Shared::Ptr shared = m_shared;
    if (!shared->session)
        co_return failure(Error::Code::Cancelled);
    co_await Shared::learnCommands(shared);
    const ClusterViewPtr view = shared->session ? shared->session->view() : nullptr;
    const NodeState *node = view ? view->node(request.nodeId) : nullptr;
    if (!node)
        co_return failure(Error::Code::NoRoute, tr("this node is not known"));
    const auto result = std::make_shared<NodeSlowlog>();
    result->nodeId = request.nodeId;
    result->nodeName = node->name;
    result->hasLogsOfSizes = shared->hasLogsOfSizes.value_or(false);
    Shared::LogPtr &log = shared->logs[std::pair(request.nodeId, request.kind)];
    if (!log)
        log = std::make_shared<Shared::Log>();
    Shared::Look look;
    look.request = request;
    look.log = log;
    look.node = node->name;
    look.count = request.again ? request.most : log->cursor.nextCount(request.most);
    const Result<NodeLink *> link = co_await shared->session->linkTo(request.nodeId);
    if (!link) {
        result->problem = link.error();
        if (result->problem->node.isEmpty())
            result->problem->node = look.node;
        co_return Result<NodeSlowlog>(std::move(*result));
    }
    look.link = *link;
    Result<bool> done = co_await Shared::look(look, result);
    if (done && !*done && look.link) {
        look.count = request.most;
        done = co_await Shared::look(look, result);
    }
    if (!done)
        result->problem = done.error();
    result->threshold = look.log->threshold;
    result->capacity = look.log->capacity;
    result->settingsProblem = look.log->settingsProblem;
    result->isClockKnown = look.log->clock.isKnown();
    result->clockAhead = look.log->clock.ahead();
    co_return Result<NodeSlowlog>(std::move(*result));
}

QCoro::Task<Result<QList<NodeReply>>> SlowlogReader::set(QByteArray nodeId, QByteArray setting, QByteArray value,
                                                         UserConsent consent)
{
    const Shared::Ptr shared = m_shared;
    if (!shared->session)
        co_return failure(Error::Code::Cancelled);
    NodeSelection to;
    to.kind = nodeId.isEmpty() ? NodeSelection::Kind::All : NodeSelection::Kind::Node;
    to.nodeId = nodeId;
    Command command = commandOf("CONFIG", "SET", setting, value);
    auto replies = co_await shared->session->call(std::move(command), to, consent);
    for (const auto &[name, log] : shared->logs)
        log->settingsAt = 0;
    co_return replies;
}

QCoro::Task<Result<QList<NodeReply>>> SlowlogReader::reset(QByteArray nodeId, SlowlogKind kind, UserConsent consent)
{
    const Shared::Ptr shared = m_shared;
    if (!shared->session)
        co_return failure(Error::Code::Cancelled);
    NodeSelection to;
    to.kind = nodeId.isEmpty() ? NodeSelection::Kind::All : NodeSelection::Kind::Node;
    to.nodeId = nodeId;
    Command command = logCommand(kind, "RESET"_ba);
    co_return co_await shared->session->call(std::move(command), to, consent);
}

} // namespace slotscope
