// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/childprocess.h"

#include <initializer_list>

namespace slotscope {

QProcessEnvironment environmentOfChildren()
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char *secret : {"SLOTSCOPE_PASSWORD", "SLOTSCOPE_SENTINEL_PASSWORD", "REDISCLI_AUTH",
                               "SLOTSCOPE_KEY_PASSPHRASE", "SLOTSCOPE_EXPORT_PASSPHRASE"})
        environment.remove(QString::fromLatin1(secret));
    return environment;
}

} // namespace slotscope
