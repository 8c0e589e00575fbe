// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/net/uri.h"

#include <QObject>

class QIODevice;

namespace slotscope {

/// A byte stream to an endpoint: TCP or TLS, straight or through a proxy or SSH, or a Unix socket. Lives on its thread.
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
    /// Somebody accepted the connection there, though it is not open yet: TLS is not agreed upon.
    [[nodiscard]] virtual bool isReached() const { return false; }
    /// What leads there is being made (SSH logs in, the user is asked), with deadlines of its own.
    [[nodiscard]] virtual bool isHeldUp() const { return false; }
    /// What the system has not taken yet, in the form in which it goes out.
    [[nodiscard]] virtual qint64 bytesToWrite() const = 0;

Q_SIGNALS:
    void begun(); ///< what leads there stands, where that had to be waited for: connecting begins
    void opened();
    void drained(); ///< some of bytesToWrite() was taken
    /// Could not be opened, or was open and ended; nothing is emitted afterwards.
    void failed(const slotscope::Error &error);
};

} // namespace slotscope
