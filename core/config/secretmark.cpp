// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/secretmark.h"

#include <QMessageAuthenticationCode>
#include <QRandomGenerator>

namespace slotscope {

QByteArray secretMark(const QByteArray &secret)
{
    static const QByteArray key = [] {
        QByteArray bytes(32, Qt::Uninitialized);
        QRandomGenerator::system()->generate(bytes.begin(), bytes.end());
        return bytes;
    }();
    return secret.isEmpty() ? QByteArray()
                            : QMessageAuthenticationCode::hash(secret, key, QCryptographicHash::Sha256).toHex();
}

} // namespace slotscope
