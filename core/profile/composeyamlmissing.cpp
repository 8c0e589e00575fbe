// SPDX-License-Identifier: GPL-3.0-or-later
// In place of composeyaml.cpp where there is no yaml-cpp.
#include "core/profile/composeyaml.h"

#include "core/base/tr.h"

namespace slotscope {

Result<ComposeFile> readComposeYaml(const QByteArray &, const ComposeVariables &)
{
    return failure(Error::Code::InvalidArgument, tr("this build of Slotscope cannot read YAML"));
}

} // namespace slotscope
