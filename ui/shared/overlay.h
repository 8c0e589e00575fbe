// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QPointer>

namespace slotscope {

/// A panel over the window that closes by Esc, a click outside, or a second activation of its opener. Keeps the focus
/// inside and restores it when closed.
class Overlay : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Overlay)
public:
    /// `host`: the window that it covers.
    explicit Overlay(QWidget *host);

    void openOver();
    void closeOver();
    void toggle();
    /// A click on the opener, which toggles the panel, does not count as outside.
    void addOpener(const QWidget *opener) { m_openers.append(opener); }
    [[nodiscard]] bool isOpen() const { return isVisible(); }

Q_SIGNALS:
    void closed();

protected:
    /// Position and size in the host's coordinates.
    [[nodiscard]] virtual QRect placeIn(const QRect &host) const = 0;
    virtual void aboutToOpen() { }
    void place();
    bool event(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    bool focusNextPrevChild(bool next) override;

private:
    QWidget *m_host;
    QList<const QWidget *> m_openers; ///< pointers are only compared
    QPointer<QWidget> m_before; ///< widget that had the focus
};

} // namespace slotscope
