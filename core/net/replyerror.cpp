// SPDX-License-Identifier: GPL-3.0-or-later
// What a server's error reply says.
#include "core/net/connection.h"

#include "core/base/secrets.h"
#include "core/base/text.h"

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

} // namespace

std::optional<Error> errorOf(const Value &value, const QString &node, const QString &command)
{
    if (!value.isError())
        return std::nullopt;
    constexpr qsizetype mostShown = 500;
    const QByteArray word = value.errorCode();
    return Error{.code = codeOfServerError(word, value.bytes()),
                 .detail = toDisplay(scrubbed(value.bytes()).left(mostShown)),
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
