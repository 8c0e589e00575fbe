// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/entries.h"

// Each fuzz target's build defines SLOTSCOPE_FUZZ_ENTRY as the name of the function to call.
extern "C" int LLVMFuzzerTestOneInput(const char *data, size_t size)
{
    slotscope::fuzz::SLOTSCOPE_FUZZ_ENTRY(QByteArrayView(data, qsizetype(size)));
    return 0;
}
