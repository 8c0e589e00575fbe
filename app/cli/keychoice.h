// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

#include "core/keys/jobcontrol.h"
#include "core/keys/scanrequest.h"

namespace slotscope::cli {

/// Keys for a bulk command: --match PATTERN [--type TYPE], or --from FILE [--null].
struct KeyChoice
{
    ScanRequest scan;
    QString file; ///< file with key names; empty: the keys that match the pattern

    /// Reads an option with a value; returns false if `option` is not one of these.
    bool take(const QString &option, const QByteArray &value);
    [[nodiscard]] bool isOne() const { return scan.pattern.isEmpty() != file.isEmpty(); }
    bool zero = false; ///< key names in the file end with a zero byte
    [[nodiscard]] static const QStringList &options();
    [[nodiscard]] static QString help();
};

/// Returns the names, either scanned without duplicates or read from the file. If not every key could be read, the
/// error is printed and nothing is returned, so that the command does nothing.
[[nodiscard]] QCoro::Task<std::optional<QByteArrayList>> chooseKeys(KeyChoice choice,
                                                                    std::shared_ptr<ClusterSession> session);

/// Asks on the terminal. Returns false if the user declines or cannot be asked, which is printed. `what` is for example
/// "delete 12 keys on shop".
[[nodiscard]] bool agreesTo(const QString &what, const QString &warning, bool yes);

/// Shows a job's progress on the terminal during its lifetime.
class ProgressLine final
{
    Q_DISABLE_COPY_MOVE(ProgressLine)
public:
    ProgressLine();
    ~ProgressLine();
    [[nodiscard]] std::shared_ptr<BatchSink<BulkProgress>> sink() const { return m_sink; }

private:
    QObject m_receiver;
    std::shared_ptr<BatchSink<BulkProgress>> m_sink;
};

/// Prints the result of a job with its failures and notes. Returns the exit code: exitDone only if all keys were
/// reached and nothing failed. `changed` and `untouched` are texts such as "keys deleted" and "were gone already".
/// `aside`: standard output holds the keys themselves, so print on standard error. Failures name a key, or with
/// `places` a place in a file, which is printed unchanged.
[[nodiscard]] int tellJob(const BulkProgress &progress, const QString &changed, const QString &untouched, bool json,
                          bool aside = false, bool places = false);

} // namespace slotscope::cli
