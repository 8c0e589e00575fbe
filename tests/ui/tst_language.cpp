// SPDX-License-Identifier: GPL-3.0-or-later
// Another language while connections are open: all that is shown follows, and nothing goes without a question.
#include "core/base/text.h"
#include "core/base/translations.h"
#include "tests/support/sampleview.h"
#include "tests/support/testmain.h"
#include "tests/ui/livemetrics.h"
#include "ui/console/consolepage.h"
#include "ui/console/consoletabview.h"
#include "ui/shared/emptystate.h"
#include "ui/shell/healthpill.h"
#include "ui/shell/pages.h"
#include "ui/shell/statusline.h"

#include <QLabel>
#include <QMenu>
#include <QRegularExpression>
#include <QToolButton>
#include <QTranslator>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

/// The last translator to be asked. It records texts that no catalogue translates.
class Missing final : public QTranslator
{
public:
    [[nodiscard]] QString translate(const char *context, const char *source, const char *, int) const override
    {
        const QByteArray of(context);
        const bool isOurs = of.startsWith("slotscope") || of == "Pages" || of == "PlotSpec";
        if (isOurs && QString::fromUtf8(source).contains(QRegularExpression(u"[a-z]"_s)))
            m_heard.insert(QString::fromUtf8(of + ": " + source));
        return {};
    }
    [[nodiscard]] bool isEmpty() const override { return false; }
    [[nodiscard]] QStringList take()
    {
        QStringList heard(m_heard.begin(), m_heard.end());
        m_heard.clear();
        return heard;
    }

private:
    mutable QSet<QString> m_heard;
};

/// Returns the titles of a page: its visible labels in the title font.
QStringList headsOf(const QWidget *page)
{
    QStringList texts;
    for (const QLabel *label : page->findChildren<QLabel *>())
        if (label->isVisible() && label->font().pixelSize() == Theme::titleFont().pixelSize())
            texts.append(label->text());
    return texts;
}

bool isKorean(const QString &text)
{
    static const QRegularExpression hangul(u"\\p{Hangul}"_s, QRegularExpression::UseUnicodePropertiesOption);
    return text.contains(hangul);
}

} // namespace

class TestLanguage : public LiveMetrics
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QCoreApplication::installTranslator(&m_missing); }
    void init()
    {
        setLanguage({});
        makeWindow();
    }
    void cleanup()
    {
        dropWindow();
        m_cluster.reset();
        setLanguage({});
    }
    void unitsFollow();
    void thereAndBack();
    void nothingEnglishIsLeft();
    void isKept();
    void asksBeforeItLoses();

private:
    [[nodiscard]] QStringList menuTexts() const
    {
        auto *look = m_window->findChild<QToolButton *>(u"look"_s);
        Q_EMIT look->menu()->aboutToShow();
        QStringList texts;
        for (const QAction *action : look->menu()->actions())
            if (!action->isSeparator())
                texts.append(action->text());
        return texts;
    }
    [[nodiscard]] QStringList railTexts() const
    {
        QStringList texts;
        for (const PageInfo &info : pageInfos())
            texts.append(m_window->findChild<QToolButton *>(info.id)->text());
        return texts;
    }

    Missing m_missing;
};

