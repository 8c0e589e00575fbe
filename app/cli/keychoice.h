// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

#include "core/keys/jobcontrol.h"
#include "core/keys/scanrequest.h"

namespace slotscope::cli {

/// Which keys a command over many is about: --match PATTERN [--type TYPE], or --from FILE [--null].
struct KeyChoice
{
    ScanRequest scan;
    QString file; ///< of names; empty: what matches

    /// Options that have a value; true where it was one of them.
    bool take(const QString &option, const QByteArray &value);
    [[nodiscard]] bool isOne() const { return scan.pattern.isEmpty() != file.isEmpty(); }
    bool zero = false; ///< names of the file end with a zero byte
    [[nodiscard]] static const QStringList &options();
    [[nodiscard]] static QString help();
};

/// The names: scanned, each once, or read. The error is printed already where there is nothing; so it is where not
/// every key could be read, and then nothing should be done.
[[nodiscard]] QCoro::Task<std::optional<QByteArrayList>> chooseKeys(KeyChoice choice,
                                                                    std::shared_ptr<ClusterSession> session);

/// Asks on the terminal; false where the user does not want it, or cannot be asked, which is said. `what`: "delete 12
/// keys on shop".
[[nodiscard]] bool agreesTo(const QString &what, const QString &warning, bool yes);

/// Shows a job's progress as long as it lives.
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

/// Prints what a job came to, its failures and its notes; gives the exit code: done only where all was reached and
/// nothing failed. `changed`, `untouched`: "keys deleted", "were gone already". `aside`: standard output holds the keys
/// themselves. What a failure is about is a key's name, or with `places` the place in a file, as it is.
[[nodiscard]] int tellJob(const BulkProgress &progress, const QString &changed, const QString &untouched, bool json,
                          bool aside = false, bool places = false);

} // namespace slotscope::cli
