// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDeadlineTimer>
#include <QObject>
#include <QPointer>
#include <QStringList>

#include <functional>

class QWidget;

namespace slotscope {

class MainWindow;
class Theme;

/// Shows all pages of the current connection in dark and light, and writes a picture of the window for each:
/// DIR/topology-dark.png, …. The tour fails if a page shows no data within its deadline.
class Tour final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Tour)
public:
    Tour(MainWindow &window, Theme &theme, QString folder, QObject *parent = nullptr);
    /// An overlay or a window beside the main window: after the pages of each theme it is shown, captured and closed.
    struct Scene
    {
        QString name; ///< used in the file name DIR/name-dark.png
        std::function<QWidget *()> show; ///< returns the widget to capture, or null on failure
        std::function<void()> hide;
    };
    void addScene(Scene scene) { m_scenes.append(std::move(scene)); }
    void start();

Q_SIGNALS:
    void pageShown(const QString &id); ///< its picture is taken shortly after
    void pageLeft(const QString &id);
    /// Each line of `report` names a picture that was written, or an error.
    void finished(bool complete, const QStringList &report);

private:
    void step();
    void capture();
    void next();
    void showScene(qsizetype index);
    void captureScene(qsizetype index, QWidget *widget);
    void nextTheme();
    void save(QWidget *widget, const QString &name);

    MainWindow &m_window;
    Theme &m_theme;
    QString m_folder;
    QStringList m_pages;
    QList<Scene> m_scenes;
    qsizetype m_page = 0;
    bool m_light = false;
    bool m_settled = false; ///< the page was filled at the previous poll, so everything is painted now
    bool m_complete = true;
    QDeadlineTimer m_deadline;
    QStringList m_report;
};

} // namespace slotscope