void TestLanguage::unitsFollow()
{
    QCOMPARE(duration(184'000), u"3 min 4 s"_s);
    QCOMPARE(roughDuration(184'000), u"3 min"_s);
    setLanguage(u"ko"_s);
    QCOMPARE(spokenLanguage(), u"ko"_s);
    QCOMPARE(duration(184'000), u"3분 4초"_s);
    QCOMPARE(roughDuration(184'000), u"3분"_s);
    QCOMPARE(groupedNumber(1234567), u"1,234,567"_s);
    QCOMPARE(byteSize(1536), u"1.5 KB"_s);
    setLanguage(u"xx"_s); // there is no catalogue for this language, so the system's language is used
    QCOMPARE(chosenLanguage(), QString());
    QCOMPARE(duration(184'000), u"3 min 4 s"_s);
}

void TestLanguage::thereAndBack()
{
    ConnectionView *view = m_window->openConnection(u"shop"_s, Environment::of(EnvironmentKind::Production));
    view->setView(samples::healthy());
    m_window->showPage(u"slots"_s);
    QCOMPARE(headsOf(view->page(u"slots"_s)).value(0), u"Slots"_s);
    const QString english = m_window->statusLine()->text();
    m_window->setLanguage(u"ko"_s);
    QCOMPARE(headsOf(view->page(u"slots"_s)).value(0), u"슬롯"_s);
    QCOMPARE(railTexts().value(0), u"토폴로지"_s);
    QCOMPARE(view->environment().tag, u"프로덕션"_s);
    QVERIFY2(m_window->statusLine()->text().contains(u"할당됨"_s), qPrintable(m_window->statusLine()->text()));
    QVERIFY2(m_window->healthPill()->text().startsWith(u"정상"_s), qPrintable(m_window->healthPill()->text()));
    QVERIFY(menuTexts().contains(u"어둡게"_s));
    QVERIFY(view->page(u"slots"_s)->isFilled());
    QCOMPARE(m_window->currentPage(), u"slots"_s);
    m_window->setLanguage(u"en"_s);
    QCOMPARE(headsOf(view->page(u"slots"_s)).value(0), u"Slots"_s);
    QCOMPARE(m_window->statusLine()->text(), english);
    QVERIFY(menuTexts().contains(u"Dark"_s));
    m_window->closeConnection(0);
    m_window->setLanguage(u"ko"_s);
    QCOMPARE(m_window->startPage()->title(), u"클러스터 들여다보기"_s);
}

void TestLanguage::nothingEnglishIsLeft()
{
    ConnectionView *view = m_window->openConnection(u"shop"_s);
    view->setView(samples::healthy());
    m_window->setLanguage(u"ko"_s);
    (void)m_missing.take();
    QStringList texts = railTexts();
    for (const QString &text : menuTexts())
        if (text != u"English")
            texts.append(text);
    for (const PageInfo &info : pageInfos()) {
        m_window->showPage(info.id);
        QApplication::processEvents();
        QVERIFY(!m_window->grab().isNull()); // painting the window looks up the texts that are painted
        const QStringList heads = headsOf(view->page(info.id));
        QVERIFY2(!heads.isEmpty(), qPrintable(info.id));
        texts.append(heads);
        for (const QMenu *menu : view->page(info.id)->findChildren<QMenu *>()) {
            Q_EMIT const_cast<QMenu *>(menu)->aboutToShow();
            for (const QAction *action : menu->actions())
                if (!action->text().isEmpty() && action->text().size() > 4) // skips short texts such as "RDB" and "1 s"
                    texts.append(action->text());
        }
    }
    texts.removeAll(u"Pub/Sub"_s); // a name that is not translated
    texts.removeIf([](const QString &text) { return text.startsWith(u"127.0.0."); }); // the address of a node
    texts.removeIf(isKorean);
    QVERIFY2(texts.isEmpty(), qPrintable(texts.join(u'\n')));
    const QStringList missing = m_missing.take();
    QVERIFY2(missing.isEmpty(), qPrintable(missing.join(u'\n')));
}

void TestLanguage::isKept()
{
    m_window->setLanguage(u"ko"_s);
    QCOMPARE(m_settings->value(u"window/language"_s).toString(), u"ko"_s);
    m_window->setLanguage({});
    QCOMPARE(m_settings->value(u"window/language"_s).toString(), QString());
    QCOMPARE(spokenLanguage(), u"en"_s);
}

void TestLanguage::asksBeforeItLoses()
{
    startCluster();
    QVERIFY(open());
    const qint64 begun = QDateTime::currentMSecsSinceEpoch();
    auto *console = qobject_cast<ConsolePage *>(m_view->page(u"console"_s));
    m_window->showPage(u"console"_s);
    QTRY_VERIFY(console->currentTab() && console->currentTab()->feed().isReady());
    console->currentTab()->runText("PING");
    QTRY_VERIFY(!m_view->heldHere().isEmpty());
    m_window->setLanguage(u"ko"_s);
    auto *question = shown<QMessageBox>(m_window.get());
    QVERIFY(question);
    QVERIFY(question->informativeText().contains(u"Replies in the console"_s));
    answer(question, u"At the next start"_s);
    QTRY_VERIFY(!m_window->findChild<QMessageBox *>(u"languageQuestion"_s));
    QCOMPARE(spokenLanguage(), u"en"_s);
    QCOMPARE(m_settings->value(u"window/language"_s).toString(), u"ko"_s);
    QVERIFY(!console->currentTab()->feed().blocks().empty());
    m_window->setLanguage(u"ko"_s);
    question = shown<QMessageBox>(m_window.get());
    QVERIFY(question);
    answer(question, u"Change it now"_s);
    QTRY_COMPARE(spokenLanguage(), u"ko"_s);
    // The session continues, and so does the recording of metrics.
    QCOMPARE(m_view->state(), SessionState::Ready);
    m_window->showPage(u"metrics"_s);
    auto *metrics = qobject_cast<MetricsPage *>(m_view->page(u"metrics"_s));
    QTRY_VERIFY_WITH_TIMEOUT(metrics->isFilled(), 10'000);
    QVERIFY(metrics->picture().window.recordedFrom > 0);
    QVERIFY2(metrics->picture().window.recordedFrom < begun, "the record began anew");
    m_window->showPage(u"console"_s);
    console = qobject_cast<ConsolePage *>(m_view->page(u"console"_s));
    QTRY_VERIFY(console->currentTab() && console->currentTab()->feed().isReady());
    QVERIFY(console->currentTab()->feed().blocks().empty());
}

SLOTSCOPE_TEST(TestLanguage)
#include "tst_language.moc"
