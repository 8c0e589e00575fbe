// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/corethread.h"

#include "core/base/border.h"
#include "core/base/underway.h"

#include <QDeadlineTimer>
#include <QTimer>

namespace slotscope {

namespace {

constexpr int endTimeoutMs = 5000;
constexpr int endPollMs = 2;

} // namespace

void CoreThread::Loop::run()
{
    exec();
    crossBorder();
}

CoreThread::CoreThread() : m_context(new QObject)
{
    m_thread.setObjectName(QStringLiteral("slotscope-core"));
    m_context->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, m_context, &QObject::deleteLater);
    m_thread.start();
}

CoreThread::~CoreThread()
{
    crossBorder();
    // queued, so that it runs after everything that the SessionDoors have posted, including their deletion
    QMetaObject::invokeMethod(
        m_context,
        [context = m_context] {
            auto *poll = new QTimer(context);
            QObject::connect(poll, &QTimer::timeout, context, [context, deadline = QDeadlineTimer(endTimeoutMs)] {
                if (Underway::count() == 0 || deadline.hasExpired())
                    context->thread()->quit();
            });
            poll->start(endPollMs);
        },
        Qt::QueuedConnection);
    m_thread.wait();
    crossBorder();
}

} // namespace slotscope
