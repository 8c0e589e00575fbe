// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include <functional>

class QBoxLayout;
class QLabel;
class QWidget;

namespace slotscope {

class Theme;
class TrayEntry;

/// Notifies the user of something unexpected: by the desktop if it has a tray that shows notifications, else by a card
/// in the window, which also requests attention from the desktop. The card has a place of its own and covers nothing.
class UserNotices final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(UserNotices)
public:
    /// `place`: a layout of the window; the card is added at its end.
    UserNotices(const Theme &theme, QWidget *window, QBoxLayout *place);
    /// Shows a notification; a click on it calls `show`, which opens what it is about.
    void tell(const QString &title, const QString &text, const std::function<void()> &show);
    [[nodiscard]] TrayEntry *tray() const { return m_tray; }
    [[nodiscard]] QFrame *card() const { return m_card; }
    [[nodiscard]] QString text() const; ///< text of the card; empty: there is no card

private:
    void makeCard();

    const Theme &m_theme;
    QWidget *m_window;
    QBoxLayout *m_place;
    TrayEntry *m_tray;
    QWidget *m_room = nullptr; ///< contains the card and its margins
    QFrame *m_card = nullptr;
    QLabel *m_title = nullptr, *m_text = nullptr;
    std::function<void()> m_show;
};

} // namespace slotscope
