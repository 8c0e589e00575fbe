// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/tour.h"

#include "ui/shared/page.h"
#include "ui/shared/theme.h"
#include "ui/shell/connectionview.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/pages.h"

#include <QDir>
#include <QPixmap>
#include <QTimer>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int pageTimeoutMs = 15000;
constexpr int lookMs = 100;
constexpr int sceneMs = 300;
constexpr int settleMs = 1500; // a filled page may still wait for key counts and a second sample of metrics

} // namespace

Tour::Tour(MainWindow &window, Theme &theme, QString folder, QObject *parent)
    : QObject(parent), m_window(window), m_theme(theme), m_folder(std::move(folder))
{
    for (const PageInfo &info : pageInfos())
        m_pages << info.id;
}

void Tour::start()
{
    if (!QDir().mkpath(m_folder)) {
        Q_EMIT finished(false, {tr("The folder %1 cannot be created").arg(m_folder)});
        return;
    }
    m_theme.setMode(Theme::Mode::Dark);
    m_window.showPage(m_pages.front());
    Q_EMIT pageShown(m_pages.front());
    m_deadline.setRemainingTime(pageTimeoutMs);
    step();
}

/// Polls until the page shows data, waits a moment, and then takes the picture.
void Tour::step()
{
    ConnectionView *view = m_window.currentConnection();
    Page *page = view ? view->currentPage() : nullptr;
    if (page && page->isFilled() && !m_settled) {
        m_settled = true;
        page->showExample();
        QTimer::singleShot(settleMs, this, &Tour::capture);
    } else if (m_deadline.hasExpired()) {
        m_complete = false;
        m_report << tr("%1: shows no data after %2 s").arg(m_pages[m_page]).arg(pageTimeoutMs / 1000);
        capture();
    } else {
        QTimer::singleShot(lookMs, this, &Tour::step);
    }
}

void Tour::capture()
{
    save(&m_window, m_pages[m_page]);
    next();
}

void Tour::save(QWidget *widget, const QString &name)
{
    const QString path = m_folder + u'/' + name + (m_light ? u"-light.png"_s : u"-dark.png"_s);
    if (widget->grab().save(path)) {
        m_report << path;
    } else {
        m_complete = false;
        m_report << tr("%1 cannot be written").arg(path);
    }
}

void Tour::next()
{
    m_settled = false;
    Q_EMIT pageLeft(m_pages[m_page]);
    m_deadline.setRemainingTime(pageTimeoutMs);
    if (++m_page == m_pages.size()) {
        m_page = 0;
        m_window.showPage(m_pages[m_page]);
        showScene(0);
        return;
    }
    m_window.showPage(m_pages[m_page]);
    Q_EMIT pageShown(m_pages[m_page]);
    QTimer::singleShot(lookMs, this, &Tour::step);
}

void Tour::showScene(qsizetype index)
{
    if (index == m_scenes.size()) {
        nextTheme();
        return;
    }
    QPointer<QWidget> widget = m_scenes.at(index).show();
    QTimer::singleShot(sceneMs, this, [this, index, widget] { captureScene(index, widget); });
}

void Tour::captureScene(qsizetype index, QWidget *widget)
{
    const Scene &scene = m_scenes.at(index);
    if (widget && widget->isVisible()) {
        save(widget, scene.name);
    } else {
        m_complete = false;
        m_report << tr("%1 is not displayed").arg(scene.name);
    }
    scene.hide();
    showScene(index + 1);
}

void Tour::nextTheme()
{
    if (m_light) {
        Q_EMIT finished(m_complete, m_report);
        return;
    }
    m_light = true;
    m_theme.setMode(Theme::Mode::Light);
    m_deadline.setRemainingTime(pageTimeoutMs);
    QTimer::singleShot(lookMs, this, &Tour::step);
}

} // namespace slotscope
