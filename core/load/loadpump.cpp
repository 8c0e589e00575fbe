// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/loadpump.h"

#include <QPointer>
#include <QSocketNotifier>

#include <array>
#include <cerrno>

#include <sys/socket.h>
#include <unistd.h>

namespace slotscope {

LoadPump::LoadPump(std::shared_ptr<DedicatedLink> link) : m_link(std::move(link))
{
    std::array<int, 2> ends{-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return;
    m_ours = ends[0];
    m_workers = ends[1];
    m_readable = new QSocketNotifier(m_ours, QSocketNotifier::Read, this);
    m_writable = new QSocketNotifier(m_ours, QSocketNotifier::Write, this);
    m_writable->setEnabled(false);
    connect(m_readable, &QSocketNotifier::activated, this, &LoadPump::takeFromWorker);
    connect(m_writable, &QSocketNotifier::activated, this, &LoadPump::pass);
    connect(m_link.get(), &DedicatedLink::ended, this, &LoadPump::close);
    m_link->giveOver([self = QPointer<LoadPump>(this)](QByteArrayView bytes) {
        if (self)
            self->takeFromLink(bytes);
    });
}

LoadPump::~LoadPump()
{
    close();
    if (m_workers >= 0)
        ::close(m_workers);
}

void LoadPump::takeFromLink(QByteArrayView bytes)
{
    m_waiting.append(bytes);
    pass();
}

void LoadPump::pass()
{
    qsizetype done = 0;
    while (m_ours >= 0 && done < m_waiting.size()) {
        const ssize_t taken =
            ::send(m_ours, m_waiting.constData() + done, size_t(m_waiting.size() - done), MSG_NOSIGNAL);
        if (taken > 0)
            done += taken;
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            break;
        else if (errno != EINTR)
            return close();
    }
    m_waiting.remove(0, done);
    if (m_writable)
        m_writable->setEnabled(!m_waiting.isEmpty());
}

void LoadPump::takeFromWorker()
{
    std::array<char, 64 * 1024> buffer;
    const ssize_t count = ::recv(m_ours, buffer.data(), buffer.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return;
    if (count <= 0 || !m_link->writeRaw(QByteArrayView(buffer.data(), count)))
        close();
}

void LoadPump::close()
{
    if (m_ours < 0)
        return;
    m_readable->setEnabled(false);
    m_writable->setEnabled(false);
    ::close(std::exchange(m_ours, -1));
}

} // namespace slotscope
