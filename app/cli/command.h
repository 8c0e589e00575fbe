// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "output.h"

#include "core/base/task.h"
#include "core/session/clustersession.h"

#include <QStringList>

namespace slotscope::cli {

/// What the words before the command said, and the command's own arguments.
struct Context
{
    Result<ConnectionTarget> target;
    QString command; ///< its name
    QStringList arguments; ///< after the command's name
    QByteArrayList rawArguments = {}; ///< the same as the shell gave them: not every byte string is text
    QString savedId = {}; ///< of the saved connection that --profile named, where the keychain has its secrets
    int timeoutMs = 5000;
    bool json = false;
};

inline constexpr int exitDone = 0;
inline constexpr int exitFailed = 1;
inline constexpr int exitUsage = 2;

/// One subcommand: its name, its line in --help, and what it does. The task gives the exit code.
struct Subcommand
{
    QString name;
    QString synopsis;
    QString summary;
    QCoro::Task<int> (*run)(Context context);
    bool tellsItself = false; ///< it has options of its own, and tells them after --help
};

[[nodiscard]] QCoro::Task<int> runTopology(Context context);
[[nodiscard]] QCoro::Task<int> runCheck(Context context);
[[nodiscard]] QCoro::Task<int> runSlots(Context context);
[[nodiscard]] QCoro::Task<int> runScan(Context context);
[[nodiscard]] QCoro::Task<int> runAnalyse(Context context);
[[nodiscard]] QCoro::Task<int> runGet(Context context);
[[nodiscard]] QCoro::Task<int> runSet(Context context);
[[nodiscard]] QCoro::Task<int> runBulk(Context context);
[[nodiscard]] QCoro::Task<int> runExport(Context context);
[[nodiscard]] QCoro::Task<int> runImport(Context context);
[[nodiscard]] QCoro::Task<int> runSlowlog(Context context);
[[nodiscard]] QCoro::Task<int> runStat(Context context);
[[nodiscard]] QCoro::Task<int> runLoad(Context context);
[[nodiscard]] QCoro::Task<int> runLatency(Context context);
[[nodiscard]] QCoro::Task<int> runClients(Context context);
[[nodiscard]] QCoro::Task<int> runAcl(Context context);
[[nodiscard]] QCoro::Task<int> runMonitor(Context context);
[[nodiscard]] QCoro::Task<int> runHotKeys(Context context);
[[nodiscard]] QCoro::Task<int> runWatch(Context context);
[[nodiscard]] QCoro::Task<int> runPubSub(Context context);
[[nodiscard]] QCoro::Task<int> runCall(Context context);
[[nodiscard]] QCoro::Task<int> runDecode(Context context);
[[nodiscard]] QCoro::Task<int> runAudit(Context context);
[[nodiscard]] QCoro::Task<int> runDemo(Context context);
[[nodiscard]] QCoro::Task<int> runResume(Context context);
[[nodiscard]] QCoro::Task<int> runRollBack(Context context);
[[nodiscard]] QCoro::Task<int> runHistory(Context context);
[[nodiscard]] QCoro::Task<int> runAddresses(Context context);
[[nodiscard]] QCoro::Task<int> runSentinel(Context context);
[[nodiscard]] QCoro::Task<int> runSaved(Context context);

/// Takes password and passphrase of the saved connection from the keychain, where the user gave none. A keychain that
/// gives nothing is an error where no password was given. The context outlives it.
[[nodiscard]] QCoro::Task<Result<>> addSecrets(Context *context);

/// "16,384 of 16,384 slots covered", and how many of them nobody serves; or that it is not known.
[[nodiscard]] QString coverText(const ClusterView &view);

/// What the user agrees to, asked where the gate wants it; nothing where the command is not sent, which is said then.
[[nodiscard]] std::optional<UserConsent> consentTo(const GateVerdict &verdict, const ConnectionTarget &target,
                                                   bool yes);

/// A name for a line of output: as it is where it is plain text without blanks and quotes, else quoted as redis-cli
/// reads and writes it.
[[nodiscard]] QByteArray nameText(const QByteArray &bytes);

/// Says what is wrong with the words; gives exitUsage.
int usageError(const QString &text);
/// The same, for a command that takes no words of its own.
int needlessWords(const QString &command, const Context &context);

/// Columns padded to their widest cell, two blanks apart. Cells in `rightAligned` columns are right-aligned.
[[nodiscard]] QString tableText(QList<QStringList> rows, const QList<int> &rightAligned = {});

/// A session on the target that has asked every node it could reach; the error is printed already where there is none.
struct Opened
{
    std::shared_ptr<ClusterSession> session; ///< null: failed
    ClusterViewPtr view;
    ConnectionTarget target = {}; ///< with the name and the environment that the window knows this cluster by
};
/// What a question says where something is changed: the name, or that it is the whole cluster at the address.
[[nodiscard]] QString whereText(const Opened &opened);
/// Ids of the nodes that were named, each once; where none was, of all that have an address (`primaries`: of these
/// alone).
[[nodiscard]] Result<QByteArrayList> nodesNamed(const Opened &opened, const QStringList &names, bool primaries = false);
[[nodiscard]] QCoro::Task<Opened> openSession(Context context, WaitFor what = WaitFor::EveryNode, int pollMs = 0);

} // namespace slotscope::cli
