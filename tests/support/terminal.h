// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QTest>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace slotscope::test {

/// Runs a program in its own pseudo-terminal, so that a test sees and uses it as a person at a terminal does.
class Terminal
{
    Q_DISABLE_COPY_MOVE(Terminal)
public:
    Terminal()
    {
        m_master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
        ::grantpt(m_master);
        ::unlockpt(m_master);
        m_name = ::ptsname(m_master);
        m_process.setChildProcessModifier([this] {
            ::setsid();
            const int file = ::open(m_name.constData(), O_RDWR);
            ::ioctl(file, TIOCSCTTY, 0);
            for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
                ::dup2(file, standard);
        });
    }
    ~Terminal()
    {
        m_process.kill();
        m_process.waitForFinished();
        ::close(m_master);
    }
    QProcess &process() { return m_process; }
    void type(const QByteArray &keys)
    {
        QCOMPARE(::write(m_master, keys.constData(), size_t(keys.size())), keys.size());
    }
    /// Returns everything that the program has printed so far.
    QByteArray screen()
    {
        char bytes[4096];
        for (ssize_t count = 0; (count = ::read(m_master, bytes, sizeof bytes)) > 0;)
            m_screen.append(bytes, count);
        return m_screen;
    }
    /// Waits up to 30 s for the program to end by itself. Returns false if it still runs.
    bool waitForEnd()
    {
        return QTest::qWaitFor([this] { return screen(), m_process.state() == QProcess::NotRunning; }, 30000);
    }
    [[nodiscard]] bool echoes() const
    {
        termios settings{};
        return ::tcgetattr(m_master, &settings) == 0 && (settings.c_lflag & ECHO);
    }

private:
    QProcess m_process;
    int m_master = -1;
    QByteArray m_name, m_screen;
};

} // namespace slotscope::test
