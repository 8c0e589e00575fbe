// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QJsonObject>

namespace slotscope::cli {

/// Prints a line on standard output. Bytes go unchanged into a pipe or file; on a terminal, control characters are
/// escaped.
void printOut(const QByteArray &bytes);
/// Prints text for people, always with control characters escaped, because a log file may be viewed on a terminal
/// later.
void printOut(const QString &text);
void printJson(const QJsonObject &document);
/// Prints a JSON document in a single line.
void printJsonLine(const QJsonObject &document);
/// Returns a JSON document as a line, to be printed together with others.
[[nodiscard]] QByteArray jsonLine(const QJsonObject &document);
/// Prints the bytes unchanged and adds no line end: the caller has escaped control characters.
void printBytes(const QByteArray &bytes);
/// Prints "slotscope-cli: …" on standard error.
void printError(const QString &text);
/// Prints the error and, if known, a remedy.
void printError(const Error &error);
/// Prints on standard error without the program's name, for a hint or a question.
void printAside(const QString &text);

/// Shows a line that the next progress line replaces; only on a terminal.
void showProgress(const QString &text);
void clearProgress();

[[nodiscard]] bool outIsTerminal();
/// Call once at the end with the exit code. Returns 1, and reports it, if the output could not be written. If the
/// reader of a pipe has gone, ends the program by SIGPIPE like other tools.
[[nodiscard]] int endOutput(int code);

} // namespace slotscope::cli
