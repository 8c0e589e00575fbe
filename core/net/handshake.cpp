// SPDX-License-Identifier: GPL-3.0-or-later
// How a connection is let in: HELLO or AUTH, its name, its database.
#include "core/net/connection.h"

#include "core/base/text.h"
#include "core/net/passwordsource.h"
#include "core/protocol/commandnames.h"

#include <QPointer>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

bool unknownCommand(const Value &reply)
{
    return reply.isError() && (reply.bytes().contains("unknown command") || reply.errorCode() == "NOPROTO");
}

/// Returns the value of the line "name:value" in INFO.
QByteArray infoField(const QByteArray &info, const QByteArray &name)
{
    const qsizetype at = info.indexOf('\n' + name + ':');
    if (at < 0)
        return {};
    const qsizetype from = at + name.size() + 2, end = info.indexOf('\r', from);
    return info.mid(from, end < 0 ? -1 : end - from);
}

/// Returns the id on the line marked "myself" in CLUSTER NODES.
QByteArray ownIdOf(const QByteArray &table)
{
    for (const QByteArray &line : table.split('\n')) {
        const QByteArrayList words = line.split(' ');
        if (words.size() > 2 && words[2].split(',').contains("myself"))
            return words.front();
    }
    return {};
}

/// Whether the reply to HELLO is of a server before 7.2, which has neither CLIENT SETINFO nor CLIENT NO-TOUCH: each
/// attempt would be counted in the server's error statistics. False if the version is not known.
bool isBeforeClientInfo(const Value &hello)
{
    const Value *version = hello.find("version");
    if (!version)
        return false;
    const QList<QByteArray> parts = version->bytes().split('.');
    bool isNumber = false;
    const int major = parts.value(0).toInt(&isNumber);
    const int minor = parts.value(1).toInt();
    return isNumber && (major < 7 || (major == 7 && minor < 2));
}

} // namespace

QCoro::Task<> Connection::handshake()
{
    const QPointer<Connection> self(this);
    const bool secret = m_options.credentials.hasSecret() || !m_options.credentials.user.isEmpty();
    if (m_options.probeFirst && secret) {
        if (std::optional<Error> strange = co_await probe(); strange && self && m_state == State::Handshake)
            fail(std::move(*strange));
        if (!self || m_state != State::Handshake)
            co_return;
    }
    if (std::optional<Error> refused = co_await authenticate(); refused && self && m_state == State::Handshake)
        fail(std::move(*refused));
    if (!self || m_state != State::Handshake)
        co_return;
    if (std::optional<Error> refused = co_await prepare(); refused && self && m_state == State::Handshake)
        fail(std::move(*refused));
    if (!self || m_state != State::Handshake)
        co_return;
    if (m_options.identify || !m_options.expectedId.isEmpty())
        if (std::optional<Error> another = co_await identify(); another && self && m_state == State::Handshake)
            fail(std::move(*another));
    if (self && m_state == State::Handshake)
        setReady();
}

/// Checks whether a Redis-like server answers, before credentials are sent to a guessed address.
QCoro::Task<std::optional<Error>> Connection::probe()
{
    const std::vector<Command> commands{{"PING"_ba}};
    const Replies reply = co_await enqueue(commands, -1);
    if (!reply)
        co_return std::nullopt; // fail() has already closed the connection
    static const QList<QByteArray> expected{"NOAUTH"_ba, "NOPERM"_ba, "LOADING"_ba, "MASTERDOWN"_ba, "BUSY"_ba};
    const Value &answer = reply->front();
    if (answer.isError() ? expected.contains(answer.errorCode()) : answer.bytes() == "PONG")
        co_return std::nullopt;
    co_return Error{.code = Error::Code::NotRedis,
                    .detail = tr("its reply to PING is not that of a Redis server; no password was sent"),
                    .serverPrefix = {},
                    .node = {},
                    .command = {}};
}

/// Gets the password from the command before connecting, so that connection timeouts do not include the command's time.
QCoro::Task<> Connection::openWithPassword()
{
    const QPointer<Connection> self(this);
    Awaited<PasswordSource::Password> given = m_source->password();
    const PasswordSource::Password password = co_await given;
    if (!self || m_state != State::Connecting)
        co_return;
    if (!password) {
        fail(password.error());
        co_return;
    }
    m_options.credentials.password = *password;
    openTransport();
}

