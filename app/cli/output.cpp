// SPDX-License-Identifier: GPL-3.0-or-later
#include "output.h"

#include "core/base/signals.h"
#include "core/base/errortext.h"
#include "core/base/text.h"

#include <QJsonDocument>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <unistd.h>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

int failedWith = 0; ///< errno of the first failed write to standard output
bool progressShown = false; ///< the terminal shows an unfinished progress line

/// Writes all bytes; returns 0, or errno on failure.
int writeAll(int file, const QByteArray &bytes)
{
    for (qsizetype done = 0; done < bytes.size();) {
        const ssize_t written = ::write(file, bytes.constData() + done, size_t(bytes.size() - done));
        if (written >= 0) {
            done += written;
        } else if (errno == EAGAIN) { // another process has made the terminal non-blocking
            pollfd room{.fd = file, .events = POLLOUT, .revents = 0};
            ::poll(&room, 1, -1);
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

void write(const QByteArray &bytes)
{
    if (failedWith)
        return;
    failedWith = writeAll(STDOUT_FILENO, bytes);
    if (failedWith == EPIPE && !Signals::interrupt()) // a running operation finishes its current step first
        [[maybe_unused]]
        const int code = endOutput(0);
}

/// JSON with terminal control characters written as \uXXXX, which has the same meaning.
QByteArray safeJson(const QJsonObject &document, QJsonDocument::JsonFormat format)
{
    const QString text = QString::fromUtf8(QJsonDocument(document).toJson(format).trimmed());
    QString safe;
    safe.reserve(text.size());
    for (const char32_t character : text.toUcs4()) {
        QString units; // QString::fromUcs4 would treat U+FEFF as a byte order mark and drop it
        for (const char16_t unit : QChar::fromUcs4(character))
            units += QChar(unit);
        if (showsItself(character) || character == U'\n')
            safe += units;
        else
            for (const QChar unit : units)
                safe += u"\\u%1"_s.arg(uint(unit.unicode()), 4, 16, QLatin1Char('0'));
    }
    return safe.toUtf8();
}

} // namespace

bool outIsTerminal()
{
    return ::isatty(STDOUT_FILENO) != 0;
}

void printOut(const QByteArray &bytes)
{
    clearProgress();
    write((outIsTerminal() ? terminalSafe(bytes, LineBreaks::Keep) : bytes) + '\n');
}

void printOut(const QString &text)
{
    clearProgress();
    write(terminalSafe(text.toUtf8(), LineBreaks::Keep) + '\n');
}

void printJson(const QJsonObject &document)
{
    write(safeJson(document, QJsonDocument::Indented) + '\n');
}

void printJsonLine(const QJsonObject &document)
{
    write(safeJson(document, QJsonDocument::Compact) + '\n');
}

QByteArray jsonLine(const QJsonObject &document)
{
    return safeJson(document, QJsonDocument::Compact);
}

void printBytes(const QByteArray &bytes)
{
    clearProgress();
    write(bytes);
}

void printAside(const QString &text)
{
    clearProgress();
    writeAll(STDERR_FILENO, terminalSafe(text.toUtf8(), LineBreaks::Keep));
}

void printError(const QString &text)
{
    printAside(u"slotscope-cli: "_s + text + u'\n');
}

void printError(const Error &error)
{
    const QString way = advice(error);
    printError(way.isEmpty() ? describe(error) : describe(error) + u"\n  "_s + way);
}

void showProgress(const QString &text)
{
    if (!outIsTerminal())
        return;
    write("\r\x1b[K" + terminalSafe(text, LineBreaks::Quote).toUtf8());
    progressShown = true;
}

void clearProgress()
{
    if (std::exchange(progressShown, false))
        write("\r\x1b[K");
}

int endOutput(int code)
{
    if (failedWith == 0)
        return code;
    if (failedWith == EPIPE) {
        std::signal(SIGPIPE, SIG_DFL); // Qt ignores SIGPIPE because of its sockets
        ::raise(SIGPIPE);
    }
    printError(u"the output could not be written: %1"_s.arg(QString::fromLocal8Bit(std::strerror(failedWith))));
    return code == 0 ? 1 : code;
}

} // namespace slotscope::cli
