// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QPointer>

namespace slotscope {

/// A panel that lies over the window until Esc, a click beside it or another try of what opened it. Keeps the keyboard
/// inside; gives the focus back where it was.
class Overlay : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Overlay)
public:
    /// `host` is the window that it lies over.
    explicit Overlay(QWidget *host);

    void openOver();
    void closeOver();
    void toggle();
    /// A click on what toggles this is not a click beside it.
    void addOpener(const QWidget *opener) { m_openers.append(opener); }
    [[nodiscard]] bool isOpen() const { return isVisible(); }

Q_SIGNALS:
    void closed();

protected:
    /// Where to lie, in the host's coordinates.
    [[nodiscard]] virtual QRect placeIn(const QRect &host) const = 0;
    virtual void aboutToOpen() { }
    void place();
    bool event(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    bool focusNextPrevChild(bool next) override;

private:
    QWidget *m_host;
    QList<const QWidget *> m_openers; ///< only compared
    QPointer<QWidget> m_before; ///< had the focus
};

} // namespace slotscope
