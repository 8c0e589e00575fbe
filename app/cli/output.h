// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QJsonObject>

namespace slotscope::cli {

/// A line on standard output. Bytes go into a pipe or file as they are; on a terminal they are made safe for it.
void printOut(const QByteArray &bytes);
/// Text for people: always safe for a terminal, on which a log is read later.
void printOut(const QString &text);
void printJson(const QJsonObject &document);
/// The same in one line.
void printJsonLine(const QJsonObject &document);
/// That line, to be printed with others.
[[nodiscard]] QByteArray jsonLine(const QJsonObject &document);
/// Bytes as they are, no line added: whoever gives them has made them safe for a terminal.
void printBytes(const QByteArray &bytes);
/// "slotscope-cli: …" on standard error.
void printError(const QString &text);
/// The error, and a way on where one is known.
void printError(const Error &error);
/// On standard error, without the program's name: a hint, a question.
void printAside(const QString &text);

/// A line that the next one replaces; only on a terminal.
void showProgress(const QString &text);
void clearProgress();

[[nodiscard]] bool outIsTerminal();
/// Once at the end, with the exit code: 1 where what was to be printed could not be written, which is said. Where the
/// reader of a pipe has gone the program ends by SIGPIPE, as other tools do.
[[nodiscard]] int endOutput(int code);

} // namespace slotscope::cli
