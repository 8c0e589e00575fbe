// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <memory>

namespace slotscope {

/// Registers one test class of a test program. The program's first argument selects the class by its name in lower case
/// without the prefix, the other arguments go to Qt Test.
class RegisteredTest
{
public:
    using Maker = std::unique_ptr<QObject> (*)();
    RegisteredTest(const char *className, Maker make);
};

} // namespace slotscope

/// Used once in each test file instead of QTEST_MAIN.
#define SLOTSCOPE_TEST(Class)                                                                                          \
    static const slotscope::RegisteredTest registered##Class(                                                          \
        #Class, []() -> std::unique_ptr<QObject> { return std::make_unique<Class>(); });
