// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAccessible>
#include <QRect>
#include <QString>

class QWidget;

namespace slotscope {

/// Text for screen readers of a widget that paints its rows, cards or slots itself. The widget inherits this in
/// addition to its base class; its name is its accessible name. GUI thread.
class SpokenView
{
public:
    virtual ~SpokenView() = default;
    [[nodiscard]] virtual QAccessible::Role spokenRole() const = 0;
    /// Text of the current part; empty: there is none.
    [[nodiscard]] virtual QString spokenPart() const = 0;
    /// Position of the current part in the viewport or the widget; empty: unknown.
    [[nodiscard]] virtual QRect spokenPartRect() const { return {}; }
    [[nodiscard]] virtual QAccessible::Role spokenPartRole() const { return QAccessible::ListItem; }

protected:
    SpokenView() = default;
    SpokenView(const SpokenView &) = default;
    SpokenView &operator=(const SpokenView &) = default;
    /// Reports that the current part of `view` or its text has changed. Costs nothing if no screen reader is active.
    static void tellPart(QWidget *view);
};

/// Sets the accessible name of a field, and of the text field inside an editable combo box.
void nameField(QWidget *field, const QString &name);

/// Installs the accessible objects: a role for every widget that paints itself, the current part of a SpokenView, and
/// names for the buttons inside Qt's fields. May be called more than once.
void installSpokenViews();

} // namespace slotscope
