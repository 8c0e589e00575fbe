// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QStringList>

namespace slotscope::test {

/// The result of a run of slotscope-cli.
struct CliRun
{
    int code = -1; ///< exit code, or -1 if the program did not start or did not end in time
    QByteArray out, err;
};

/// Runs slotscope-cli with these arguments until it ends, and kills it after `mostMs` milliseconds.
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
