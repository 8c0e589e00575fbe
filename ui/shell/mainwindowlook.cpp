// SPDX-License-Identifier: GPL-3.0-or-later
// How the window looks and what it speaks: themes and languages.
#include "core/base/translations.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/icons.h"
#include "ui/shared/theme.h"
#include "ui/shell/connectiontabs.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/rail.h"
#include "ui/shell/settingsdialog.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSslSocket>
#include <QStackedWidget>
#include <QToolButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

void MainWindow::makeLookButton()
{
    m_look->setObjectName(u"look"_s);
    m_look->setIcon(themedIcon(u"theme"_s, m_theme));
    m_look->setPopupMode(QToolButton::InstantPopup);
    auto *menu = new QMenu(m_look);
    connect(menu, &QMenu::aboutToShow, this, &MainWindow::fillLookMenu);
    m_look->setMenu(menu);
    fillLookMenu();
}

/// Fills the menu each time it is opened, with the current language and choices.
void MainWindow::fillLookMenu()
{
    QMenu *menu = m_look->menu();
    menu->clear();
    const auto add = [this, menu](QActionGroup *group, const QString &text, bool on, const auto &act) {
        QAction *action = menu->addAction(text, this, act);
        action->setCheckable(true);
        action->setChecked(on);
        group->addAction(action);
    };
    auto *themes = new QActionGroup(menu);
    const std::initializer_list<std::pair<QString, Theme::Mode>> modes{{tr("Follow the system"), Theme::Mode::System},
                                                                       {tr("Dark"), Theme::Mode::Dark},
                                                                       {tr("Light"), Theme::Mode::Light}};
    for (const auto &[text, mode] : modes)
        add(themes, text, mode == m_theme.mode(), [this, chosen = mode] { setThemeMode(int(chosen)); });
    menu->addSeparator();
    auto *tongues = new QActionGroup(menu);
    add(tongues, tr("Language of the system"), chosenLanguage().isEmpty(), [this] { setLanguage({}); });
    for (const Language &each : languages())
        add(tongues, each.name, each.code == chosenLanguage(), [this, code = each.code] { setLanguage(code); });
    menu->addSeparator();
    menu->addAction(tr("Keyboard shortcuts"), this, [this] { openShortcuts(); });
    menu->addAction(tr("About Slotscope"), this, &MainWindow::showAbout);
}

void MainWindow::sayTopBar()
{
    m_gear->setToolTip(tr("Settings (Ctrl+,)"));
    m_gear->setAccessibleName(tr("Settings"));
    m_home->setToolTip(tr("Saved and recent connections (Ctrl+Shift+T)"));
    m_home->setAccessibleName(tr("Saved and recent connections"));
    m_add->setToolTip(tr("New connection (Ctrl+T)"));
    m_add->setAccessibleName(tr("New connection"));
    fitTopBar();
    m_look->setToolTip(tr("Theme (Ctrl+Shift+L), language, help"));
    m_look->setAccessibleName(tr("Theme, language, help"));
}

/// If space is short, the search field shrinks before the tab titles.
void MainWindow::fitTopBar()
{
    constexpr int wide = 280, narrow = 132;
    int taken = 0;
    const QLayout *layout = m_search->parentWidget()->layout();
    for (int i = 0; i < layout->count(); ++i)
        if (layout->itemAt(i)->widget() != m_search)
            taken += layout->itemAt(i)->sizeHint().width();
    const bool isNarrow = width() - taken - layout->contentsMargins().right() < wide;
    m_search->setFixedWidth(isNarrow ? narrow : wide);
    m_search->setText(isNarrow ? tr("Find…   Ctrl K") : tr("Find a page, node, command…   Ctrl K"));
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    fitTopBar();
}

void MainWindow::showAbout()
{
    auto *about = new QMessageBox(this);
    about->setObjectName(u"about"_s);
    about->setAttribute(Qt::WA_DeleteOnClose);
    about->setWindowTitle(tr("About Slotscope"));
    about->setIconPixmap(logoIcon().pixmap({48, 48}, devicePixelRatioF()));
    about->setTextFormat(Qt::PlainText);
    about->setText(tr("Slotscope %1").arg(QCoreApplication::applicationVersion()));
    about->setInformativeText(
        tr("Administration of Redis and Valkey clusters.\n\nFree software under the GNU General Public License, "
           "version 3 or later, without any warranty.\n\nQt %1, %2")
            .arg(QLatin1StringView(qVersion()), QSslSocket::sslLibraryVersionString()));
    about->setTextInteractionFlags(Qt::TextSelectableByMouse);
    about->open();
}

void MainWindow::setThemeMode(int mode)
{
    m_theme.setMode(Theme::Mode(mode));
    m_settings.setValue(u"window/theme"_s, mode);
}

void MainWindow::setLanguage(const QString &code)
{
    QStringList held;
    for (const ConnectionView *view : std::as_const(m_connections))
        for (const QString &words : view->heldHere())
            held.append(view->title() + u": "_s + words);
    if (code == chosenLanguage() || held.isEmpty())
        speak(code);
    else
        askToSpeak(code, held);
}

/// Asks first, because the pages of open connections are created again and lose their data.
void MainWindow::askToSpeak(const QString &code, const QStringList &held)
{
    auto *question = new QMessageBox(QMessageBox::Question, tr("Another language"),
                                     tr("To change the language, the pages of open connections are rebuilt. "
                                        "Connections, operations and recorded metrics stay."),
                                     QMessageBox::NoButton, this);
    question->setObjectName(u"languageQuestion"_s);
    question->setTextFormat(Qt::PlainText);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setInformativeText(tr("The following is lost:") + u'\n' + held.join(u'\n'));
    question->setDefaultButton(question->addButton(tr("Keep the language"), QMessageBox::RejectRole));
    const QAbstractButton *later = question->addButton(tr("At the next start"), QMessageBox::ActionRole);
    connect(later, &QAbstractButton::clicked, this, [this, code] { m_settings.setValue(u"window/language"_s, code); });
    const QAbstractButton *now = question->addButton(tr("Change it now"), QMessageBox::DestructiveRole);
    connect(
        now, &QAbstractButton::clicked, this, [this, code] { speak(code); }, Qt::QueuedConnection);
    question->open();
}

void MainWindow::speak(const QString &code)
{
    m_settings.setValue(u"window/language"_s, code);
    const QString before = spokenLanguage();
    slotscope::setLanguage(code);
    if (spokenLanguage() == before)
        return;
    sayTopBar();
    m_rail->retranslate();
    m_tabs->retranslate();
    EmptyState *start = std::exchange(m_start, new EmptyState(m_theme, this));
    makeStartPage();
    if (m_startShown == start)
        m_startShown = m_start;
    start->deleteLater();
    for (ConnectionView *view : std::as_const(m_connections))
        view->retranslate(m_settings);
    updateChip();
    updateFrame();
    if (m_settingsDialog) { // reopen it in the new language
        m_settingsDialog->close();
        QMetaObject::invokeMethod(
            this, [this] { openSettings(); }, Qt::QueuedConnection);
    }
    Q_EMIT languageChanged();
}

} // namespace slotscope