/// Logs in. A password from a command may have expired: if it is refused, the command is run once more.
QCoro::Task<std::optional<Error>> Connection::authenticate()
{
    const QPointer<Connection> self(this);
    std::optional<Error> refused = co_await logIn();
    if (!self || m_state != State::Handshake || !m_source)
        co_return refused;
    const bool isRefused =
        refused && (refused->code == Error::Code::WrongPassword || refused->code == Error::Code::AuthRequired);
    if (isRefused) {
        const int left = m_phase.remainingTime();
        m_phase.stop(); // the command has its own timeout
        const std::shared_ptr<PasswordSource> source = m_source;
        Awaited<PasswordSource::Password> given = source->insteadOf(m_options.credentials.password);
        const PasswordSource::Password another = co_await given;
        if (!self || m_state != State::Handshake)
            co_return refused;
        m_phase.start(std::max(left, 1));
        if (!another)
            co_return refused;
        m_options.credentials.password = *another;
        refused = co_await logIn();
        if (!self || m_state != State::Handshake)
            co_return refused;
    }
    if (!refused)
        m_source->noteAccepted(m_options.credentials.password);
    co_return refused;
}

/// Sends a renewed password over an open connection. If the server refuses it, the connection stays as it is.
QCoro::Task<> Connection::logInAgain()
{
    if (m_state != State::Ready || m_login.when() != OwnLogin::When::Now) {
        m_loginDue = m_login.when() == OwnLogin::When::Later;
        co_return;
    }
    m_loginDue = false;
    const QPointer<Connection> self(this);
    const QString password = m_source->current();
    const QByteArray user = m_options.credentials.user.toUtf8();
    m_options.credentials.password = password;
    const std::vector<Command> commands{user.isEmpty() ? Command{"AUTH"_ba, password.toUtf8()}
                                                       : Command{"AUTH"_ba, user, password.toUtf8()}};
    const Replies reply = co_await enqueue(commands, -1);
    if (!self || !reply)
        co_return;
    if (const auto error = errorOf(reply->front(), m_options.endpoint.toString(), u"AUTH"_s); !error)
        m_source->noteAccepted(password);
    else if (error->code == Error::Code::WrongPassword)
        m_source->noteRefused(password, *error);
    else
        m_source->noteUnanswered(password, *error);
}

void Connection::noteSent(const std::vector<Command> &commands)
{
    if (!m_source)
        return;
    for (const Command &command : commands)
        m_login.sent(asKnown(command, m_options.renamed), !m_hello.isNull());
}

/// Sends HELLO 3 with the credentials. If the server does not support HELLO or RESP3, uses AUTH and RESP2.
QCoro::Task<std::optional<Error>> Connection::logIn()
{
    const QByteArray user = m_options.credentials.user.toUtf8(), password = m_options.credentials.password.toUtf8();
    const bool withPassword = !password.isEmpty() || !user.isEmpty();
    if (m_options.resp3) {
        Command hello{"HELLO"_ba, "3"_ba};
        if (withPassword)
            hello << "AUTH"_ba << (user.isEmpty() ? "default"_ba : user) << password;
        const std::vector<Command> commands{hello};
        Replies reply = co_await enqueue(commands, -1);
        if (!reply)
            co_return std::nullopt; // fail() has already closed the connection
        if (!reply->front().isError()) {
            m_hello = std::move(reply->front());
            co_return std::nullopt;
        }
        const auto error = errorOf(reply->front(), m_options.endpoint.toString(), u"HELLO"_s);
        if (!unknownCommand(reply->front()) && error->serverPrefix != "NOPERM")
            co_return error;
    }
    if (!withPassword)
        co_return std::nullopt;
    const std::vector<Command> commands{user.isEmpty() ? Command{"AUTH"_ba, password}
                                                       : Command{"AUTH"_ba, user, password}};
    Replies reply = co_await enqueue(commands, -1);
    const bool isNeedless = reply
        && (reply->front().bytes().contains("no password is set")
            || reply->front().bytes().contains("without any password configured")); // since Redis 6
    if (reply && reply->front().isError() && !isNeedless)
        co_return errorOf(reply->front(), m_options.endpoint.toString(), u"AUTH"_s);
    co_return std::nullopt;
}

