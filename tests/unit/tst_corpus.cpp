// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/entries.h"
#include "tests/support/testmain.h"

#include <QDirIterator>
#include <QTest>

using namespace slotscope;

class TestCorpus final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void runs_data();
    void runs();
};

void TestCorpus::runs_data()
{
    QTest::addColumn<int>("entry");
    for (int i = 0; i < int(std::size(fuzz::entries)); ++i)
        QTest::newRow(fuzz::entries[i].name) << i;
}

void TestCorpus::runs()
{
    QFETCH(const int, entry);
    const QString folder = QStringLiteral(SLOTSCOPE_CORPUS "/") + QLatin1String(fuzz::entries[entry].name);
    int count = 0;
    for (QDirIterator it(folder, QDir::Files); it.hasNext(); ++count) {
        QFile file(it.next());
        QVERIFY(file.open(QIODevice::ReadOnly));
        fuzz::entries[entry].run(file.readAll());
    }
    QVERIFY2(count > 0, "no corpus");
}

SLOTSCOPE_TEST(TestCorpus)
#include "tst_corpus.moc"
