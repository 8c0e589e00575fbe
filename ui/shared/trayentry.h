// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/tableroles.h"

#include <QObject>

#include <memory>

class QMenu;
class QSystemTrayIcon;

namespace slotscope {

class Theme;

/// Slotscope in the desktop's tray: a mark of the worst state of all connections, a menu that leads to each, and the
/// messages. The icon is there where the user wants it; a desktop that shows messages of an icon only brings it for
/// the first message, too. GUI thread.
class TrayEntry final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TrayEntry)
public:
    struct Connection
    {
        QString title, word; ///< "shop", "Degraded · 2 warnings"
        Tone tone = Tone::Muted;
        friend bool operator==(const Connection &, const Connection &) = default;
    };

    explicit TrayEntry(const Theme &theme, QObject *parent = nullptr);
    ~TrayEntry() override;

    [[nodiscard]] static bool canTell(); ///< the desktop has a tray that shows messages
    void setWanted(bool wanted);
    [[nodiscard]] bool isWanted() const { return m_isWanted; }
    void setConnections(const QList<Connection> &connections);
    void tell(const QString &title, const QString &text);
    [[nodiscard]] QString toolTip() const; ///< a line a connection
    [[nodiscard]] QMenu *menu() const { return m_menu.get(); } ///< null: there is no icon

Q_SIGNALS:
    void messageChosen(); ///< the one that was told last
    void windowRequested();
    void connectionChosen(int index); ///< of setConnections()
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
