// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/environment.h"

#include <QCoreApplication>

namespace slotscope {

Environment Environment::of(Kind kind)
{
    struct Words
    {
        Q_DECLARE_TR_FUNCTIONS(slotscope::Environment)
    };
    switch (kind) {
    case Kind::None: return {};
    case Kind::Development: return {.kind = kind, .tag = Words::tr("DEV")};
    case Kind::Staging: return {.kind = kind, .tag = Words::tr("STAGING")};
    case Kind::Production: return {.kind = kind, .tag = Words::tr("PRODUCTION")};
    }
    return {};
}

} // namespace slotscope
