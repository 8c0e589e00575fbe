// SPDX-License-Identifier: GPL-3.0-or-later
// What a screen reader is given: every control and painted view of every page and dialog has a name and a role.
#include "tests/support/accessibilitywalk.h"
#include "tests/support/testmain.h"
#include "tests/ui/livemetrics.h"
#include "ui/shared/rowsview.h"
#include "ui/shell/pages.h"
#include "ui/slots/slotmap.h"
#include "ui/slots/slotspage.h"
#include "ui/topology/shardcanvas.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QSignalSpy>
#include <QToolButton>

#include <algorithm>
#include <cmath>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

/// Returns the WCAG contrast ratio of two opaque colours, from 1 to 21.
double contrastOf(const QColor &one, const QColor &other)
{
    const auto linear = [](double channel) {
        return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
    };
    const auto luminance = [&linear](const QColor &c) {
        return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF());
    };
    const double a = luminance(one), b = luminance(other);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

} // namespace

class TestAccessibility : public LiveMetrics
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        makeWindow();
        startCluster();
    }
    void cleanupTestCase()
    {
        dropWindow();
        m_cluster.reset();
        qInfo("controls seen %d, nameless %d, without a role %d", m_walk.controls, int(m_walk.nameless.size()),
              int(m_walk.roleless.size()));
    }
    void pages_data();
    void pages();
    void tabGoesAsLaidOut();
    void partsAreSpoken();
    void fieldButtons();
    void highContrast_data();
    void highContrast();
    void looksByHighContrast();

private:
    void verify()
    {
        for (int i = 0; i < 3; ++i)
            QApplication::processEvents();
        AccessibilityWalk walk;
        walk.walk(m_window.get());
        m_walk.controls += walk.controls;
        m_walk.nameless += walk.nameless;
        m_walk.roleless += walk.roleless;
        const QStringList nameless = walk.nameless.values(), roleless = walk.roleless.values();
        if (!nameless.isEmpty())
            qWarning("nameless:\n%s", qPrintable(nameless.join(u'\n')));
        if (!roleless.isEmpty())
            qWarning("without a role:\n%s", qPrintable(roleless.join(u'\n')));
        QVERIFY(nameless.isEmpty());
        QVERIFY(roleless.isEmpty());
    }

    AccessibilityWalk m_walk;
};

void TestAccessibility::pages_data()
{
    QTest::addColumn<QString>("id");
    for (const PageInfo &info : pageInfos())
        QTest::newRow(qPrintable(info.id)) << info.id;
}

