// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QStringList>

namespace slotscope::test {

/// What a run of slotscope-cli came to.
struct CliRun
{
    int code = -1; ///< -1: it did not start, or did not end in time
    QByteArray out, err;
};

/// Runs it to its end, at most `mostMs`; what takes longer is killed.
[[nodiscard]] inline CliRun runCli(const QStringList &words, int mostMs = 60'000)
{
    QProcess process;
    process.start(qEnvironmentVariable("SLOTSCOPE_CLI"), words);
    const bool isOver = process.waitForFinished(mostMs) && process.exitStatus() == QProcess::NormalExit;
    return {.code = isOver ? process.exitCode() : -1,
            .out = process.readAllStandardOutput(),
            .err = process.readAllStandardError()};
}

} // namespace slotscope::test
