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

/// Tells the user something that he did not ask for: by the desktop where it has a tray that shows messages, else by a
/// card in the window, which also asks the desktop for attention. The card has a place of its own: it covers nothing.
class UserNotices final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(UserNotices)
public:
    /// `place`: a layout of the window; the card comes at its end.
    UserNotices(const Theme &theme, QWidget *window, QBoxLayout *place);
    /// `show` leads to what it is about.
    void tell(const QString &title, const QString &text, const std::function<void()> &show);
    [[nodiscard]] TrayEntry *tray() const { return m_tray; }
    [[nodiscard]] QFrame *card() const { return m_card; }
    [[nodiscard]] QString text() const; ///< of the card; empty: it is not there

private:
    void makeCard();

    const Theme &m_theme;
    QWidget *m_window;
    QBoxLayout *m_place;
    TrayEntry *m_tray;
    QWidget *m_room = nullptr; ///< the card with its margins
    QFrame *m_card = nullptr;
    QLabel *m_title = nullptr, *m_text = nullptr;
    std::function<void()> m_show;
};

} // namespace slotscope
