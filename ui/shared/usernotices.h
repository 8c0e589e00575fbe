// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include <functional>

class QLabel;

namespace slotscope {

class Theme;
class TrayEntry;

/// Tells the user something that he did not ask for: by the desktop where it has a tray that shows messages, else by a
/// card in the window, which also asks the desktop for attention.
class UserNotices final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(UserNotices)
public:
    UserNotices(const Theme &theme, QWidget *window);
    /// `show` leads to what it is about.
    void tell(const QString &title, const QString &text, const std::function<void()> &show);
    [[nodiscard]] TrayEntry *tray() const { return m_tray; }
    [[nodiscard]] QFrame *card() const { return m_card; }
    [[nodiscard]] QString text() const; ///< of the card; empty: it is not there

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void makeCard();
    void place();

    const Theme &m_theme;
    QWidget *m_window;
    TrayEntry *m_tray;
    QFrame *m_card = nullptr;
    QLabel *m_title = nullptr, *m_text = nullptr;
    std::function<void()> m_show;
};

} // namespace slotscope
