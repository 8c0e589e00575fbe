// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testmain.h"
#include "tests/unit/captured.h"

#include "core/protocol/print.h"

using namespace slotscope;
using namespace Qt::StringLiterals;

class TestPrint final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void prints_data();
    void prints();
};

void TestPrint::prints_data()
{
    QTest::addColumn<QByteArray>("wire");
    QTest::addColumn<QByteArray>("terminal");
    QTest::addColumn<QByteArray>("raw");
    QTest::newRow("string") << "$2\r\na\n\r\n"_ba
                            << "\"a\\n\""_ba
                            << "a\n"_ba;
    QTest::newRow("null") << "_\r\n"_ba
                          << "(nil)"_ba
                          << ""_ba;
    QTest::newRow("error") << "-ERR x\r\n"_ba
                           << "(error) ERR x"_ba
                           << "ERR x"_ba;
    QTest::newRow("empty array") << "*0\r\n"_ba
                                 << "(empty array)"_ba
                                 << ""_ba;
    QTest::newRow("empty map") << "%0\r\n"_ba
                               << "(empty hash)"_ba
                               << ""_ba;
    QTest::newRow("empty set") << "~0\r\n"_ba
                               << "(empty set)"_ba
                               << ""_ba;
    QTest::newRow("empty push") << ">0\r\n"_ba
                                << "(empty push)"_ba
                                << ""_ba;
    QTest::newRow("map in a map") << "%1\r\n$1\r\na\r\n%1\r\n+b\r\n#f\r\n"_ba
                                  << "1# \"a\" => 1# b => (false)"_ba
                                  << "a b (false)"_ba;
    QTest::newRow("two entries in a map") << "%1\r\n$1\r\na\r\n%2\r\n+b\r\n#f\r\n+c\r\n#t\r\n"_ba
                                          << "1# \"a\" => \n   1# b => (false)\n   2# c => (true)"_ba
                                          << "a b (false)\nc (true)"_ba;
    QTest::newRow("ten items: numbers are aligned")
        << "*10\r\n"_ba + QByteArray(":1\r\n").repeated(10)
        << " 1) (integer) 1\n 2) (integer) 1\n 3) (integer) 1\n 4) (integer) 1\n 5) (integer) 1\n 6) (integer) 1\n 7) (integer) 1\n 8) (integer) 1\n 9) (integer) 1\n10) (integer) 1"_ba
        << "1\n1\n1\n1\n1\n1\n1\n1\n1\n1"_ba;
}

void TestPrint::prints()
{
    QFETCH(const QByteArray, wire);
    const Value value = test::valueOf(wire);
    QTEST(printForTerminal(value), "terminal");
    QTEST(printRaw(value), "raw");
}

SLOTSCOPE_TEST(TestPrint)
#include "tst_print.moc"
