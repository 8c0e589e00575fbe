// SPDX-License-Identifier: GPL-3.0-or-later
// What a server's error reply says.
#include "core/net/connection.h"

#include "core/base/secrets.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/protocol/commandnames.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

Error::Code codeOfServerError(QByteArrayView word, QByteArrayView text)
{
    static const QHash<QByteArray, Error::Code> codes{
        {"NOAUTH"_ba, Error::Code::AuthRequired},     {"WRONGPASS"_ba, Error::Code::WrongPassword},
        {"NOPERM"_ba, Error::Code::NoPermission},     {"DENIED"_ba, Error::Code::NoPermission},
        {"CLUSTERDOWN"_ba, Error::Code::ClusterDown}, {"LOADING"_ba, Error::Code::Loading},
        {"MASTERDOWN"_ba, Error::Code::Loading},      {"BUSY"_ba, Error::Code::Busy},
    };
    const auto known = codes.constFind(word.toByteArray());
    if (known != codes.constEnd())
        return *known;
    if (text.toByteArray().contains("cluster support disabled"))
        return Error::Code::ClusterDisabled;
    if (text.toByteArray().contains("invalid password"))
        return Error::Code::WrongPassword;
    if (text.toByteArray().contains("max number of clients"))
        return Error::Code::TooManyClients;
    return Error::Code::ServerError;
}

/// Returns the command that the server claims not to know although every server has it; empty for other errors.
QByteArray missingCommand(const QByteArray &text, const QString &command)
{
    if (!text.startsWith("ERR unknown command"))
        return {};
    QByteArray name = command.section(u' ', 0, 0).toLatin1().toUpper();
    if (name.isEmpty()) { // ERR unknown command 'NAME', with args …; `NAME` before Redis 7
        const qsizetype from = text.indexOf('\'') >= 0 ? text.indexOf('\'') : text.indexOf('`');
        const qsizetype until = from < 0 ? -1 : text.indexOf(text[from], from + 1);
        name = until < 0 ? QByteArray() : ownNameOf(text.mid(from + 1, until - from - 1));
    }
    return isInEveryServer(name) ? name : QByteArray();
}

} // namespace

std::optional<Error> errorOf(const Value &value, const QString &node, const QString &command)
{
    if (!value.isError())
        return std::nullopt;
    constexpr qsizetype mostShown = 500;
    const QByteArray word = value.errorCode();
    QString detail = toDisplay(scrubbed(value.bytes()).left(mostShown));
    if (const QByteArray missing = missingCommand(value.bytes(), command); !missing.isEmpty())
        detail = tr("%2; probably %1 is renamed or disabled on this server (rename-command). If it has another name, "
                    "enter that in the connection, under Advanced, or use --rename-command")
                     .arg(QString::fromLatin1(missing), detail);
    return Error{.code = codeOfServerError(word, value.bytes()),
                 .detail = detail,
                 .serverPrefix = word,
                 .node = node,
                 .command = command};
}

Result<Value> checked(Result<Value> reply, const QString &node, const QString &command)
{
    if (reply)
        if (auto error = errorOf(*reply, node, command))
            return failure(std::move(*error));
    return reply;
}

} // namespace slotscope
