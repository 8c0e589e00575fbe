// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/entries.h"

// SLOTSCOPE_FUZZ_ENTRY is set per target
extern "C" int LLVMFuzzerTestOneInput(const char *data, size_t size)
{
    slotscope::fuzz::SLOTSCOPE_FUZZ_ENTRY(QByteArrayView(data, qsizetype(size)));
    return 0;
}
