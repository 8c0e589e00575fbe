// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"
#include "core/values/edit.h"

#include <QPointer>

namespace slotscope {

/// The value that an edit replaced, for undoing the edit.
struct FormerValue
{
    QByteArray key;
    int database = -1;
    std::optional<QByteArray> before; ///< DUMP before the edit; nullopt: the key did not exist
    std::optional<QByteArray> after; ///< DUMP after the edit
    qint64 ttlMs = -1; ///< time to live before, at `at`; -1: none
    qint64 ttlAfterMs = -1; ///< time to live after the edit, at `at`
    qint64 at = 0; ///< time in Clock::ms()
};

/// The result of an edit.
struct EditOutcome
{
    bool isDone = false; ///< false: a check failed, and nothing was changed
    /// If not done: the present reply to each check's command, in order; nullopt: null.
    QList<std::optional<QByteArray>> now;
    std::vector<Value> replies; ///< replies to the commands, in order
    std::optional<FormerValue> former; ///< if the edit requested it, and the user may run DUMP
    QString node; ///< "host:port" of the node that executed it
};

/// Changes keys. Each edit is one MULTI under WATCH, over a separate connection to the key's node, after the command
/// gate has checked each command. Nothing is sent twice: if the reply to EXEC is lost, the error says that it may have
/// been executed. A service for Remote; lives on the session's thread.
class ValueEditor final
{
public:
    explicit ValueEditor(QPointer<ClusterSession> session) : m_session(std::move(session)) { }
    /// Database of all later edits; -1: the connection's.
    void setDatabase(int database) { m_database = database; }

    [[nodiscard]] QCoro::Task<Result<EditOutcome>> apply(Edit edit, UserConsent consent);
    /// Restores the former value and time to live, if both are still what the edit made of them, and the former time
    /// has not passed.
    [[nodiscard]] QCoro::Task<Result<EditOutcome>> takeBack(FormerValue former, UserConsent consent);
    /// Copies a key to a new name in any slot, and compares the copy. With `removesOld`, deletes the old key if the
    /// copy is equal and nobody changed the old one meanwhile. Refused if the new name exists. The time to live is
    /// kept. Error::NotWhole if equality could not be confirmed; the old key is then kept.
    [[nodiscard]] QCoro::Task<Result<>> copy(QByteArray key, QByteArray name, bool removesOld, UserConsent consent);

private:
    QPointer<ClusterSession> m_session;
    int m_database = -1;
};

} // namespace slotscope
