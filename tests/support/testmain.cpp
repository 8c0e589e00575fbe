// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testmain.h"

#include <QTemporaryDir>
#include <QTest>

#include <cstdio>
#include <map>

#ifdef SLOTSCOPE_TEST_WIDGETS
#include "tests/support/accessibilitywalk.h"

#include <QApplication>
using Application = QApplication;
#else
#include <QCoreApplication>
using Application = QCoreApplication;
#endif

namespace {

std::map<QByteArray, slotscope::RegisteredTest::Maker> &makers()
{
    static std::map<QByteArray, slotscope::RegisteredTest::Maker> all;
    return all;
}

} // namespace

slotscope::RegisteredTest::RegisteredTest(const char *className, Maker make)
{
    QByteArray name = QByteArray(className).toLower();
    for (const char *prefix : {"test", "tst_"})
        if (name.startsWith(prefix)) {
            name.remove(0, 4);
            break;
        }
    makers().emplace(name, make);
}

int main(int argc, char *argv[])
{
    const auto made = argc > 1 ? makers().find(argv[1]) : makers().end();
    if (made == makers().end()) {
        std::fprintf(stderr, "usage: %s CLASS [ARGUMENT OF QT TEST…], where CLASS is one of:\n", argv[0]);
        for (const auto &[name, make] : makers())
            std::fprintf(stderr, "  %s\n", name.constData());
        return 2;
    }
    const QTemporaryDir audited; // for the files that the programs started by tests write
    qputenv("SLOTSCOPE_AUDIT", audited.filePath(QStringLiteral("audit")).toUtf8());
    qputenv("SLOTSCOPE_SHARDS", audited.filePath(QStringLiteral("shards.json")).toUtf8());
    // The first argument is the class name, so Qt Test and the application only get the arguments after it.
    argv[1] = argv[0];
    Application application(--argc, ++argv);
    const std::unique_ptr<QObject> test = made->second();
#ifdef SLOTSCOPE_TEST_WIDGETS
    const slotscope::test::AccessibilityWatch watch;
    const int failed = QTest::qExec(test.get(), argc, argv);
    return failed + watch.report();
#else
    return QTest::qExec(test.get(), argc, argv);
#endif
}