/// Asks the server for its identity. A user who may not run CLUSTER MYID may still be permitted CLUSTER NODES.
QCoro::Task<std::optional<Error>> Connection::identify()
{
    const std::vector<Command> commands{{"CLUSTER"_ba, "MYID"_ba}, {"INFO"_ba, "server"_ba}};
    const Replies replies = co_await enqueue(commands, -1);
    if (!replies)
        co_return std::nullopt; // fail() has already closed the connection
    const Value &id = replies->front(), &info = replies->back();
    if (info.isString() && infoField(info.bytes(), "redis_mode"_ba) == "sentinel") {
        std::optional<Error> strange = co_await tellSentinel();
        co_return strange;
    }
    if (info.isString())
        m_identity.runId = infoField(info.bytes(), "run_id"_ba);
    m_identity.isHeldUp = id.errorCode() == "BUSY" || id.errorCode() == "LOADING";
    if (id.isString()) {
        m_identity.nodeId = id.bytes();
    } else if (id.errorCode() == "NOPERM") {
        const std::vector<Command> table{{"CLUSTER"_ba, "NODES"_ba}};
        const Replies lines = co_await enqueue(table, -1);
        if (!lines)
            co_return std::nullopt;
        if (lines->front().isString())
            m_identity.nodeId = ownIdOf(lines->front().bytes());
    }
    const auto refused = errorOf(id, {}, {});
    const bool isNoMember = refused && refused->code == Error::Code::ClusterDisabled;
    if (isNoMember && !m_options.expectedId.isEmpty())
        co_return Error{.code = Error::Code::WrongNode,
                        .detail = tr("a server without cluster mode answers there, not node %1")
                                      .arg(QString::fromLatin1(m_options.expectedId.left(8))),
                        .serverPrefix = {},
                        .node = {},
                        .command = {}};
    if (m_options.expectedId.isEmpty() || m_identity.nodeId.isEmpty() || m_identity.nodeId == m_options.expectedId)
        co_return std::nullopt;
    co_return Error{.code = Error::Code::WrongNode,
                    .detail = tr("node %1 answers there, not node %2")
                                  .arg(QString::fromLatin1(m_identity.nodeId.left(8)),
                                       QString::fromLatin1(m_options.expectedId.left(8))),
                    .serverPrefix = {},
                    .node = {},
                    .command = {}};
}

/// Reports which primaries a Sentinel monitors, because the user probably wants to connect to one of them through it.
QCoro::Task<std::optional<Error>> Connection::tellSentinel()
{
    const std::vector<Command> commands{{"SENTINEL"_ba, "MASTERS"_ba}};
    const Replies replies = co_await enqueue(commands, -1);
    if (!replies)
        co_return std::nullopt; // fail() has already closed the connection
    constexpr qsizetype mostNames = 20, longestName = 100;
    QStringList watched;
    for (const Value &entry : replies->front().items())
        if (const Value *name = entry.find("name"); name && watched.size() < mostNames)
            watched << toDisplay(name->bytes().left(longestName));
    co_return Error{.code = Error::Code::IsSentinel,
                    .detail = watched.isEmpty() ? tr("the Sentinel does not report which primaries it watches")
                                                : tr("the Sentinel watches %1").arg(watched.join(u", "_s)),
                    .serverPrefix = {},
                    .node = {},
                    .command = {}};
}

/// Sets client name, library, NO-TOUCH, database and READONLY. A final PING shows whether the login was accepted if
/// HELLO could not.
QCoro::Task<std::optional<Error>> Connection::prepare()
{
    std::vector<Command> commands{{"CLIENT"_ba, "SETNAME"_ba, m_options.clientName}};
    const bool isOld = isBeforeClientInfo(m_hello);
    if (!isOld) {
        commands.push_back({"CLIENT"_ba, "SETINFO"_ba, "LIB-NAME"_ba, "slotscope"_ba});
        commands.push_back({"CLIENT"_ba, "SETINFO"_ba, "LIB-VER"_ba, SLOTSCOPE_VERSION ""_ba});
    }
    const bool asksNoTouch = m_options.noTouch && !isOld;
    if (asksNoTouch)
        commands.push_back({"CLIENT"_ba, "NO-TOUCH"_ba, "ON"_ba});
    const size_t optional = commands.size();
    if (m_options.database != 0)
        commands.push_back({"SELECT"_ba, QByteArray::number(m_options.database)});
    if (m_options.readonlyReplica)
        commands.push_back({"READONLY"_ba});
    commands.push_back({"PING"_ba});
    const Replies replies = co_await enqueue(commands, -1);
    if (!replies)
        co_return std::nullopt;
    m_leavesIdle = asksNoTouch && !(*replies)[optional - 1].isError();
    for (size_t i = optional; i < replies->size(); ++i) {
        const auto error = errorOf((*replies)[i], m_options.endpoint.toString(), commandName(commands[i]));
        if (error && commands[i].front() == "SELECT" && error->code == Error::Code::ServerError) {
            Error missing = *error;
            missing.code = Error::Code::NoDatabase;
            co_return missing;
        }
        const bool harmless = !error || commands[i].front() == "READONLY" || error->code == Error::Code::Loading
            || error->code == Error::Code::Busy
            || (commands[i].front() == "PING" && error->code == Error::Code::NoPermission);
        if (!harmless)
            co_return error;
    }
    co_return std::nullopt;
}

} // namespace slotscope
