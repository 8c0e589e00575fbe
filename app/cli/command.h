// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "output.h"

#include "core/base/task.h"
#include "core/session/clustersession.h"

#include <QStringList>

namespace slotscope::cli {

/// Result of parsing the options before the command, and the command's own arguments.
struct Context
{
    Result<ConnectionTarget> target;
    QString command; ///< name of the command
    QStringList arguments; ///< arguments after the command's name
    QByteArrayList rawArguments = {}; ///< the same arguments as the shell passed them: not every byte string is text
    /// id of the saved connection given by --profile, under which the keychain stores its secrets
    QString savedId = {};
    int timeoutMs = 5000;
    bool json = false;
};

inline constexpr int exitDone = 0;
inline constexpr int exitFailed = 1;
inline constexpr int exitUsage = 2;

/// A subcommand: its name, its line in --help, and its function, whose task returns the exit code.
struct Subcommand
{
    QString name;
    QString synopsis;
    QString summary;
    QCoro::Task<int> (*run)(Context context);
    bool tellsItself = false; ///< the command has options of its own and prints its own --help
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

/// Reads the password and passphrase of the saved connection from the keychain, unless the user gave them. Fails if the
/// keychain returns nothing and no password was given. The context must outlive the task.
[[nodiscard]] QCoro::Task<Result<>> addSecrets(Context *context);

/// Text such as "16,384 of 16,384 slots covered" with the number of slots that no node serves, or that this is not
/// known.
[[nodiscard]] QString coverText(const ClusterView &view);

/// Asks the user to confirm if the command gate requires it. Returns nothing, and prints why, if the command must not
/// be sent.
[[nodiscard]] std::optional<UserConsent> consentTo(const GateVerdict &verdict, const ConnectionTarget &target,
                                                   bool yes);

/// A name for a line of output: unchanged if it is plain text without spaces and quotes, else quoted as redis-cli does
/// it.
[[nodiscard]] QByteArray nameText(const QByteArray &bytes);

/// Prints what is wrong with the arguments and returns exitUsage.
int usageError(const QString &text);
/// Prints that a command accepts no arguments, and returns exitUsage.
int needlessWords(const QString &command, const Context &context);

/// Pads the columns to their widest cell, two spaces apart. Cells in the `rightAligned` columns are right-aligned.
[[nodiscard]] QString tableText(QList<QStringList> rows, const QList<int> &rightAligned = {});

/// A session that has queried every node it could reach. If opening fails, the error is already printed.
struct Opened
{
    std::shared_ptr<ClusterSession> session; ///< null: opening failed
    ClusterViewPtr view;
    /// the target, with the name and environment under which the window knows this cluster
    ConnectionTarget target = {};
};
/// How a confirmation names the target: by the connection's name, or as the whole cluster at the address.
[[nodiscard]] QString whereText(const Opened &opened);
/// Ids of the given nodes, without duplicates; if none is given, of all nodes with an address (with `primaries`: only
/// primaries).
[[nodiscard]] Result<QByteArrayList> nodesNamed(const Opened &opened, const QStringList &names, bool primaries = false);
[[nodiscard]] QCoro::Task<Opened> openSession(Context context, WaitFor what = WaitFor::EveryNode, int pollMs = 0);

} // namespace slotscope::cli
