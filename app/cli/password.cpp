// SPDX-License-Identifier: GPL-3.0-or-later
#include "password.h"

#include "output.h"

#include <QStringDecoder>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <termios.h>
#include <unistd.h>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::array signalNumbers{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
constexpr qsizetype terminalLine = 4095; // the kernel's limit for a typed line; the rest is lost silently

volatile std::sig_atomic_t caught = 0;

void onTerminalSignal(int number)
{
    caught = number;
}

/// Hides the typed characters during its lifetime; signals only interrupt the read.
class HiddenInput
{
    Q_DISABLE_COPY_MOVE(HiddenInput)
public:
    HiddenInput()
    {
        caught = 0;
        struct sigaction action
        { };
        action.sa_handler = onTerminalSignal; // without SA_RESTART, so that read() returns
        for (size_t i = 0; i < signalNumbers.size(); ++i)
            sigaction(signalNumbers[i], &action, &m_before[i]);
        m_terminal = tcgetattr(STDIN_FILENO, &m_shown) == 0;
        termios hidden = m_shown;
        hidden.c_lflag &= ~tcflag_t(ECHO);
        if (m_terminal)
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    ~HiddenInput()
    {
        if (m_terminal)
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_shown);
        for (size_t i = 0; i < signalNumbers.size(); ++i)
            sigaction(signalNumbers[i], &m_before[i], nullptr);
    }
    [[nodiscard]] bool isTerminal() const { return m_terminal; }

private:
    termios m_shown{};
    bool m_terminal = false;
    std::array<struct sigaction, signalNumbers.size()> m_before{};
};

struct Line
{
    QByteArray bytes;
    bool terminal = false;
    int signal = 0; ///< signal that arrived before the end of the line
    int error = 0; ///< errno, 0 on success
};

Line readHidden()
{
    const HiddenInput hidden;
    Line line{.bytes = {}, .terminal = hidden.isTerminal()};
    while (!caught) {
        char byte = 0;
        const ssize_t count = ::read(STDIN_FILENO, &byte, 1);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            line.error = errno;
        if (count <= 0 || byte == '\n')
            break;
        line.bytes.append(byte);
    }
    line.signal = caught;
    return line;
}

tl::unexpected<Error> noPassword(const QString &why)
{
    return failure(Error::Code::InvalidArgument, u"--askpass: "_s + why);
}

} // namespace

Result<QString> askPassword(const QString &question)
{
    for (;;) {
        printAside(question);
        const Line line = readHidden();
        printAside(u"\n"_s);
        if (line.signal) {
            ::raise(line.signal); // ends the program, or suspends it until it is continued
            continue;
        }
        if (line.error)
            return noPassword(
                u"the password cannot be read: %1"_s.arg(QString::fromLocal8Bit(std::strerror(line.error))));
        if (line.terminal && line.bytes.size() >= terminalLine)
            return noPassword(
                u"a terminal accepts no line of more than %1 bytes; give the password in SLOTSCOPE_PASSWORD"_s.arg(
                    terminalLine - 1));
        QStringDecoder decode(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
        const QString password = decode(line.bytes);
        if (decode.hasError())
            return noPassword(u"the password must be valid UTF-8"_s);
        return password;
    }
}

} // namespace slotscope::cli