void TestAccessibility::pages()
{
    QFETCH(QString, id);
    if (!m_view) {
        QVERIFY(open());
    }
    m_window->showPage(id);
    auto *page = qobject_cast<Page *>(m_view->page(id));
    QVERIFY(page);
    QVERIFY(QTest::qWaitFor([page] { return page->isFilled(); }, 10'000) || id == u"pubsub" || id == u"profiler"
            || id == u"console");
    verify();
}

/// On every page, Tab moves from left to right between controls of the same row.
void TestAccessibility::tabGoesAsLaidOut()
{
    int pairs = 0;
    for (const PageInfo &info : pageInfos()) {
        m_window->showPage(info.id);
        QWidget *page = m_view->page(info.id);
        QTRY_VERIFY(page->isVisible());
        QList<QWidget *> stops;
        for (QWidget *widget = page->nextInFocusChain(); widget != page; widget = widget->nextInFocusChain())
            if ((widget->focusPolicy() & Qt::TabFocus) && page->isAncestorOf(widget) && widget->isVisible())
                stops.append(widget);
        for (qsizetype i = 1; i < stops.size(); ++i) {
            const QWidget *before = stops[i - 1], *after = stops[i];
            const QPoint left = before->mapTo(page, before->rect().center());
            const QPoint right = after->mapTo(page, after->rect().center());
            if (before->parentWidget() != after->parentWidget() || std::abs(left.y() - right.y()) > 4)
                continue;
            ++pairs;
            QVERIFY2(left.x() < right.x(),
                     qPrintable(info.id + u": "_s + before->accessibleName() + before->objectName() + u" before "_s
                                + after->accessibleName() + after->objectName()));
        }
    }
    QVERIFY2(pairs > 20, qPrintable(QString::number(pairs)));
}

/// Widgets that paint their parts themselves report the part with the keyboard focus to screen readers.
void TestAccessibility::partsAreSpoken()
{
    const auto spoken = [](QWidget *view) {
        QAccessibleInterface *part = QAccessible::queryAccessibleInterface(view)->focusChild();
        return part && part->state().focused ? part->text(QAccessible::Name) : QString();
    };
    m_window->activateWindow();
    m_window->showPage(u"slots"_s);
    auto *map = qobject_cast<SlotsPage *>(m_view->page(u"slots"_s))->map();
    map->setFocus();
    QTRY_VERIFY(map->hasFocus());
    QTest::keyClick(map, Qt::Key_Right);
    QTest::keyClick(map, Qt::Key_Right);
    QVERIFY2(spoken(map).contains(u"lot"_s) && spoken(map).contains(u"127.0.0.1"_s), qPrintable(spoken(map)));
    QAccessibleInterface *part = QAccessible::queryAccessibleInterface(map)->focusChild();
    QVERIFY(!part->rect().isEmpty());
    QCOMPARE(part->parent()->object(), map);
    QVERIFY(part->parent()->indexOfChild(part) >= 0);

    m_window->showPage(u"topology"_s);
    auto *cards = m_view->page(u"topology"_s)->findChild<ShardCanvas *>();
    cards->setFocus();
    QTRY_VERIFY(cards->hasFocus());
    QTest::keyClick(cards, Qt::Key_Down);
    QTRY_VERIFY2(spoken(cards).contains(u"127.0.0.1:"_s), qPrintable(spoken(cards)));

    m_window->showPage(u"clients"_s);
    auto *table = m_view->page(u"clients"_s)->findChild<RowsView *>();
    QTRY_VERIFY(table->model()->rowCount() > 0);
    table->setFocus();
    QTRY_VERIFY(table->hasFocus());
    QTest::keyClick(table, Qt::Key_Down);
    const QString row = spoken(table);
    const QString first = table->model()->headerData(table->header()->logicalIndex(0), Qt::Horizontal).toString();
    QVERIFY2(row.contains(first + u": "_s), qPrintable(row));
}

/// The small buttons that Qt adds to input fields have a name, or are hidden from screen readers if they are only
/// decorative.
void TestAccessibility::fieldButtons()
{
    m_window->showPage(u"clients"_s);
    auto *search = m_view->page(u"clients"_s)->findChild<QLineEdit *>(u"search"_s);
    search->setText(u"x"_s); // the clear button is only visible in a field with text
    QStringList names;
    for (QToolButton *button : search->findChildren<QToolButton *>()) {
        QAccessibleInterface *face = QAccessible::queryAccessibleInterface(button);
        if (!face->state().invisible)
            names.append(face->text(QAccessible::Name));
    }
    QCOMPARE(names, QStringList{u"Clear the field"_s});
}

void TestAccessibility::highContrast_data()
{
    QTest::addColumn<bool>("isDark");
    QTest::newRow("dark") << true;
    QTest::newRow("light") << false;
}

/// Checks the contrast required by WCAG 2.1: 1.4.6 for text and 1.4.11 for the outlines of controls.
void TestAccessibility::highContrast()
{
    QFETCH(bool, isDark);
    const ThemeTokens &t = isDark ? darkContrastTokens() : lightContrastTokens();
    const auto atLeast = [](double least, const QColor &over, const QColor &under) {
        const double ratio = contrastOf(over, under);
        if (ratio < least)
            qWarning("%s on %s: %.2f", qPrintable(over.name()), qPrintable(under.name()), ratio);
        return ratio >= least;
    };
    for (const QColor &text : {t.text, t.muted, t.faint, t.accent, t.ok, t.warn, t.error})
        for (const QColor &under : {t.bg, t.surface, t.raised, t.sel, t.accentBg})
            QVERIFY(atLeast(7, text, under));
    for (const QColor &under : {t.okBg, t.warnBg, t.errorBg})
        for (const QColor &text : {t.text, t.muted, t.ok, t.warn, t.error})
            QVERIFY(atLeast(7, text, under));
    for (const QColor &filled : {t.fill, t.fillHover, t.errorFill})
        QVERIFY(atLeast(7, t.onFill, filled));
    for (const QColor &line : {t.line, t.line2, t.accentMark, t.warnMark, t.errorMark, t.mutedMark})
        QVERIFY(atLeast(3, line, t.surface) && atLeast(3, line, t.bg));
    QVERIFY(contrastOf(Qt::white, Qt::black) > 20.9 && contrastOf(Qt::white, Qt::white) < 1.01);
}

void TestAccessibility::looksByHighContrast()
{
    m_window->showPage(u"topology"_s);
    const QColor plain = m_theme->tokens().bg;
    QSignalSpy changed(m_theme.get(), &Theme::changed);
    m_theme->setHighContrast(true);
    QCOMPARE(changed.count(), 1);
    QVERIFY(m_theme->tokens().bg != plain);
    QCOMPARE(QApplication::palette().color(QPalette::WindowText), m_theme->tokens().text);
    for (const PageInfo &info : pageInfos()) {
        m_window->showPage(info.id);
        grab(u"contrast-"_s + info.id);
    }
    m_theme->setHighContrast(false);
    QCOMPARE(m_theme->tokens().bg, plain);
    m_theme->setStill(true);
    QCOMPARE(QApplication::cursorFlashTime(), 0);
    m_theme->setStill(false);
    QVERIFY(QApplication::cursorFlashTime() > 0);
}

SLOTSCOPE_TEST(TestAccessibility)
#include "tst_accessibility.moc"
