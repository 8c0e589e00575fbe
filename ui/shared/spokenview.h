// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAccessible>
#include <QRect>
#include <QString>

class QWidget;

namespace slotscope {

/// What a screen reader is told of a widget that paints its rows, cards or slots itself. The widget inherits this
/// beside its own base; its name is its accessible name. GUI thread.
class SpokenView
{
public:
    virtual ~SpokenView() = default;
    [[nodiscard]] virtual QAccessible::Role spokenRole() const = 0;
    /// The part that the keyboard stands on, in words; empty: on none.
    [[nodiscard]] virtual QString spokenPart() const = 0;
    /// Where that part is, on the viewport or the widget; empty: not known.
    [[nodiscard]] virtual QRect spokenPartRect() const { return {}; }
    [[nodiscard]] virtual QAccessible::Role spokenPartRole() const { return QAccessible::ListItem; }

protected:
    SpokenView() = default;
    SpokenView(const SpokenView &) = default;
    SpokenView &operator=(const SpokenView &) = default;
    /// The keyboard stands on another part of `view` now, or the words for it changed. Costs nothing where nobody
    /// listens.
    static void tellPart(QWidget *view);
};

/// Gives a field its accessible name; the text field inside a combo box that can be typed into has it too.
void nameField(QWidget *field, const QString &name);

/// From now on screen readers get a role, and for a SpokenView the current part, of every widget that paints itself;
/// and a name for the buttons inside Qt's fields. May be called again.
void installSpokenViews();

} // namespace slotscope
