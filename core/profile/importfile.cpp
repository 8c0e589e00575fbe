// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/importfile.h"

#include "core/base/tr.h"
#include "core/profile/composeservices.h"
#include "core/profile/sealedfile.h"

#include <QFile>

namespace slotscope {

ImportFile readImportFile(const QString &path)
{
    if (isComposePath(path))
        return {.sealed = {}, .read = readComposeFile(path)};
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {.sealed = {},
                .read = failure(Error::Code::Io, tr("%1 cannot be read: %2").arg(path, file.errorString()))};
    const QByteArray bytes = file.read(mostImportBytes + 1);
    if (isSealed(bytes))
        return {.sealed = bytes, .read = ImportedConnections()};
    return {.sealed = {}, .read = readConnections(bytes)};
}

OpenedImport openImport(const QByteArray &sealed, const QString &passphrase)
{
    const auto plain = unsealed(sealed, passphrase);
    if (!plain)
        return {.isOpen = false, .read = tl::make_unexpected(plain.error())};
    return {.isOpen = true, .read = readConnections(*plain)};
}

} // namespace slotscope
