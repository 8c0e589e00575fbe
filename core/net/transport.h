// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/net/uri.h"

#include <QObject>

class QIODevice;

namespace slotscope {

/// A byte stream to an endpoint: TCP or TLS, directly or through a proxy, SSH or a command, or a Unix socket. Lives on
/// its thread.
class Transport : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    [[nodiscard]] static Transport *create(const Endpoint &endpoint, const TlsSettings &tls, const Way &way,
                                           QObject *parent);

    virtual void open() = 0;
    virtual void abort() = 0;
    [[nodiscard]] virtual QIODevice *device() = 0;
    /// Whether the connection was accepted although it is not open yet, because TLS is still being negotiated.
    [[nodiscard]] virtual bool isReached() const { return false; }
    /// Whether a tunnel is still being set up (SSH logs in, the user is asked), which has its own timeouts.
    [[nodiscard]] virtual bool isHeldUp() const { return false; }
    /// Number of encoded bytes that the system has not taken yet.
    [[nodiscard]] virtual qint64 bytesToWrite() const = 0;

Q_SIGNALS:
    void begun(); ///< the tunnel that had to be waited for is ready, and connecting begins
    void opened();
    void drained(); ///< some of bytesToWrite() was written
    /// Opening failed, or the open connection ended. No signal follows.
    void failed(const slotscope::Error &error);
};

} // namespace slotscope
