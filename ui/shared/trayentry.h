// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/tableroles.h"

#include <QObject>

#include <memory>

class QMenu;
class QSystemTrayIcon;

namespace slotscope {

class Theme;

/// Slotscope's icon in the system tray: a mark for the worst state of all connections, a menu with each of them, and
/// notifications. The icon is shown if the user wants it; on a desktop that only shows notifications of an icon, also
/// from the first notification on. GUI thread.
class TrayEntry final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TrayEntry)
public:
    struct Connection
    {
        QString title, word; ///< such as "shop", "Degraded · 2 warnings"
        Tone tone = Tone::Muted;
        friend bool operator==(const Connection &, const Connection &) = default;
    };

    explicit TrayEntry(const Theme &theme, QObject *parent = nullptr);
    ~TrayEntry() override;

    [[nodiscard]] static bool canTell(); ///< whether the desktop has a tray that shows notifications
    void setWanted(bool wanted);
    [[nodiscard]] bool isWanted() const { return m_isWanted; }
    void setConnections(const QList<Connection> &connections);
    void tell(const QString &title, const QString &text);
    [[nodiscard]] QString toolTip() const; ///< one line per connection
    [[nodiscard]] QMenu *menu() const { return m_menu.get(); } ///< null: there is no icon

Q_SIGNALS:
    void messageChosen(); ///< the user clicked the last notification
    void windowRequested();
    void connectionChosen(int index); ///< index in the list of setConnections()
    void quitRequested();

private:
    void makeIcon();
    void updateIcon();

    const Theme &m_theme;
    QList<Connection> m_connections;
    bool m_isWanted = false;
    std::unique_ptr<QMenu> m_menu;
    QSystemTrayIcon *m_icon = nullptr;
};

} // namespace slotscope
