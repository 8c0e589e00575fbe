// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/console/commanddocs.h"
#include "core/console/errorhelp.h"
#include "core/session/clustersession.h"

namespace slotscope {

/// A key found by a limited search.
struct KeyProposal
{
    QByteArray key, type; ///< type is empty if it was not queried
    qint64 length = -1; ///< number of elements, or bytes of a string; -1: not queried
};
struct KeyProposals
{
    QList<KeyProposal> keys;
    bool isWhole = false; ///< every key was examined, so there are no others
    qint64 milliseconds = 0;
};

/// Helps with typing: the servers' documentation of their commands, names of keys, and explanations of errors. Uses the
/// session's shared links and only reads. Use on the session's thread.
class ConsoleHelp final
{
    Q_DISABLE_COPY_MOVE(ConsoleHelp)
public:
    static constexpr int keySearchMs = 200;
    static constexpr int mostKeys = 50;

    explicit ConsoleHelp(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

    /// COMMAND DOCS, read once for each server version; the built-in documentation if the server refuses it.
    [[nodiscard]] QCoro::Task<Result<CommandDocsPtr>> docs() const;
    /// Keys whose names start with `beginning`, found within keySearchMs by a few SCANs, with the types and lengths of
    /// the first ones.
    [[nodiscard]] QCoro::Task<Result<KeyProposals>> keysLike(QByteArray beginning) const;
    [[nodiscard]] QCoro::Task<Result<ErrorHelp>> explain(QByteArray serverError, Command command, QByteArray nodeId,
                                                         QString user) const;
    /// The keys of a command, found by the key positions that COMMAND reports.
    [[nodiscard]] QCoro::Task<Result<QByteArrayList>> keysOf(Command command) const;

    /// The flags and ACL categories of a command, as COMMAND reports them.
    [[nodiscard]] QCoro::Task<Result<CommandSpec>> spec(Command command) const;

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
