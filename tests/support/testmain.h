// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <memory>

namespace slotscope {

/// One class of tests among those of its program. The first argument of the program names the class without its prefix,
/// in small letters; the rest goes to Qt Test.
class RegisteredTest
{
public:
    using Maker = std::unique_ptr<QObject> (*)();
    RegisteredTest(const char *className, Maker make);
};

} // namespace slotscope

/// Stands once in each test file, in place of QTEST_MAIN.
#define SLOTSCOPE_TEST(Class)                                                                                          \
    static const slotscope::RegisteredTest registered##Class(                                                          \
        #Class, []() -> std::unique_ptr<QObject> { return std::make_unique<Class>(); });
