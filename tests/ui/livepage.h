// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/corethread.h"
#include "tests/support/testcluster.h"
#include "ui/shared/page.h"
#include "ui/shared/theme.h"
#include "ui/shell/connectionview.h"
#include "ui/shell/mainwindow.h"

#include <QAbstractButton>
#include <QDir>
#include <QMessageBox>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

namespace slotscope::test {

/// Base class of tests of a page with real servers: a window and its connections.
class LivePage : public QObject
{
protected:
    void makeWindow()
    {
        m_settings =
            std::make_unique<QSettings>(m_folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
        m_settings->clear();
        m_theme = std::make_unique<Theme>(Theme::Mode::Dark);
        m_window = std::make_unique<MainWindow>(*m_theme, *m_settings);
        m_window->resize(1440, 900);
        m_window->show();
    }
    void dropWindow()
    {
        m_window.reset();
        m_theme.reset();
        m_settings.reset();
    }
    /// Opens a connection in a new tab and shows the page with this id.
    template <typename P>
    P *openPage(const ConnectionTarget &target, const QString &id)
    {
        m_view = m_window->openSession(std::make_unique<SessionDoor>(m_thread, target));
        m_window->showPage(id);
        return qobject_cast<P *>(m_view->page(id));
    }
    /// Waits for a visible dialog or other child of this type and returns it, or null if none appears.
    template <typename T>
    static T *shown(QWidget *of)
    {
        T *found = nullptr;
        (void)QTest::qWaitFor([&] {
            for (T *child : of->findChildren<T *>())
                if (child->isVisible())
                    found = child;
            return found != nullptr;
        });
        return found;
    }
    static void answer(QMessageBox *box, const QString &button)
    {
        for (QAbstractButton *each : box->buttons())
            if (each->text() == button)
                QTest::mouseClick(each, Qt::LeftButton);
    }
    /// If SLOTSCOPE_GRAB=DIR is set, saves screenshots of the window, or of `what`, there, with the dark and with the
    /// light theme.
    void grab(const QString &name, QWidget *what = nullptr)
    {
        const QString folder = qEnvironmentVariable("SLOTSCOPE_GRAB");
        if (folder.isEmpty())
            return;
        QDir().mkpath(folder);
        for (const auto &[mode, word] :
             {std::pair(Theme::Mode::Dark, QStringLiteral("dark")), {Theme::Mode::Light, QStringLiteral("light")}}) {
            m_theme->setMode(mode);
            for (int i = 0; i < 5; ++i)
                QApplication::processEvents();
            (what ? what : m_window.get())->grab().save(folder + u'/' + name + u'-' + word + QStringLiteral(".png"));
        }
        m_theme->setMode(Theme::Mode::Dark);
    }

    QTemporaryDir m_folder;
    CoreThread m_thread;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<MainWindow> m_window;
    ConnectionView *m_view = nullptr; ///< the connection opened last
};

} // namespace slotscope::test
